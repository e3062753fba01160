/** What a timer is called differs between runtimes. */
export type Timer = ReturnType<typeof setTimeout>;

/** Longer timers are beyond setTimeout, which would fire them at once. */
const LONGEST = 2 ** 31 - 1;

/** Starts a timer of `ms` milliseconds; `undefined`, and no timer, when that is longer than a timer can be: 24 days. */
export function startTimer<T>(ms: number, onTime: (subject: T) => void, subject: T): Timer | undefined {
  return ms > LONGEST ? undefined : setTimeout(onTime, ms, subject);
}
