import type { NewsElsewhere, ServerNews } from "./siblings.js";

/** Who hears what the others tell. */
export interface Listener {
  tell(news: NewsElsewhere): void;
}

/**
 * Passes on the news of each process to all others. Of open connections it tells each how many there are elsewhere, and not
 * how many more or less: who has missed something is right again at the next word.
 */
export interface Relay {
  add(member: Listener): void;
  pass(from: Listener, news: ServerNews): void;
  /** Tells a process of all connections elsewhere: it has begun to hear, or has missed something. */
  inform(member: Listener): void;
  /** Takes back for a process that has ended the connections that it can close no more. */
  remove(member: Listener): void;
}

export function createRelay(): Relay {
  const members = new Map<Listener, OpenConnections>();
  const all: OpenConnections = new Map();

  const pass = (from: Listener, { server, peers }: ServerNews) => {
    const own = members.get(from);
    if (own === undefined) return;
    for (const [key, , opened] of peers) for (const open of [own, all]) add(open, server, key, opened);
    for (const [member, open] of members) {
      if (member === from) continue;
      member.tell({
        server,
        isWhole: false,
        peers: peers.map(([key, spent]) => [key, spent, elsewhere(open, server, key)]),
      });
    }
  };
  const elsewhere = (own: OpenConnections, server: number, key: string) =>
    count(all, server, key) - count(own, server, key);

  return {
    add: (member) => void members.set(member, new Map()),
    pass,
    inform: (member) => {
      const own = members.get(member);
      if (own === undefined) return;
      for (const [server, open] of all) {
        const peers = [...open.keys()].map((key) => [key, 0, elsewhere(own, server, key)] as const);
        member.tell({ server, isWhole: true, peers: peers.filter(([, , count]) => count > 0) });
      }
    },
    remove: (member) => {
      for (const [server, open] of members.get(member) ?? []) {
        if (open.size > 0) pass(member, { server, peers: [...open].map(([key, count]) => [key, 0, -count]) });
      }
      members.delete(member);
    },
  };
}

/** How many connections of each peer are open at each server. */
type OpenConnections = Map<number, Map<string, number>>;

function count(open: OpenConnections, server: number, key: string): number {
  return open.get(server)?.get(key) ?? 0;
}

function add(open: OpenConnections, server: number, key: string, opened: number): void {
  const peers = open.get(server) ?? new Map<string, number>();
  open.set(server, peers);
  const sum = (peers.get(key) ?? 0) + opened;
  if (sum === 0) peers.delete(key);
  else peers.set(key, sum);
}
