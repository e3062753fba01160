import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createSendQueue, type SendQueueOptions } from "./send-queue.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(options: Partial<SendQueueOptions> = {}) {
  const written: string[] = [];
  return { written, queue: createSendQueue({ write: (line) => written.push(line), ...options }) };
}

function sendMany(send: (line: string) => boolean, count: number): number {
  return Array.from({ length: count }, (_, index) => send(`${index}`)).filter(Boolean).length;
}

it("sends four lines at once, and one more in each 2 s, in order", () => {
  const { queue, written } = open();
  sendMany((line) => queue.send("answer", line), 8);
  expect(written).toEqual(["0", "1", "2", "3"]);
  vi.advanceTimersByTime(1_999);
  expect(written).toHaveLength(4);
  vi.advanceTimersByTime(1);
  expect(written.at(-1)).toBe("4");
  vi.advanceTimersByTime(6_000);
  expect(written).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
  expect(vi.getTimerCount()).toBe(0);
});

it("never sends more than a server allows, whatever comes when", () => {
  const { queue } = open();
  const times: number[] = [];
  const began = performance.now();
  const counted = createSendQueue({ write: () => times.push(performance.now() - began) });
  for (let second = 0; second < 60; second++) {
    sendMany((line) => counted.send("answer", line), second % 7);
    vi.advanceTimersByTime(1_000);
  }
  expect(queue.waiting).toBe(0);
  for (const [index, time] of times.entries()) {
    expect(times.filter((other) => other >= time && other <= time + 10_000).length, `from line ${index}`).toBeLessThan(
      11,
    );
  }
});

it("sends answers before news that waited longer", () => {
  const { queue, written } = open({ burst: 1 });
  queue.send("news", "first");
  queue.send("news", "news");
  queue.send("answer", "answer");
  vi.advanceTimersByTime(4_000);
  expect(written).toEqual(["first", "answer", "news"]);
});

it("sends what is of the connection before answers, which take none of its places", () => {
  const { queue, written } = open({ burst: 1, most: 1 });
  for (const line of ["first", "answer", "dropped"]) queue.send("answer", line);
  expect(queue.send("own", "JOIN #a")).toBe(true);
  vi.advanceTimersByTime(4_000);
  expect(written).toEqual(["first", "JOIN #a", "answer"]);
});

it("sends at once what the server waits for, and has the rest wait for it", () => {
  const { queue, written } = open({ burst: 1 });
  queue.send("answer", "1");
  queue.send("answer", "2");
  queue.send("now", "PONG a");
  expect(written).toEqual(["1", "PONG a"]);
  vi.advanceTimersByTime(2_000);
  expect(written).toEqual(["1", "PONG a"]);
  vi.advanceTimersByTime(2_000);
  expect(written).toEqual(["1", "PONG a", "2"]);
});

it("lets a server that pings without end keep it from nothing for long", () => {
  const { queue, written } = open();
  sendMany((line) => queue.send("now", line), 1_000);
  queue.send("answer", "answer");
  vi.advanceTimersByTime(12_000);
  expect(written.at(-1)).toBe("answer");
});

it("takes no more than it may keep, and news do not take the places of answers", () => {
  const { queue, written } = open({ burst: 1, most: 3 });
  expect(sendMany((line) => queue.send("news", line), 300)).toBe(201);
  expect(sendMany((line) => queue.send("answer", line), 10)).toBe(3);
  expect(queue.waiting).toBe(203);
  expect(written).toHaveLength(1);
});

it("forgets what waits, and its timer", () => {
  const { queue, written } = open({ burst: 1 });
  sendMany((line) => queue.send("answer", line), 3);
  queue.clear();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(10_000);
  expect(written).toEqual(["0"]);
  queue.send("answer", "again");
  expect(written).toEqual(["0", "again"]);
});
