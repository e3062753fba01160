import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { memoryProvider } from "../memory-provider.js";
import { type Answer, type LookupContext, type LookupProvider, NOBODY } from "../provider.js";
import { withDeadline } from "./with-deadline.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const toContext = (signal: AbortSignal = new AbortController().signal): LookupContext => ({
  verbose: true,
  peer: NOBODY,
  signal,
});

/** A provider that answers when it is told to. */
function createSlow() {
  const contexts: LookupContext[] = [];
  let answer = (_answer: Answer) => {};
  const wait = (context: LookupContext) => {
    contexts.push(context);
    return new Promise<never>((resolve) => {
      answer = (given) => resolve(given as never);
    });
  };
  const provider: LookupProvider = { lookup: (_name, context) => wait(context), list: wait };
  return { provider, contexts, answer: (given: Answer) => answer(given) };
}

it.each([
  ["lookup", (provider: LookupProvider, context: LookupContext) => provider.lookup("alice", context)],
  ["list", (provider: LookupProvider, context: LookupContext) => provider.list?.(context)],
])("lets a %s fail when its time is over, and aborts it", async (_what, ask) => {
  const { provider, contexts } = createSlow();
  const failed = expect(ask(withDeadline(provider, 50), toContext())).rejects.toMatchObject({
    code: "ERR_FINGER_TIMEOUT",
    message: "No answer came within 50 ms.",
  });
  expect(contexts).toMatchObject([{ verbose: true, peer: NOBODY, signal: { aborted: false } }]);
  vi.advanceTimersByTime(50);
  await failed;
  expect(contexts[0]?.signal.aborted).toBe(true);
});

it.each([
  ["lookup", (provider: LookupProvider, context: LookupContext) => provider.lookup("alice", context)],
  ["list", (provider: LookupProvider, context: LookupContext) => provider.list?.(context)],
])("passes the leaving of the one who asks on to a %s", async (_what, ask) => {
  const { provider, contexts } = createSlow();
  const outer = new AbortController();
  const failed = expect(ask(withDeadline(provider, 50), toContext(outer.signal))).rejects.toMatchObject({
    code: "ERR_FINGER_ABORTED",
  });
  outer.abort();
  await failed;
  expect(contexts[0]?.signal.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

it("passes answers, lists and errors on, and leaves no timer behind", async () => {
  const users = withDeadline(memoryProvider({ alice: "Hi" }), 50);
  expect(await users.lookup("alice", toContext())).toEqual({ login: "alice", status: "Hi" });
  expect(await users.list?.(toContext())).toEqual([{ login: "alice", status: "Hi" }]);
  const broken = withDeadline(() => {
    throw new Error("broken");
  }, 50);
  await expect(broken.lookup("alice", toContext())).rejects.toThrow("broken");
  expect(vi.getTimerCount()).toBe(0);
});

/** A stream that knows when it is closed. */
function createStream() {
  const close = vi.fn(async () => ({ done: true as const, value: undefined }));
  const stream: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: "" }), return: close }),
  };
  return { stream, close };
}

it("lets a stream that has begun last, until its reader leaves", async () => {
  const { stream, close } = createStream();
  const outer = new AbortController();
  let inner: AbortSignal | undefined;
  const provider = withDeadline((_name, { signal }) => {
    inner = signal;
    return stream;
  }, 50);
  expect(await provider.lookup("log", toContext(outer.signal))).toBe(stream);
  vi.advanceTimersByTime(60_000);
  expect([inner?.aborted, close.mock.calls.length]).toEqual([false, 0]);
  outer.abort();
  expect(inner?.aborted).toBe(true);
});

it("closes a stream that comes too late", async () => {
  const { provider, answer } = createSlow();
  const { stream, close } = createStream();
  const failed = expect(withDeadline(provider, 50).lookup("log", toContext())).rejects.toThrow("50 ms");
  vi.advanceTimersByTime(50);
  await failed;
  answer(stream);
  await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
});

it("offers what the provider offers, and passes its changes on", async () => {
  expect(Object.keys(withDeadline(() => "Hi", 50))).toEqual(["lookup"]);
  const watch = async function* () {
    yield { login: "alice" };
  };
  const { signal } = toContext();
  const provider = withDeadline({ lookup: async () => undefined, watch }, 50);
  for await (const change of provider.watch?.(signal) ?? []) expect(change).toEqual({ login: "alice" });
  expect(Object.keys(provider)).toEqual(["lookup", "watch"]);
});

it.each([0, -1, Number.NaN, "soon" as never, undefined as never])("refuses a deadline of %s", (ms) => {
  expect(() => withDeadline(() => "Hi", ms)).toThrow(RangeError);
  expect(() => withDeadline(() => "Hi", ms)).toThrow(String(ms));
});

it("takes a deadline that no timer can wait for as none", async () => {
  const { provider, answer } = createSlow();
  const result = withDeadline(provider, Number.POSITIVE_INFINITY).lookup("alice", toContext());
  vi.advanceTimersByTime(1_000_000);
  answer("at last");
  expect(await result).toBe("at last");
});
