import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createDiskTurns } from "./disk-turns.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Work that ends when it is told to. */
function createWork() {
  const ends: Array<() => void> = [];
  const work = vi.fn(() => new Promise<string>((resolve) => ends.push(() => resolve("done"))));
  return { work, end: () => ends.shift()?.() };
}

const TIMEOUT = (place: string | RegExp) => ({ code: "ERR_FINGER_TIMEOUT", message: expect.stringMatching(place) });

it("gives what the work gives, and throws what it throws", async () => {
  const turns = createDiskTurns(1);
  expect(await turns.take("/home/alice", 100, async () => "done")).toBe("done");
  await expect(turns.take("/home/alice", 100, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(vi.getTimerCount()).toBe(0);
});

it("waits no longer than it may, and leaves a place that hangs alone until it answers", async () => {
  const turns = createDiskTurns(2);
  const alice = createWork();
  const late = expect(turns.take("/home/alice", 100, alice.work)).rejects.toMatchObject(TIMEOUT("/home/alice"));
  await vi.advanceTimersByTimeAsync(100);
  await late;
  await expect(turns.take("/home/alice", 100, alice.work)).rejects.toMatchObject(TIMEOUT("/home/alice"));
  expect(alice.work).toHaveBeenCalledTimes(1);
  expect(await turns.take("/home/bob", 100, async () => "bob")).toBe("bob");
  alice.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(await turns.take("/home/alice", 100, async () => "alice")).toBe("alice");
});

it("gives one place one thread, however many ask at once", async () => {
  const turns = createDiskTurns(2);
  const alice = createWork();
  const late = Array.from({ length: 5 }, () =>
    expect(turns.take("/home/alice", 100, alice.work)).rejects.toMatchObject(TIMEOUT("/home/alice")),
  );
  await vi.advanceTimersByTimeAsync(50);
  expect(await turns.take("/home/bob", 100, async () => "bob")).toBe("bob");
  await vi.advanceTimersByTimeAsync(50);
  await Promise.all(late);
  alice.end();
  await vi.advanceTimersByTimeAsync(0);
  expect(alice.work).toHaveBeenCalledTimes(1);
});

it("keeps the other threads for other work when many places hang", async () => {
  const turns = createDiskTurns(2);
  const { work, end } = createWork();
  const hang = ["/home/alice", "/home/bob"].map((place) =>
    expect(turns.take(place, 100, work)).rejects.toMatchObject(TIMEOUT(place)),
  );
  await vi.advanceTimersByTimeAsync(1);
  const carol = vi.fn(async () => "carol");
  const waits = expect(turns.take("/home/carol", 100, carol)).rejects.toMatchObject(TIMEOUT("too many"));
  await vi.advanceTimersByTimeAsync(100);
  await Promise.all([...hang, waits]);
  await expect(turns.take("/home/dave", 100, carol)).rejects.toMatchObject(TIMEOUT("too many"));
  expect(carol).not.toHaveBeenCalled();
  end();
  await vi.advanceTimersByTimeAsync(0);
  expect(await turns.take("/home/carol", 100, carol)).toBe("carol");
});

it("tells the work when nobody waits any more", async () => {
  let signal: AbortSignal | undefined;
  const late = createDiskTurns(1).take("/home/alice", 100, (given) => {
    signal = given;
    return new Promise(() => {});
  });
  const failed = expect(late).rejects.toMatchObject(TIMEOUT("/home/alice"));
  await vi.advanceTimersByTimeAsync(99);
  expect(signal?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(signal?.aborted).toBe(true);
  await failed;
});
