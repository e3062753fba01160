import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createDeadlines } from "./deadlines.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

it("calls each when its time is over, and none that is done", () => {
  const { begin } = createDeadlines(100);
  const late: string[] = [];
  begin(() => late.push("a"));
  vi.advanceTimersByTime(50);
  const done = begin(() => late.push("b"));
  begin(() => late.push("c"));
  vi.advanceTimersByTime(49);
  expect(late).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(late).toEqual(["a"]);
  done();
  vi.advanceTimersByTime(50);
  expect(late).toEqual(["a", "c"]);
  vi.advanceTimersByTime(1000);
  begin(() => late.push("d"));
  vi.advanceTimersByTime(100);
  expect(late).toEqual(["a", "c", "d"]);
});

it("has one timer for all, and none when nothing is under way", () => {
  const { begin } = createDeadlines(100);
  for (let index = 0; index < 1000; index++) begin(() => {})();
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(100);
  expect(vi.getTimerCount()).toBe(0);
});

it("may have no end", () => {
  createDeadlines(Number.POSITIVE_INFINITY).begin(() => {
    throw new Error("never");
  });
  expect(vi.getTimerCount()).toBe(0);
});
