import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { inSteps } from "./in-steps.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** When it is over, in milliseconds, for work that takes so long. */
async function measure(ms: number, fail = false): Promise<number> {
  const start = Date.now();
  let end = Number.NaN;
  const work = () =>
    new Promise<void>((resolve, reject) => setTimeout(() => (fail ? reject(new Error("broken")) : resolve()), ms));
  const over = () => {
    end = Date.now();
  };
  const waiting = inSteps(20, work).then(over, over);
  await vi.advanceTimersByTimeAsync(1000);
  await waiting;
  return end - start;
}

const TIMES: ReadonlyArray<[work: number, end: number, why: string]> = [
  [0, 20, "nothing takes a step"],
  [19, 20, "so does nearly a step"],
  [21, 40, "a little more takes two"],
  [95, 100, "and so on"],
];

it.each(TIMES)("ends what takes %i ms after %i: %s", async (work, end) => {
  expect(await measure(work)).toBe(end);
  expect(await measure(work, true)).toBe(end);
});

it("gives what the work gives, and throws what it throws", async () => {
  vi.useRealTimers();
  expect(await inSteps(1, async () => "found")).toBe("found");
  await expect(inSteps(1, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});
