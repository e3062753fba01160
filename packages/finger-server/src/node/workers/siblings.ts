import type { PeerAccounts, PeerElsewhere, PeerNews, Siblings } from "../../server/peer-accounts.js";

/** What the n-th server of a process tells of its peers to the n-th of each other: they run the same program. */
export interface ServerNews {
  readonly server: number;
  readonly peers: readonly PeerNews[];
}

/** What the n-th server of a process hears of its peers at all others. */
export interface NewsElsewhere {
  readonly server: number;
  readonly peers: readonly PeerElsewhere[];
  /** Whether who is not among them has no connection elsewhere. */
  readonly isWhole: boolean;
}

/** The siblings as the worker sees them that carries their news. */
export interface NewsCarrier extends Siblings {
  hear(news: NewsElsewhere): void;
}

/**
 * Carries news between the servers of this process and their siblings.
 *
 * @param tell - Takes news to all siblings.
 */
export function createSiblings(count: number, tell: (news: ServerNews) => void): NewsCarrier {
  /** Held weakly: a server that nobody needs any more hears nothing. */
  const servers: WeakRef<PeerAccounts>[] = [];

  const join = (accounts: PeerAccounts) => {
    const server = servers.push(new WeakRef(accounts)) - 1;
    const send = () => {
      const peers = accounts.takeNews();
      if (peers.length > 0) tell({ server, peers });
    };
    return () => void setTimeout(send, COLLECT).unref();
  };

  return { count, join, hear: ({ server, peers, isWhole }) => servers[server]?.deref()?.hear(peers, isWhole) };
}

/**
 * The siblings of this process: set while it is a worker, for every server that is made in it. A program makes its servers in
 * many places, and none of them should have to pass on what only `runWorkers` knows.
 */
let current: Siblings | undefined;

export function currentSiblings(): Siblings | undefined {
  return current;
}

export function setSiblings(siblings: Siblings | undefined): void {
  current = siblings;
}

/** How long news are collected, in milliseconds. Meanwhile a peer may take of each sibling as much as of one alone. */
const COLLECT = 100;
