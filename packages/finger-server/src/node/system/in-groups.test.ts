import { expect, it } from "vitest";
import { inGroups } from "./in-groups.js";

it("does with all, in order, some at a time, and leaves out what came to nothing", async () => {
  let [now, most] = [0, 0];
  const work = async (one: number) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    return one % 2 === 0 ? undefined : one * 10;
  };
  expect(await inGroups([1, 2, 3, 4, 5, 6, 7], 3, work)).toEqual([10, 30, 50, 70]);
  expect(most).toBe(3);
  expect(await inGroups([], 3, work)).toEqual([]);
});
