/** The longest delay of a timer, in milliseconds; beyond it, `setTimeout` does not wait at all. */
export const LONGEST_TIME: number = 2 ** 31 - 1;

/**
 * Milliseconds on a clock that only goes forward. Node has `performance` too, but first has to load it, and that takes
 * longer than a lookup on the same machine.
 */
export const now: () => number =
  typeof process === "object" && typeof process.hrtime === "function"
    ? () => {
        const [seconds, nanoseconds] = process.hrtime();
        return seconds * 1000 + nanoseconds / 1_000_000;
      }
    : () => performance.now();
