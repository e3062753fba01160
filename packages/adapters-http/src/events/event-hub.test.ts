import type { UserChange } from "finger-server";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { resolveLimits } from "../limits/limits.js";
import type { HttpLimits } from "../options.js";
import { createEventHub } from "./event-hub.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const HERE = { address: undefined, port: undefined };

/** A hub, and what makes users change. */
function open(limits: HttpLimits = {}) {
  const watchers = new Set<{ put(change: UserChange): void; fail(error: Error): void }>();
  const errors: unknown[] = [];
  const watch = (signal: AbortSignal): AsyncIterable<UserChange> => ({
    async *[Symbol.asyncIterator]() {
      const queue: Array<UserChange | Error> = [];
      let wake = () => {};
      const deliver = (news: UserChange | Error) => {
        queue.push(news);
        wake();
      };
      const watcher = {
        put: (change: UserChange) => deliver(change),
        fail: (error: Error) => deliver(error),
      };
      watchers.add(watcher);
      signal.addEventListener("abort", () => wake());
      try {
        while (!signal.aborted) {
          const next = queue.shift();
          if (next instanceof Error) throw next;
          if (next !== undefined) yield next;
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        watchers.delete(watcher);
      }
    },
  });
  const hub = createEventHub(
    watch,
    async (login) => login !== "hidden",
    resolveLimits(limits),
    (error) => errors.push(error),
  );
  const change = async (login: string | undefined) => {
    await settle();
    for (const watcher of watchers) watcher.put({ login });
    await settle();
  };
  const fail = async (error: Error) => {
    for (const watcher of watchers) watcher.fail(error);
    await settle();
  };
  return { hub, change, fail, errors, watchers };
}

/** Lets all go on that waits for nothing but a turn. */
async function settle() {
  await vi.advanceTimersByTimeAsync(0);
}

/** Reads a stream, as a peer that keeps up does. */
function read(stream: AsyncIterable<string>, said: string[] = []): string[] {
  void (async () => {
    for await (const piece of stream) said.push(piece);
    said.push("end");
  })();
  return said;
}

const changes = (said: readonly string[]) =>
  said.flatMap((piece) => [...piece.matchAll(/^data: (.*)$/gm)].map(([, data]) => data));

it("begins with how long to wait before the reader comes again, and the id of the moment", async () => {
  const { hub } = open();
  const said = read(hub.prepare()(HERE, undefined, undefined));
  await settle();
  expect(said).toEqual([expect.stringMatching(/^retry: [2-6]\d{3}\nid: \w+-0\n\n$/)]);
});

it("tells who has changed, to those who want to know of that user", async () => {
  const { hub, change } = open();
  const all = read(hub.prepare()(HERE, undefined, undefined));
  const alice = read(hub.prepare()(HERE, "alice", undefined));
  await change("alice");
  await change("bob");
  await change(undefined);
  expect(changes(all)).toEqual(['{"login":"alice"}', '{"login":"bob"}', '{"login":null}']);
  expect(changes(alice)).toEqual(['{"login":"alice"}', '{"login":null}']);
});

it("names nobody who is not for all to those who have not named them", async () => {
  const { hub, change } = open();
  const all = read(hub.prepare()(HERE, undefined, undefined));
  const hidden = read(hub.prepare()(HERE, "hidden", undefined));
  await change("hidden");
  expect([changes(all), changes(hidden)]).toEqual([['{"login":null}'], ['{"login":"hidden"}']]);
});

it("writes a login so that it can end no line", async () => {
  const { hub, change } = open();
  const said = read(hub.prepare()(HERE, undefined, undefined));
  await change('a"\n\ndata: {}\r');
  expect(changes(said)).toEqual([JSON.stringify({ login: 'a"\n\ndata: {}\r' })]);
});

it("tells a reader that has missed something that anybody may have changed, and no other", async () => {
  const { hub, change } = open();
  const said = read(hub.prepare()(HERE, undefined, undefined));
  await change("alice");
  const id = /^id: (.*)$/m.exec(said.at(-1) ?? "")?.[1];
  const again = read(hub.prepare()(HERE, undefined, id));
  const late = read(hub.prepare()(HERE, undefined, id?.replace(/1$/, "0")));
  await settle();
  expect([changes(again), changes(late)]).toEqual([[], ['{"login":null}']]);
});

it("tells one who reads slowly of each user once, and of very many as anybody", async () => {
  const { hub, change } = open();
  const [slow, slower] = [hub.prepare()(HERE, undefined, undefined), hub.prepare()(HERE, undefined, undefined)];
  for (const login of ["a", "b", "a"]) await change(login);
  const [said] = [read(slow)];
  await settle();
  expect(changes(said)).toEqual(['{"login":"b"}', '{"login":"a"}']);
  for (let index = 0; index < 98; index++) await change(`user${index}`);
  await change("one more");
  const more = read(slower);
  await settle();
  expect(changes(more)).toEqual(['{"login":null}']);
});

it("says every fifteen seconds that it is still there", async () => {
  const { hub } = open();
  const said = read(hub.prepare()(HERE, undefined, undefined));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(said.slice(1)).toEqual([": still here\n\n", ": still here\n\n"]);
});

it("watches while somebody listens, and no longer", async () => {
  const { hub, watchers } = open();
  expect(watchers.size).toBe(0);
  const streams = [hub.prepare()(HERE, undefined, undefined), hub.prepare()(HERE, undefined, undefined)].map((stream) =>
    stream[Symbol.asyncIterator](),
  );
  await settle();
  expect(watchers.size).toBe(1);
  for (const stream of streams) await stream.return?.();
  await settle();
  expect([watchers.size, vi.getTimerCount()]).toEqual([0, 0]);
});

it("ends all streams when it is closed, and opens others", async () => {
  const { hub, change } = open();
  const said = read(hub.prepare()(HERE, undefined, undefined));
  await settle();
  hub.close();
  await settle();
  expect(said.at(-1)).toBe("end");
  const again = read(hub.prepare()(HERE, undefined, undefined));
  await change("alice");
  expect(changes(again)).toEqual(['{"login":"alice"}']);
});

it("opens nothing that was asked for before it was closed", async () => {
  const { hub, watchers } = open();
  const late = hub.prepare();
  hub.close();
  expect(read(late(HERE, undefined, undefined))).toEqual([]);
  await settle();
  expect(watchers.size).toBe(0);
});

it("watches again when that has failed, and tells that anybody may have changed", async () => {
  const { hub, fail, change, errors } = open();
  const said = read(hub.prepare()(HERE, undefined, undefined));
  await settle();
  const error = new Error("no");
  await fail(error);
  expect(errors).toEqual([error]);
  await vi.advanceTimersByTimeAsync(1000);
  await change("alice");
  expect(changes(said)).toEqual(['{"login":null}', '{"login":"alice"}']);
});

it("lets so many listen, and so many of one peer", async () => {
  const { hub } = open({ streams: 3, streamsPerPeer: 2 });
  const peer = { address: "192.0.2.1", port: 1 };
  const [first] = [hub.prepare()(peer, undefined, undefined), hub.prepare()(peer, undefined, undefined)];
  expect(() => hub.prepare()(peer, undefined, undefined)).toThrow(expect.objectContaining({ status: 429 }));
  hub.prepare()(HERE, undefined, undefined);
  expect(() => hub.prepare()(HERE, undefined, undefined)).toThrow(expect.objectContaining({ status: 503 }));
  await first?.[Symbol.asyncIterator]().return?.();
  hub.prepare()(peer, undefined, undefined);
});
