import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { within } from "./within.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const forever = () => new Promise<never>(() => {});

it("gives what the work gives, and leaves no timer behind", async () => {
  expect(await within(1000, undefined, async () => "done")).toBe("done");
  expect(vi.getTimerCount()).toBe(0);
});

it("gives up after its time, and aborts the work", async () => {
  let signal: AbortSignal | undefined;
  const result = within(1000, undefined, (given) => {
    signal = given;
    return forever();
  });
  const failed = expect(result).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT", message: /1000 ms/ });
  vi.advanceTimersByTime(999);
  expect(signal?.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal?.aborted).toBe(true);
  await failed;
});

it("gives up with the outer signal, at once, and aborts the work", async () => {
  const outer = new AbortController();
  let inner: AbortSignal | undefined;
  const result = within(1000, outer.signal, (given) => {
    inner = given;
    return forever();
  });
  const failed = expect(result).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED", cause: "left" });
  outer.abort("left");
  await failed;
  expect(inner?.aborted).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
});

it("begins nothing for one who has gone already", async () => {
  const work = vi.fn(forever);
  await expect(within(1000, AbortSignal.abort(), work)).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
  expect(work).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

it.each([
  [
    "throws",
    () => {
      throw new Error("broken");
    },
  ],
  [
    "rejects",
    async () => {
      throw new Error("broken");
    },
  ],
])("fails with the error of work that %s, and leaves nothing behind", async (_how, work) => {
  const outer = new AbortController();
  const remove = vi.spyOn(outer.signal, "removeEventListener");
  await expect(within(1000, outer.signal, work)).rejects.toThrow("broken");
  expect(vi.getTimerCount()).toBe(0);
  expect(remove).toHaveBeenCalled();
});

it("lets nobody hear of what work does that was given up", async () => {
  let fail = (_error: Error) => {};
  const result = within(
    10,
    undefined,
    () =>
      new Promise((_resolve, reject) => {
        fail = reject;
      }),
  );
  const failed = expect(result).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
  vi.advanceTimersByTime(10);
  fail(new Error("too late"));
  await failed;
});
