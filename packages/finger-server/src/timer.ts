import { LONGEST_TIME } from "./assert-whole.js";

/** What a timer is called differs between runtimes. */
export type Timer = ReturnType<typeof setTimeout>;

/** Starts a timer of `ms` milliseconds; `undefined`, and no timer, when that is longer than a timer can be: 24 days. */
export function startTimer<T>(ms: number, onTime: (subject: T) => void, subject: T): Timer | undefined {
  return ms > LONGEST_TIME ? undefined : setTimeout(onTime, ms, subject);
}

/** Starts a timer that keeps no process alive; it is never longer than a timer can be: 24 days. */
export function startBackgroundTimer(ms: number, onTime: () => void): Timer {
  const timer = setTimeout(onTime, Math.min(ms, LONGEST_TIME));
  // Those of other runtimes than Node's have no unref.
  if (typeof timer === "object") timer.unref();
  return timer;
}

/** Resolves after a while, or at once when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = startBackgroundTimer(ms, end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
