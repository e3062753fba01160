import { expect, it } from "vitest";
import { inBatches } from "./in-batches.js";

it("does with all, in order, some at a time", async () => {
  let [now, most] = [0, 0];
  const work = async (one: number) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    return one * 10;
  };
  expect(await inBatches([1, 2, 3, 4, 5, 6, 7], work, 3)).toEqual([10, 20, 30, 40, 50, 60, 70]);
  expect(most).toBe(3);
  expect(await inBatches([], work)).toEqual([]);
});
