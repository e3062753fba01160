import { nobodyWaits } from "../nobody-waits.js";

/** Work that several wait for together. It is aborted when the last of them has gone. */
export interface Flight<T> {
  /** What comes of it, whoever waits. */
  readonly result: Promise<T>;
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** How many have joined and not left: nobody, when it was begun for later. */
  readonly waiting: () => number;
  /** Waits for the result until `signal` is aborted, which ends the waiting of this one alone. */
  join(signal: AbortSignal): Promise<T>;
  /** Gives what cannot be shared to the first who asks for it; from then on the work goes on for that one's `signal`. */
  claim(signal: AbortSignal): boolean;
}

/**
 * Begins work that several may wait for.
 *
 * @param onAbandoned - Called when the last of them has gone before the work was done.
 */
export function startFlight<T>(work: (signal: AbortSignal) => Promise<T>, onAbandoned: () => void): Flight<T> {
  const controller = new AbortController();
  const result = (async () => work(controller.signal))();
  let waiting = 0;
  let isClaimed = false;

  const join = (signal: AbortSignal, resolve: (value: T) => void, reject: (error: unknown) => void) => {
    if (signal.aborted) return reject(nobodyWaits(signal));
    const onAbort = () => {
      waiting--;
      reject(nobodyWaits(signal));
      if (waiting > 0) return;
      onAbandoned();
      controller.abort(nobodyWaits(signal));
    };
    const land = (settle: () => void) => {
      signal.removeEventListener("abort", onAbort);
      settle();
    };
    waiting++;
    signal.addEventListener("abort", onAbort, { once: true });
    // At once, and not by `finally`: nobody can leave between the landing and the answer.
    result.then(
      (value) => land(() => resolve(value)),
      (error) => land(() => reject(error)),
    );
  };

  return {
    result,
    signal: controller.signal,
    waiting: () => waiting,
    join: (signal) => new Promise((resolve, reject) => join(signal, resolve, reject)),
    claim: (signal) => {
      if (isClaimed) return false;
      isClaimed = true;
      // The listener stays: what was claimed is a stream, which lives as long as the one who reads it.
      signal.addEventListener("abort", () => controller.abort(nobodyWaits(signal)), { once: true });
      if (signal.aborted) controller.abort(nobodyWaits(signal));
      return true;
    },
  };
}
