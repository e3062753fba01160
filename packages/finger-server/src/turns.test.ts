import { expect, it } from "vitest";
import { createTurns } from "./turns.js";

it("does what has the same key one after the other, and what has another at once", async () => {
  const takeTurn = createTurns();
  const done: string[] = [];
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const first = takeTurn("alice", () => gate.then(() => done.push("first")));
  const second = takeTurn("alice", async () => done.push("second"));
  await takeTurn("bob", async () => done.push("bob's"));
  go();
  await Promise.all([first, second]);
  expect(done).toEqual(["bob's", "first", "second"]);
});

it("goes on behind a failure, of which its own caller hears", async () => {
  const takeTurn = createTurns();
  const failed = takeTurn("alice", () => Promise.reject(new Error("no")));
  const next = takeTurn("alice", async () => "yes");
  await expect(failed).rejects.toThrow("no");
  expect(await next).toBe("yes");
});
