import fc from "fast-check";
import { beforeEach, expect, it, vi } from "vitest";
import { memoryProvider } from "../memory-provider.js";
import { type Answer, type LookupContext, type LookupProvider, NOBODY, type UserChange } from "../provider.js";
import { type CacheOptions, cached } from "./cached.js";

let time = 0;
const now = () => time;
beforeEach(() => {
  time = 0;
});

const toContext = (signal: AbortSignal = new AbortController().signal, verbose = false): LookupContext => ({
  verbose,
  peer: NOBODY,
  signal,
});
const context = toContext();

/** A context whose signal must not be looked at. */
const unwatched: LookupContext = {
  verbose: false,
  peer: NOBODY,
  get signal(): AbortSignal {
    throw new Error("The signal was touched.");
  },
};

/** A provider whose lookups wait until they are answered, one by one. */
function createSlow() {
  const lookups: Array<{
    name: string;
    context: LookupContext;
    resolve: (answer: Answer | undefined) => void;
    reject: (error: unknown) => void;
  }> = [];
  const lookup = (name: string, given: LookupContext) =>
    new Promise<Answer | undefined>((resolve, reject) => void lookups.push({ name, context: given, resolve, reject }));
  return { lookup, lookups };
}

/** Lets all that is ready to run do so. */
const settle = () => new Promise(setImmediate);

/** A provider that counts: its answer tells how often it was asked. */
function createCounter(answer: (count: number) => Answer | undefined = (count) => `answer ${count}`) {
  let count = 0;
  return { lookup: vi.fn(async (_name: string, _context: LookupContext) => answer(++count)) };
}

const OPTIONS: CacheOptions = { ttl: 10, stale: 100, negativeTtl: 3, now };

const AGES: ReadonlyArray<readonly [age: number, answer: string, asked: number, why: string]> = [
  [0, "answer 1", 1, "it is new"],
  [9, "answer 1", 1, "it is fresh"],
  [10, "answer 1", 2, "it is stale: it is given, and fetched anew"],
  [109, "answer 1", 2, "it is stale to the end"],
  [110, "answer 2", 2, "it is too old, and a new one is waited for"],
];

it.each(AGES)("gives after %i ms %j, and has asked %i times: %s", async (age, answer, asked) => {
  const counter = createCounter();
  const provider = cached(counter, OPTIONS);
  await provider.lookup("alice", context);
  time = age;
  expect(await provider.lookup("alice", context)).toBe(answer);
  expect(counter.lookup).toHaveBeenCalledTimes(asked);
});

it("gives what was fetched in the background to the next, and for as long as any other", async () => {
  const counter = createCounter();
  const provider = cached(counter, OPTIONS);
  await provider.lookup("alice", context);
  time = 50;
  await provider.lookup("alice", context);
  await settle();
  expect(await provider.lookup("alice", context)).toBe("answer 2");
  time = 59;
  expect(await provider.lookup("alice", context)).toBe("answer 2");
  expect(counter.lookup).toHaveBeenCalledTimes(2);
});

it.each([undefined, []])("remembers that a name is not known (%j) for a short time only", async (unknown) => {
  const counter = createCounter((count) => (count === 1 ? unknown : "here"));
  const provider = cached(counter, OPTIONS);
  expect(await provider.lookup("alice", context)).toEqual(unknown);
  time = 2;
  expect(await provider.lookup("alice", context)).toEqual(unknown);
  expect(counter.lookup).toHaveBeenCalledTimes(1);
  time = 3;
  expect(await provider.lookup("alice", context)).toBe("here");
});

it("does not look at the signal of one who need not wait", async () => {
  const provider = cached(createCounter(), OPTIONS);
  await provider.lookup("alice", context);
  expect(await provider.lookup("alice", unwatched)).toBe("answer 1");
  time = 50;
  expect(await provider.lookup("alice", unwatched)).toBe("answer 1");
  await expect(provider.lookup("bob", unwatched)).rejects.toThrow("was touched");
});

it("fetches once in the background at a time", async () => {
  const { lookup, lookups } = createSlow();
  const provider = cached({ lookup }, OPTIONS);
  const first = provider.lookup("alice", toContext());
  lookups[0]?.resolve("old");
  await first;
  time = 50;
  for (let count = 0; count < 3; count++) expect(await provider.lookup("alice", context)).toBe("old");
  expect(lookups).toHaveLength(2);
});

it("keeps the old answer when fetching fails, tells of it, and gives it up when it is too old", async () => {
  const errors: unknown[] = [];
  const lookup = vi.fn(async (): Promise<string> => {
    throw new Error(`broken ${lookup.mock.calls.length}`);
  });
  lookup.mockResolvedValueOnce("old");
  const provider = cached({ lookup }, { ...OPTIONS, onError: (error) => errors.push(error) });
  await provider.lookup("alice", context);
  time = 50;
  expect(await provider.lookup("alice", context)).toBe("old");
  await settle();
  expect(errors).toMatchObject([{ message: "broken 2" }]);
  expect(await provider.lookup("alice", context)).toBe("old");
  await settle();
  time = 110;
  await expect(provider.lookup("alice", context)).rejects.toThrow("broken 4");
  expect(errors).toHaveLength(2);
});

it("does not remember an error", async () => {
  const lookup = vi.fn(async () => "here");
  lookup.mockRejectedValueOnce(new Error("broken"));
  const provider = cached({ lookup }, OPTIONS);
  await expect(provider.lookup("alice", context)).rejects.toThrow("broken");
  expect(await provider.lookup("alice", context)).toBe("here");
});

it("asks once for all who ask at the same time, and apart for other names and for /W", async () => {
  const { lookup, lookups } = createSlow();
  const provider = cached({ lookup }, OPTIONS);
  const same = [1, 2, 3].map(() => provider.lookup("alice", toContext()));
  const others = [provider.lookup("bob", toContext()), provider.lookup("alice", toContext(undefined, true))];
  expect(lookups.map(({ name, context: { verbose } }) => [name, verbose])).toEqual([
    ["alice", false],
    ["bob", false],
    ["alice", true],
  ]);
  for (const { name, context: given, resolve } of lookups) resolve(`${name} ${given.verbose}`);
  expect(await Promise.all([...same, ...others])).toEqual([
    "alice false",
    "alice false",
    "alice false",
    "bob false",
    "alice true",
  ]);
});

it("lets one who leaves go alone, and the others have their answer", async () => {
  const { lookup, lookups } = createSlow();
  const provider = cached({ lookup }, OPTIONS);
  const leaver = new AbortController();
  const left = expect(provider.lookup("alice", toContext(leaver.signal))).rejects.toMatchObject({
    code: "ERR_FINGER_ABORTED",
    cause: "bye",
  });
  const stays = provider.lookup("alice", toContext());
  leaver.abort("bye");
  await left;
  expect(lookups[0]?.context.signal.aborted).toBe(false);
  lookups[0]?.resolve("Hi");
  expect(await stays).toBe("Hi");
});

it("aborts the lookup when all have gone, and asks again for the next", async () => {
  const onError = vi.fn();
  const { lookup, lookups } = createSlow();
  const provider = cached({ lookup }, { ...OPTIONS, onError });
  const leavers = [new AbortController(), new AbortController()];
  const left = leavers.map(({ signal }) => provider.lookup("alice", toContext(signal)));
  const failed = Promise.allSettled(left);
  for (const leaver of leavers) leaver.abort();
  expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(lookups[0]?.context.signal.aborted).toBe(true);
  lookups[0]?.reject(new Error("aborted"));
  const next = provider.lookup("alice", toContext());
  lookups[1]?.resolve("Hi");
  expect(await next).toBe("Hi");
  expect(onError).not.toHaveBeenCalled();
});

it("does not remember what comes of a lookup that all have left", async () => {
  const { lookup, lookups } = createSlow();
  const provider = cached({ lookup }, OPTIONS);
  const leaver = new AbortController();
  const left = expect(provider.lookup("alice", toContext(leaver.signal))).rejects.toThrow("Nobody waits");
  leaver.abort();
  await left;
  lookups[0]?.resolve("half of it");
  await settle();
  const next = provider.lookup("alice", toContext());
  lookups[1]?.resolve("all of it");
  expect(await next).toBe("all of it");
});

it("asks nothing for one who has gone already", async () => {
  const { lookup, lookups } = createSlow();
  await expect(cached({ lookup }).lookup("alice", toContext(AbortSignal.abort()))).rejects.toThrow("Nobody waits");
  expect(lookups).toEqual([]);
});

it("leaves no listener on the signal of one who got an answer", async () => {
  const { signal } = new AbortController();
  const [add, remove] = [vi.spyOn(signal, "addEventListener"), vi.spyOn(signal, "removeEventListener")];
  await cached(createCounter()).lookup("alice", toContext(signal));
  expect(add).toHaveBeenCalledOnce();
  expect(remove.mock.calls[0]?.[1]).toBe(add.mock.calls[0]?.[1]);
});

it("leaves a lookup in the background that hangs for a new one, once somebody waited for it in vain", async () => {
  const { lookup, lookups } = createSlow();
  const provider = cached({ lookup }, OPTIONS);
  const first = provider.lookup("alice", toContext());
  lookups[0]?.resolve("old");
  await first;
  time = 50;
  await provider.lookup("alice", context);
  time = 1000;
  const leaver = new AbortController();
  const failed = expect(provider.lookup("alice", toContext(leaver.signal))).rejects.toThrow("Nobody waits");
  expect(lookups).toHaveLength(2);
  leaver.abort();
  await failed;
  const next = provider.lookup("alice", toContext());
  lookups[2]?.resolve("new");
  expect(await next).toBe("new");
});

/** A provider of streams that know when they are closed, and of the signals they live under. */
function createStreams() {
  const streams: Array<AsyncIterable<string>> = [];
  const close = vi.fn(async (_index: number) => ({ done: true as const, value: undefined }));
  const signals: AbortSignal[] = [];
  const lookup = async (_name: string, { signal }: LookupContext) => {
    const index = streams.length;
    const next = async () => ({ done: false as const, value: "" });
    const stream = { [Symbol.asyncIterator]: () => ({ next, return: () => close(index) }) };
    signals.push(signal);
    streams.push(stream);
    return stream;
  };
  return { lookup, streams, signals, close };
}

it("gives a stream of their own to all who ask, and aborts it when its reader leaves", async () => {
  const { lookup, streams, signals, close } = createStreams();
  const provider = cached({ lookup }, OPTIONS);
  const readers = [new AbortController(), new AbortController()];
  const given = await Promise.all(readers.map(({ signal }) => provider.lookup("log", toContext(signal))));
  given.push(await provider.lookup("log", toContext()));
  expect(new Set(given).size).toBe(3);
  expect(new Set(streams)).toEqual(new Set(given));
  expect(close).not.toHaveBeenCalled();
  const of = (reader: number) => signals[streams.indexOf(given[reader] as AsyncIterable<string>)];
  readers[0]?.abort();
  expect([of(0)?.aborted, of(1)?.aborted]).toEqual([true, false]);
  readers[1]?.abort();
  expect([of(1)?.aborted, of(2)?.aborted]).toEqual([true, false]);
});

it("closes a stream that nobody waits for any more", async () => {
  const { streams, lookup: makeStream, close } = createStreams();
  const { lookup, lookups } = createSlow();
  const leaver = new AbortController();
  const failed = expect(cached({ lookup }).lookup("log", toContext(leaver.signal))).rejects.toThrow("Nobody waits");
  leaver.abort();
  await failed;
  lookups[0]?.resolve(await makeStream("log", context));
  await settle();
  expect([streams.length, close.mock.calls.length]).toEqual([1, 1]);
});

it("closes a stream that came in the background, forgets the old answer, and gives the next asker another", async () => {
  const { streams, lookup: makeStream, close } = createStreams();
  const lookup = vi.fn(makeStream);
  lookup.mockResolvedValueOnce("old" as never);
  const provider = cached({ lookup }, OPTIONS);
  await provider.lookup("log", context);
  time = 50;
  expect(await provider.lookup("log", context)).toBe("old");
  await settle();
  expect(close.mock.calls).toEqual([[0]]);
  expect(await provider.lookup("log", context)).toBe(streams[1]);
});

it("tells peers apart by the key, when it is given one", async () => {
  const provider = cached((_name, { peer }) => `you are ${peer.address}`, {
    key: (name, { peer }) => `${name} ${peer.address}`,
  });
  const from = (address: string) => ({ ...context, peer: { address, port: 1 } });
  const ask = (address: string) => provider.lookup("whoami", from(address));
  expect([await ask("192.0.2.1"), await ask("192.0.2.2")]).toEqual(["you are 192.0.2.1", "you are 192.0.2.2"]);
});

it("remembers lists, apart from names", async () => {
  const list = vi.fn(async () => [{ login: "alice" }]);
  const lookup = vi.fn(async () => "the empty name");
  const provider = cached({ lookup, list }, OPTIONS);
  expect(await provider.list?.(context)).toEqual([{ login: "alice" }]);
  expect(await provider.list?.(unwatched)).toEqual([{ login: "alice" }]);
  expect(await provider.lookup("", context)).toBe("the empty name");
  expect(list).toHaveBeenCalledOnce();
});

it("offers only what the provider offers", () => {
  expect(Object.keys(cached(() => "Hi")).sort()).toEqual(["clear", "lookup"]);
});

const FORGOTTEN: ReadonlyArray<readonly [login: string | undefined, asked: readonly string[], why: string]> = [
  [undefined, ["alice", "boss", "everyone", "bob", "gone"], "everything"],
  ["alice", ["alice", "boss", "everyone"], "whatever name her record was found by"],
  ["bob", ["everyone", "bob"], "an answer of several records with it"],
  ["gone", ["gone"], "that there is no such user"],
  ["other", [], "nothing else"],
];

it.each(FORGOTTEN)("forgets for %s what was found for %j: %s", async (login, asked) => {
  const [alice, bob] = [{ login: "alice" }, { login: "bob" }];
  const answers: Record<string, Answer> = { alice, boss: alice, everyone: [alice, bob], bob };
  const lookup = vi.fn(async (name: string) => answers[name]);
  const list = vi.fn(async () => [alice]);
  const provider = cached({ lookup, list }, OPTIONS);
  const askAll = async () => {
    for (const name of ["alice", "boss", "everyone", "bob", "gone"]) await provider.lookup(name, context);
    await provider.list?.(context);
  };
  await askAll();
  lookup.mockClear();
  provider.clear(login);
  await askAll();
  expect(lookup.mock.calls.map(([name]) => name)).toEqual(asked);
  expect(list).toHaveBeenCalledTimes(2);
});

const CHANGES: ReadonlyArray<readonly [login: string | undefined, why: string]> = [
  ["alice", "its name"],
  [undefined, "everything"],
  ["boss", "the login of the record that it brings"],
];

it.each(CHANGES)("does not remember what a lookup brings that began before a change of %s: %s", async (login) => {
  const { lookup, lookups } = createSlow();
  const provider = cached({ lookup }, OPTIONS);
  const before = provider.lookup("alice", toContext());
  provider.clear(login);
  lookups[0]?.resolve({ login: "boss", status: "before" });
  expect(await before).toMatchObject({ status: "before" });
  const after = provider.lookup("alice", toContext());
  lookups[1]?.resolve({ login: "boss", status: "after" });
  expect(await after).toMatchObject({ status: "after" });
});

it("neither remembers nor shares a list that was asked for before a change of anybody", async () => {
  const lists = [[{ login: "alice" }], [{ login: "bob" }]];
  const list = vi.fn(async () => lists.shift() ?? []);
  const provider = cached({ lookup: async () => undefined, list }, OPTIONS);
  const before = provider.list?.(context);
  provider.clear("carol");
  const after = provider.list?.(context);
  expect([await before, await after]).toEqual([[{ login: "alice" }], [{ login: "bob" }]]);
  expect(await provider.list?.(context)).toEqual([{ login: "bob" }]);
});

it("keeps the newer of two lookups when the older fails", async () => {
  const { lookup, lookups } = createSlow();
  const provider = cached({ lookup }, OPTIONS);
  const before = expect(provider.lookup("alice", toContext())).rejects.toThrow("broken");
  provider.clear("alice");
  const after = provider.lookup("alice", toContext());
  lookups[0]?.reject(new Error("broken"));
  await before;
  await settle();
  const third = provider.lookup("alice", toContext());
  expect(lookups).toHaveLength(2);
  lookups[1]?.resolve("after");
  expect([await after, await third]).toEqual(["after", "after"]);
});

it("does not let those who come after a change wait for what was asked before it", async () => {
  const { lookup, lookups } = createSlow();
  const provider = cached({ lookup }, OPTIONS);
  const before = provider.lookup("alice", toContext());
  provider.clear("alice");
  const after = provider.lookup("alice", toContext());
  lookups[1]?.resolve("after");
  lookups[0]?.resolve("before");
  expect([await before, await after]).toEqual(["before", "after"]);
  expect(await provider.lookup("alice", context)).toBe("after");
});

it("forgets who has changed before it passes the change on", async () => {
  let status = "before";
  let change = (_change: UserChange) => {};
  const source: LookupProvider = {
    lookup: async (login) => ({ login, status }),
    watch: async function* () {
      yield await new Promise<UserChange>((resolve) => {
        change = resolve;
      });
    },
  };
  const provider = cached(source, OPTIONS);
  await provider.lookup("alice", context);
  const changes = provider.watch?.(context.signal)[Symbol.asyncIterator]();
  const next = changes?.next();
  status = "after";
  change({ login: "alice" });
  expect((await next)?.value).toEqual({ login: "alice" });
  expect(await provider.lookup("alice", context)).toEqual({ login: "alice", status: "after" });
});

it("remembers a bounded number of answers, the last ones", async () => {
  const lookup = vi.fn(async (name: string) => name);
  const provider = cached({ lookup }, { ...OPTIONS, max: 10 });
  for (let index = 0; index < 100; index++) await provider.lookup(`user${index}`, context);
  lookup.mockClear();
  for (let index = 99; index >= 90; index--) await provider.lookup(`user${index}`, context);
  expect(lookup).not.toHaveBeenCalled();
  for (let index = 0; index < 80; index++) await provider.lookup(`user${index}`, context);
  expect(lookup).toHaveBeenCalledTimes(80);
});

it("has no more lookups in the background than it keeps answers", async () => {
  const { lookup, lookups } = createSlow();
  const provider = cached({ lookup }, { ...OPTIONS, max: 3 });
  for (let index = 0; index < 10; index++) {
    const first = provider.lookup(`user${index}`, toContext());
    lookups.at(-1)?.resolve("old");
    await first;
    time += 50;
    expect(await provider.lookup(`user${index}`, context)).toBe("old");
  }
  expect(lookups).toHaveLength(10 + 3);
});

const BAD: ReadonlyArray<readonly [options: CacheOptions, message: string]> = [
  [{ ttl: -1 }, "The option ttl must be a number of milliseconds from 0, but is -1."],
  [{ stale: Number.NaN }, "The option stale must"],
  [{ negativeTtl: "soon" as never }, "The option negativeTtl must"],
  [{ max: 0 }, "The option max must be a positive whole number, but is 0."],
  [{ max: 1.5 }, "The option max"],
];

it.each(BAD)("refuses the options %j", (options, message) => {
  expect(() => cached(() => "", options)).toThrow(RangeError);
  expect(() => cached(() => "", options)).toThrow(message);
});

it("takes undefined for the default, and 0 for not at all", async () => {
  const provider = cached(memoryProvider({ alice: "Hi" }), { ttl: undefined, max: undefined, onError: undefined });
  expect(await provider.lookup("alice", context)).toEqual({ login: "alice", status: "Hi" });
  const counter = createCounter();
  const off = cached(counter, { ttl: 0, stale: 0, now });
  await off.lookup("alice", context);
  expect(await off.lookup("alice", context)).toBe("answer 2");
});

type Step = { readonly kind: "ask" | "leave" | "answer" | "wait"; readonly who: number };

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("ask", "leave", "answer", "wait"),
  who: fc.nat(5),
});

it("never has two lookups of one name on their way, aborts those that all have left, and answers all others", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { lookup, lookups } = createSlow();
      const settled = new Set<object>();
      const provider = cached({ lookup }, { ttl: 2, stale: 2, now });
      const askers: Array<{ controller: AbortController; result: Promise<unknown> }> = [];
      const pending = () => lookups.filter((one) => !settled.has(one) && !one.context.signal.aborted);
      for (const { kind, who } of steps) {
        if (kind === "ask") {
          const controller = new AbortController();
          const result = provider.lookup("alice", toContext(controller.signal)).catch((error: Error) => error.message);
          askers.push({ controller, result });
        }
        if (kind === "leave") askers[who]?.controller.abort();
        if (kind === "answer") {
          const [one] = pending();
          if (one !== undefined) settled.add(one);
          one?.resolve(`answer ${lookups.length}`);
        }
        if (kind === "wait") time += who;
        await settle();
        expect(pending().length).toBeLessThanOrEqual(1);
      }
      for (const one of pending()) one.resolve("last answer");
      for (const { controller, result } of askers) {
        const text = await result;
        expect(text).toMatch(controller.signal.aborted ? /answer|Nobody waits/ : /answer \d+|last answer/);
      }
    }),
    { numRuns: 50 },
  );
});
