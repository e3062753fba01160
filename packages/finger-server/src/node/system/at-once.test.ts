import { expect, it, vi } from "vitest";
import { createAtOnce } from "./at-once.js";

it("does for those who want the same at once one piece of work, and another for who comes later", async () => {
  const work = vi.fn(async (key: string) => `${key} ${work.mock.calls.length}`);
  const atOnce = createAtOnce(work);
  expect(await Promise.all([atOnce("a"), atOnce("a"), atOnce("b")])).toEqual(["a 1", "a 1", "b 2"]);
  expect(await atOnce("a")).toBe("a 3");
});

it("keeps nothing that failed", async () => {
  const work = vi.fn().mockRejectedValueOnce(new Error("no")).mockResolvedValueOnce("yes");
  const atOnce = createAtOnce<string, string>(work);
  const failing = await Promise.allSettled([atOnce("a"), atOnce("a")]);
  expect(failing.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await atOnce("a")).toBe("yes");
});
