import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startSpinner } from "./spinner.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(): { written: string[]; stop: () => void } {
  const written: string[] = [];
  const stop = startSpinner((text) => written.push(text));
  return { written, stop };
}

it("shows at once that something happens, and turns ten times a second in its place", () => {
  const { written, stop } = start();
  expect(written).toEqual(["\r| "]);
  vi.advanceTimersByTime(400);
  expect(written).toEqual(["\r| ", "\r/ ", "\r- ", "\r\\ ", "\r| "]);
  stop();
});

it("is wiped when it is stopped, once, and leaves no timer behind", () => {
  const { written, stop } = start();
  stop();
  stop();
  vi.advanceTimersByTime(10_000);
  expect(written).toEqual(["\r| ", "\r\x1b[K"]);
  expect(vi.getTimerCount()).toBe(0);
});
