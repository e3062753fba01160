import { memoryPair, memoryProvider } from "finger-server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createServer, type FingerServer } from "../../server/server.js";
import { serveDuplex } from "../inherited.js";
import { listenOnSockets } from "../listen.js";
import { createRelay, type Listener } from "./relay.js";
import { createSiblings } from "./siblings.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const PEER = { address: "192.0.2.1", port: undefined };
const ALICE = { kind: "user", user: "alice", verbose: false } as const;
const MALLORY = { ...ALICE, user: "mallory" };

/** So many processes in one, each with so many servers; `end` is the death of one, and a deaf one misses what `tell` tells it. */
function createProcesses(limits: object, { count = 2, servers = 1 } = {}) {
  const relay = createRelay();
  return Array.from({ length: count }, () => {
    const siblings = createSiblings(count, (news) => relay.pass(member, news));
    let isDeaf = false;
    const tell = vi.fn<Listener["tell"]>((news) => {
      if (!isDeaf) siblings.hear(JSON.parse(JSON.stringify(news)));
    });
    const member: Listener = { tell };
    const deafen = (isNow: boolean) => {
      isDeaf = isNow;
    };
    relay.add(member);
    const create = () =>
      createServer(
        { provider: memoryProvider({ alice: "Happy and well" }), limits: limits as never },
        { listen: listenOnSockets, serveDuplex },
        siblings,
      );
    const [end, inform] = [() => relay.remove(member), () => relay.inform(member)];
    return { servers: Array.from({ length: servers }, create), end, deafen, inform, tell };
  });
}

/** Asks until it is refused, and tells how often it was answered. */
async function askOut(server: FingerServer, query = ALICE as typeof ALICE | typeof MALLORY): Promise<number> {
  for (let answers = 0; ; answers++) if (/too many/i.test(String(await server.respond(query, PEER)))) return answers;
}

const hearNews = () => vi.advanceTimersByTimeAsync(100);

describe("the rate of siblings", () => {
  it("is one for all: what was spent at one is spent at the others", async () => {
    const [first, second, third] = createProcesses({ rate: 30 }, { count: 3 }).map(({ servers }) => servers[0]);
    expect(await askOut(first as FingerServer)).toBe(10);
    await hearNews();
    expect(await askOut(second as FingerServer)).toBe(0);
    expect(await askOut(third as FingerServer)).toBe(0);
  });

  it("comes back for all as it does for one", async () => {
    const [first, second] = createProcesses({ rate: 30 }).map(({ servers }) => servers[0]);
    await askOut(first as FingerServer);
    await hearNews();
    await vi.advanceTimersByTimeAsync(4000);
    expect(await askOut(second as FingerServer)).toBe(2);
  });

  it("counts a name that is not known as three elsewhere, too", async () => {
    const [first, second] = createProcesses({ rate: 30 }).map(({ servers }) => servers[0]);
    await first?.respond(MALLORY, PEER);
    await hearNews();
    expect(await askOut(second as FingerServer)).toBe(7);
  });

  it("is spent by all peers together where it is so high that nobody looks at who asks", async () => {
    const [first, second] = createProcesses({ rate: 3000 }).map(({ servers }) => servers[0]);
    expect(await askOut(first as FingerServer)).toBe(2000);
    await hearNews();
    expect(await askOut(second as FingerServer)).toBeLessThan(20);
  });

  it("is another for each server of a program", async () => {
    const [first, second] = createProcesses({ rate: 30 }, { servers: 2 });
    await askOut(first?.servers[1] as FingerServer);
    await hearNews();
    expect(await askOut(second?.servers[0] as FingerServer)).toBe(10);
    expect(await askOut(second?.servers[1] as FingerServer)).toBe(0);
  });

  it("is not talked about where there is none", async () => {
    const [first] = createProcesses({ rate: false });
    await first?.servers[0]?.respond(ALICE, PEER);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the connections of siblings", () => {
  /** Opens a connection that stays; tells whether it was let in. */
  async function hold(server: FingerServer | undefined, peer = PEER) {
    const [near, far] = memoryPair();
    void server?.handle(far, peer).catch(() => {});
    const reader = near.readable.getReader();
    const left = reader.read().then(() => false);
    const stays = () => Promise.race([left, vi.advanceTimersByTimeAsync(10).then(() => true)]);
    return { isIn: await stays(), stays, close: () => near.writable.close() };
  }

  async function holdAll(server: FingerServer | undefined, count: number) {
    const held = [];
    for (let index = 0; index < count; index++) held.push(await hold(server));
    return held;
  }

  const countIn = (held: readonly { isIn: boolean }[]) => held.filter(({ isIn }) => isIn).length;

  it("of one peer count for the others", async () => {
    const [first, second] = createProcesses({ perPeer: 8 }).map(({ servers }) => servers[0]);
    expect(countIn(await holdAll(first, 6))).toBe(6);
    await hearNews();
    expect(countIn(await holdAll(second, 8))).toBe(2);
    await hearNews();
    expect(countIn(await holdAll(first, 1))).toBe(0);
  });

  it("count also where each of many has few", async () => {
    const processes = createProcesses({ perPeer: 8 }, { count: 8 }).map(({ servers }) => servers[0]);
    let letIn = 0;
    for (const server of [...processes, ...processes]) {
      letIn += countIn(await holdAll(server, 1));
      await hearNews();
    }
    expect(letIn).toBe(8);
  });

  it("are told to one that begins later", async () => {
    const [first, second] = createProcesses({ perPeer: 8 });
    second?.deafen(true);
    await holdAll(first?.servers[0], 7);
    await hearNews();
    second?.deafen(false);
    second?.inform();
    expect(countIn(await holdAll(second?.servers[0], 8))).toBe(1);
  });

  it("are known again to one that has missed their end", async () => {
    const [first, second] = createProcesses({ perPeer: 8 });
    const held = await holdAll(first?.servers[0], 8);
    await hearNews();
    second?.deafen(true);
    for (const { close } of held) await close();
    await hearNews();
    await hearNews();
    second?.deafen(false);
    expect(countIn(await holdAll(second?.servers[0], 1))).toBe(0);
    second?.inform();
    expect(countIn(await holdAll(second?.servers[0], 9))).toBe(8);
  });

  it("are known again with the next news of their peer", async () => {
    const [first, second] = createProcesses({ perPeer: 8 });
    await holdAll(first?.servers[0], 2);
    await hearNews();
    second?.deafen(true);
    await holdAll(first?.servers[0], 4);
    await hearNews();
    second?.deafen(false);
    await holdAll(first?.servers[0], 1);
    await hearNews();
    expect(countIn(await holdAll(second?.servers[0], 8))).toBe(1);
  });

  it("are not talked about where their number does not matter", async () => {
    const [first, second] = createProcesses({ perPeer: false, rate: false });
    expect(countIn(await holdAll(first?.servers[0], 9))).toBe(9);
    await hearNews();
    expect(second?.tell).not.toHaveBeenCalled();
  });

  it("are forgotten when their process dies", async () => {
    const [first, second] = createProcesses({ perPeer: 8 });
    await holdAll(first?.servers[0], 8);
    await hearNews();
    first?.end();
    expect(countIn(await holdAll(second?.servers[0], 9))).toBe(8);
  });

  it("are free again elsewhere when they are closed", async () => {
    const [first, second] = createProcesses({ perPeer: 8 }).map(({ servers }) => servers[0]);
    const held = await holdAll(first, 8);
    await hearNews();
    for (const { close } of held) await close();
    await hearNews();
    await hearNews();
    expect(countIn(await holdAll(second, 9))).toBe(8);
  });

  it("are divided among them, rounded up", async () => {
    const [first] = createProcesses({ connections: 5, perPeer: false }).map(({ servers }) => servers[0]);
    const held = await holdAll(first, 4);
    // The fourth has the place of the first, which has said nothing.
    expect(await Promise.all(held.map(({ stays }) => stays()))).toEqual([false, true, true, true]);
  });
});
