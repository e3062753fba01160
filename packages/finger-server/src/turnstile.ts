import { nobodyWaits } from "./nobody-waits.js";

/** Lets so many in at a time; some more wait, in order. */
export interface Turnstile {
  /**
   * Resolves when there is room, to what is to be called, once, when it is left.
   *
   * @throws What `busy` gives when too many wait already; `FingerError` `ERR_FINGER_ABORTED` when `signal` is aborted.
   */
  enter(signal: AbortSignal): Promise<() => void>;
}

/**
 * Makes a turnstile that nobody is in.
 *
 * @param room - How many are in at a time.
 * @param queue - How many wait.
 * @param busy - What one more is told.
 */
export function createTurnstile(room: number, queue: number, busy: () => Error): Turnstile {
  let inside = 0;
  const waiting = new Set<() => void>();

  const leave = () => {
    const [next] = waiting;
    if (next === undefined) inside--;
    else next();
  };

  const wait = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const settle = () => {
        waiting.delete(go);
        signal.removeEventListener("abort", giveUp);
      };
      const go = () => {
        settle();
        resolve();
      };
      const giveUp = () => {
        settle();
        reject(nobodyWaits(signal));
      };
      waiting.add(go);
      signal.addEventListener("abort", giveUp, { once: true });
    });

  return {
    async enter(signal) {
      if (signal.aborted) throw nobodyWaits(signal);
      if (inside < room) inside++;
      else if (waiting.size < queue) await wait(signal);
      else throw busy();
      return leave;
    },
  };
}
