/** @throws `RangeError` when the value of an option is no whole number from `least` to `most`. */
export function assertWhole(name: string, value: number, most: number = Number.MAX_SAFE_INTEGER, least = 1): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`The option ${name} must be a whole number from ${least} to ${most}, but is ${String(value)}.`);
}

/** The longest time that a timer measures, in milliseconds: 24 days. */
export const LONGEST_TIME: number = 2 ** 31 - 1;
