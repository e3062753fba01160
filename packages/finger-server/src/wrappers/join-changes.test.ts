import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { joinChanges, type Watch } from "./join-changes.js";

/** A source to be told what to yield; it ends when its signal is aborted, as a provider's does. */
function createSource() {
  const queue: string[] = [];
  let wake = () => {};
  const ended = vi.fn();
  const watch: Watch<string> = async function* (signal) {
    signal.addEventListener("abort", () => wake(), { once: true });
    try {
      while (!signal.aborted) {
        const value = queue.shift();
        if (value !== undefined) yield value;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      ended();
    }
  };
  const say = (value: string) => {
    queue.push(value);
    wake();
  };
  return { watch, say, ended };
}

async function* listed(...values: string[]) {
  yield* values;
}

it("yields what comes from any source, as it comes, and ends all when it is aborted", async () => {
  const [one, two] = [createSource(), createSource()];
  const { signal, abort } = toAbortable();
  const joined = joinChanges([one.watch, two.watch], signal);
  two.say("first");
  expect(await joined.next()).toEqual({ done: false, value: "first" });
  const next = joined.next();
  one.say("second");
  expect(await next).toEqual({ done: false, value: "second" });
  const last = joined.next();
  abort();
  expect(await last).toEqual({ done: true, value: undefined });
  await vi.waitFor(() => expect([one.ended, two.ended].map(({ mock }) => mock.calls.length)).toEqual([1, 1]));
});

it("ends all sources when the reader stops reading", async () => {
  const [one, two] = [createSource(), createSource()];
  one.say("first");
  for await (const value of joinChanges([one.watch, two.watch], new AbortController().signal)) {
    expect(value).toBe("first");
    break;
  }
  await vi.waitFor(() => expect([one.ended, two.ended].map(({ mock }) => mock.calls.length)).toEqual([1, 1]));
});

it("fails when a source fails, and ends the others", async () => {
  const other = createSource();
  const broken: Watch<string> = async function* () {
    yield "last words";
    throw new Error("broken");
  };
  const joined = joinChanges([other.watch, broken], new AbortController().signal);
  expect((await joined.next()).value).toBe("last words");
  await expect(joined.next()).rejects.toThrow("broken");
  await vi.waitFor(() => expect(other.ended).toHaveBeenCalledOnce());
});

it("ends those that have begun when one cannot begin", async () => {
  const begun = createSource();
  const broken: Watch<string> = () => {
    throw new Error("broken");
  };
  await expect(joinChanges([begun.watch, broken], new AbortController().signal).next()).rejects.toThrow("broken");
  await vi.waitFor(() => expect(begun.ended).toHaveBeenCalledOnce());
});

it.each([
  ["while it waits", false],
  ["while its value is read", true],
])("ends although a source does not heed the signal, when it is aborted %s", async (_when, whileReading) => {
  const { signal, abort } = toAbortable();
  const deaf: Watch<string> = async function* () {
    yield "first";
    await new Promise<never>(() => {});
  };
  const joined = joinChanges([deaf], signal);
  await joined.next();
  if (whileReading) abort();
  const next = joined.next();
  abort();
  expect(await next).toEqual({ done: true, value: undefined });
});

it("takes the error that a source ends with, when it is aborted, for its end", async () => {
  const { signal, abort } = toAbortable();
  const joined = joinChanges<string>(
    [
      async function* (inner) {
        await new Promise<never>((_resolve, reject) => {
          inner.addEventListener("abort", () => reject(inner.reason));
        });
      },
    ],
    signal,
  );
  const next = joined.next();
  abort();
  expect(await next).toEqual({ done: true, value: undefined });
});

it("begins nothing when it is aborted already, and leaves no listener behind", async () => {
  const watch = vi.fn(() => listed("never"));
  expect(await joinChanges([watch], AbortSignal.abort()).next()).toEqual({ done: true, value: undefined });
  expect(watch).not.toHaveBeenCalled();

  const { signal } = new AbortController();
  const [add, remove] = [vi.spyOn(signal, "addEventListener"), vi.spyOn(signal, "removeEventListener")];
  for await (const value of joinChanges([() => listed("a")], signal)) expect(value).toBe("a");
  expect(add).toHaveBeenCalledOnce();
  expect(remove).toHaveBeenCalledTimes(add.mock.calls.length);
});

it("asks a source for one value ahead of the reader at most", async () => {
  let asked = 0;
  const eager: Watch<string> = async function* () {
    for (;;) {
      asked++;
      yield "value";
    }
  };
  const joined = joinChanges([eager], new AbortController().signal);
  for (let read = 1; read <= 5; read++) {
    await joined.next();
    await new Promise(setImmediate);
    expect(asked).toBe(read);
  }
  await joined.return();
});

it("loses nothing, and keeps the order of each source", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.nat(9), { maxLength: 5 }), { maxLength: 4 }), async (lists) => {
      const watches = lists.map((list, index) => () => listed(...list.map((value) => `${index}:${value}`)));
      const joined: string[] = [];
      for await (const value of joinChanges(watches, new AbortController().signal)) joined.push(value);
      const byList = lists.map((_list, index) => joined.filter((value) => value.startsWith(`${index}:`)));
      expect(byList).toEqual(lists.map((list, index) => list.map((value) => `${index}:${value}`)));
    }),
  );
});

function toAbortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
