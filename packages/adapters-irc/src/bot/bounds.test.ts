import { expect, it } from "vitest";
import { createCooldown } from "./cooldown.js";
import { createLoops } from "./loops.js";
import { createWaitingLine } from "./waiting-line.js";

it("gives a third of a minute's questions at once, and the others in their time", () => {
  let now = 0;
  const { pay } = createCooldown(12, undefined, () => now);
  expect([1, 2, 3, 4, 5].map(() => pay("ada"))).toEqual([true, true, true, true, false]);
  expect(pay("bob")).toBe(true);
  now += 5000;
  expect([pay("ada"), pay("ada")]).toEqual([true, false]);
});

it("remembers those alone who came last", () => {
  const { pay } = createCooldown(1, 1, () => 0);
  pay("ada");
  for (let index = 0; index < 5000; index++) pay(`peer ${index}`);
  expect([pay("ada"), pay("peer 4999")]).toEqual([true, false]);
});

it("takes who says the same five times in twenty seconds for a loop, for a minute", () => {
  let now = 0;
  const { isLoop } = createLoops(() => now);
  const says = (...texts: readonly string[]) => texts.map((text) => isLoop("ada", text));
  expect(says("x", "x", "x", "x")).toEqual([false, false, false, false]);
  expect(says("x", "y")).toEqual([true, true]);
  expect(isLoop("bob", "x")).toBe(false);
  now += 60_000;
  expect(says("x", "x", "x", "x")).toEqual([false, false, false, false]);
  now += 20_000;
  expect(says("x", "x", "y", "x", "x", "x", "x", "x")).toEqual([false, false, false, false, false, false, false, true]);
});

it("does work in turn, and lets no more wait than there is room for", async () => {
  const line = createWaitingLine(1, 2);
  const done: string[] = [];
  const ends: Array<() => void> = [];
  const toWork = (name: string) => () =>
    new Promise<void>((resolve) => {
      ends.push(() => {
        done.push(name);
        resolve();
      });
    });
  expect(["a", "b", "c", "d"].map((name) => line.join(toWork(name)))).toEqual([true, true, true, false]);
  while (done.length < 2) {
    ends.shift()?.();
    await Promise.resolve();
  }
  expect(done).toEqual(["a", "b"]);
  const closed = line.close();
  expect(line.join(toWork("e"))).toBe(false);
  ends.shift()?.();
  await closed;
  expect(done).toEqual(["a", "b", "c"]);
});
