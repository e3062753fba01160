import { FingerError } from "finger-protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Beginning, keepWorkers } from "./keep-workers.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A worker whose life a test decides. */
interface Puppet {
  readonly number: number;
  readonly serve: () => void;
  readonly end: (fault?: FingerError) => void;
  /** Ends it from outside. */
  readonly kill: (fault: FingerError) => void;
  readonly stop: () => void;
  readonly ready: Promise<Beginning>;
  readonly ended: Promise<FingerError | undefined>;
}

function createPuppet(number: number): Puppet {
  let begin: (beginning: Beginning) => void = () => {};
  let end: (fault?: FingerError) => void = () => {};
  const ready = new Promise<Beginning>((resolve) => {
    begin = resolve;
  });
  const ended = new Promise<FingerError | undefined>((resolve) => {
    end = (fault) => {
      begin("failed");
      resolve(fault);
    };
  });
  const kill = (fault: FingerError) => {
    begin("killed");
    end(fault);
  };
  return { number, serve: () => begin("serves"), end, kill, stop: vi.fn(() => end()), ready, ended };
}

const fault = (message: string) => new FingerError("ERR_FINGER_LISTEN", message);

/** Keeps puppets; all that was started is in `puppets`, in order. */
function keep(count = 2) {
  const stop = new AbortController();
  const puppets: Puppet[] = [];
  const errors: unknown[] = [];
  const start = (number: number) => {
    const puppet = createPuppet(number);
    puppets.push(puppet);
    return puppet;
  };
  const kept = keepWorkers({ count, start, signal: stop.signal, onError: (error) => errors.push(error) });
  kept.catch(() => {});
  const at = (index: number) => puppets.at(index) as Puppet;
  return { stop, puppets, errors, kept, at, numbers: () => puppets.map(({ number }) => number) };
}

/** Lets happen what is due in so many milliseconds. */
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

async function keepTwo() {
  const kept = keep();
  await pass();
  kept.at(0).serve();
  await pass();
  kept.at(1).serve();
  await pass();
  return kept;
}

describe("keepWorkers", () => {
  it("lets one go ahead, and the others follow together when it serves", async () => {
    const { numbers, at, stop, kept } = keep(3);
    await pass();
    expect(numbers()).toEqual([1]);
    at(0).serve();
    await pass();
    expect(numbers()).toEqual([1, 2, 3]);
    stop.abort();
    await kept;
  });

  it("rejects when the first cannot start, and starts no other", async () => {
    const { numbers, at, kept } = keep(3);
    at(0).end(fault("The port is taken."));
    await expect(kept).rejects.toThrow("The port is taken.");
    expect(numbers()).toEqual([1]);
  });

  it("replaces at once, and says so, the first time that one dies", async () => {
    const { numbers, at, errors, stop, kept } = await keepTwo();
    at(0).end(fault("Killed."));
    await pass();
    expect(numbers()).toEqual([1, 2, 1]);
    expect(errors).toEqual([fault("Killed.")]);
    stop.abort();
    await kept;
  });

  it("replaces without a word one that has ended in order", async () => {
    const { numbers, at, errors, stop, kept } = await keepTwo();
    at(1).end();
    await pass();
    expect([numbers(), errors]).toEqual([[1, 2, 2], []]);
    stop.abort();
    await kept;
  });

  it("waits longer each time that one dies again soon, and no more when one has lived for a while", async () => {
    const { puppets, at, stop, kept } = await keepTwo();
    at(1).end(fault("Killed."));
    await pass();
    for (const pause of [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      const before = puppets.length;
      at(-1).end(fault("Killed again."));
      await pass(pause - 1);
      expect(puppets).toHaveLength(before);
      await pass(1);
      expect(puppets).toHaveLength(before + 1);
    }
    await pass(10_000);
    const before = puppets.length;
    at(-1).end(fault("Killed."));
    await pass();
    expect(puppets).toHaveLength(before + 1);
    stop.abort();
    await kept;
  });

  it("tells of a replacement that cannot start, and tries again, while others serve", async () => {
    const { numbers, at, errors, stop, kept } = await keepTwo();
    at(1).end(fault("Killed."));
    await pass();
    at(2).end(fault("No memory."));
    await pass(250);
    expect([numbers(), errors]).toEqual([
      [1, 2, 2, 2],
      [fault("Killed."), fault("No memory.")],
    ]);
    stop.abort();
    await kept;
  });

  it("tells of a first one that was killed before it served, and tries again", async () => {
    const { numbers, at, errors, stop, kept } = keep();
    await pass();
    at(0).kill(fault("Killed."));
    await pass();
    expect([numbers(), errors]).toEqual([[1, 2], [fault("Killed.")]]);
    at(1).serve();
    await pass();
    expect(numbers()).toEqual([1, 2, 1]);
    stop.abort();
    await kept;
  });

  it("still rejects when the one that comes after a killed one cannot start", async () => {
    const { at, kept } = keep();
    await pass();
    at(0).kill(fault("Killed."));
    await pass();
    at(1).end(fault("The port is taken."));
    await expect(kept).rejects.toThrow("The port is taken.");
  });

  it("tries again when none is left and the next cannot start: it has worked once", async () => {
    const { at, numbers, errors, stop, kept } = await keepTwo();
    at(0).end(fault("Killed."));
    at(1).end(fault("Killed."));
    await pass();
    expect(numbers()).toEqual([1, 2, 1]);
    at(2).end(fault("The users file is gone."));
    await pass();
    expect(numbers()).toEqual([1, 2, 1, 2]);
    at(3).end(fault("The users file is gone."));
    await pass(250);
    expect(errors).toHaveLength(4);
    at(4).serve();
    await pass(250);
    expect(numbers()).toEqual([1, 2, 1, 2, 1, 2]);
    stop.abort();
    await kept;
  });

  it("goes on when one cannot start while the one that takes the place of the last is starting", async () => {
    const { at, numbers, errors, stop, kept } = await keepTwo();
    at(1).end(fault("Killed."));
    await pass();
    at(0).end(fault("Killed."));
    await pass();
    expect(numbers()).toEqual([1, 2, 2, 1]);
    at(2).end(fault("No memory."));
    at(3).serve();
    await pass(250);
    expect([numbers(), errors.at(-1)]).toEqual([[1, 2, 2, 1, 2], fault("No memory.")]);
    stop.abort();
    await kept;
  });

  it("ends in the middle of a pause", async () => {
    const { at, stop, kept } = await keepTwo();
    at(1).end(fault("Killed."));
    await pass();
    at(2).end(fault("Killed again."));
    await pass(1);
    stop.abort();
    await kept;
    expect(vi.getTimerCount()).toBe(0);
  });

  it("ends while the first is starting", async () => {
    const { at, numbers, stop, kept } = keep();
    stop.abort();
    await kept;
    expect(at(0).stop).toHaveBeenCalledOnce();
    expect(numbers()).toEqual([1]);
  });

  it("starts none when it is over before it begins", async () => {
    const start = vi.fn(createPuppet);
    await keepWorkers({ count: 2, start, signal: AbortSignal.abort(), onError: () => {} });
    expect(start).not.toHaveBeenCalled();
  });

  it("tells of one that did not end in order", async () => {
    const { at, errors, stop, kept } = await keepTwo();
    vi.mocked(at(0).stop).mockImplementation(() => at(0).end(fault("Killed at last.")));
    stop.abort();
    await kept;
    expect(errors).toEqual([fault("Killed at last.")]);
  });
});
