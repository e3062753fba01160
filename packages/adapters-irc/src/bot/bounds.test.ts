import { expect, it, vi } from "vitest";
import { createMemorySession } from "../testing/memory-session.js";
import { createCooldown } from "./cooldown.js";
import { deliver } from "./deliver.js";
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

it("takes who says the same five times in a minute for a loop, for a minute", () => {
  let now = 0;
  const { isLoop } = createLoops(() => now);
  const says = (...texts: readonly string[]) => texts.map((text) => isLoop("ada", text));
  expect(says("x", "x", "x", "x")).toEqual([false, false, false, false]);
  expect(says("x", "y")).toEqual([true, true]);
  expect(isLoop("bob", "x")).toBe(false);
  now += 60_000;
  expect(says("x", "x", "x", "x")).toEqual([false, false, false, false]);
  now += 60_000;
  expect(says("x", "x", "x", "x", "x")).toEqual([false, false, false, false, true]);
});

it.each([
  [6000, ["no such command"], "it takes its time"],
  [2000, ["no such command", "say help"], "it says two lines for each, and so the same in turn"],
  [1000, ["what?", "no such command", "say help"], "it says three"],
])("takes a bot that says something every %i ms, %j, for a loop: %s", (ms, texts) => {
  let now = 0;
  const { isLoop } = createLoops(() => now);
  const heard = Array.from({ length: 60_000 / ms }, (_, index) => {
    now += ms;
    return isLoop("bot", texts[index % texts.length] ?? "");
  });
  expect(heard).toContain(true);
});

it("takes nobody for a loop who asks of one after the other, or of one now and then", () => {
  let now = 0;
  const { isLoop } = createLoops(() => now);
  expect(Array.from({ length: 100 }, (_, index) => isLoop("ada", `user${index}`))).not.toContain(true);
  for (let index = 0; index < 20; index++) {
    now += 15_000;
    expect(isLoop("bob", "alice")).toBe(false);
  }
});

/** Work that is done when that is said, and tells its name then. */
function createWorks() {
  const done: string[] = [];
  const ends = new Map<string, () => void>();
  const toWork = (name: string) => () =>
    new Promise<void>((resolve) => {
      ends.set(name, () => {
        done.push(name);
        resolve();
      });
    });
  const end = async (...names: readonly string[]) => {
    for (const name of names) {
      ends.get(name)?.();
      for (let turns = 0; turns < 3; turns++) await Promise.resolve();
    }
  };
  return { done, toWork, end, begun: () => [...ends.keys()] };
}

it("does work in turn, and lets no more wait than there is room for", async () => {
  const line = createWaitingLine(1, 2);
  const { done, toWork, end } = createWorks();
  expect(["a", "b", "c", "d"].map((name) => line.join(name, toWork(name)))).toEqual([true, true, true, false]);
  await end("a", "b");
  expect(done).toEqual(["a", "b"]);
  const closed = line.close();
  expect(line.join("e", toWork("e"))).toBe(false);
  await end("c");
  await closed;
  expect(done).toEqual(["a", "b", "c"]);
});

it("lets nobody who has much to do keep others waiting", async () => {
  const line = createWaitingLine(4, 30);
  const { toWork, end, begun } = createWorks();
  const join = (who: string, name: string) => line.join(who, toWork(name));
  const names = ["a1", "a2", "a3", "a4", "a5", "a6"];
  expect(names.map((name) => join("ada", name))).toEqual([true, true, true, true, true, false]);
  expect(begun()).toEqual(["a1", "a2"]);
  for (const name of ["b1", "b2", "b3"]) join("bob", name);
  join("eve", "e1");
  expect(begun()).toEqual(["a1", "a2", "b1", "b2"]);
  await end("a1", "a2", "b1", "b2");
  expect(begun().slice(4)).toEqual(["a3", "e1", "b3", "a4"]);
  await end("a3");
  expect(begun().slice(8)).toEqual(["a5"]);
});

it("has those who wait to say something say a line each in turn", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const session = createMemorySession();
    session.left = 0;
    const { signal } = new AbortController();
    const names = ["ada", "bob", "eve"];
    const over = names.map((target) => deliver(session, { command: "PRIVMSG", target }, ["1", "2"], signal));
    for (let lines = 0; lines < 6; lines++) {
      session.left = 1;
      await vi.advanceTimersByTimeAsync(500);
    }
    await Promise.all(over);
    expect(session.sent).toEqual(["1", "2"].flatMap((text) => names.map((name) => `PRIVMSG ${name} ${text}`)));
  } finally {
    vi.useRealTimers();
  }
});
