/** @throws `RangeError` when the value of an option is no whole number from 1 to `most`. */
export function assertWhole(name: string, value: number, most: number = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return;
  throw new RangeError(`The option ${name} must be a whole number from 1 to ${most}, but is ${String(value)}.`);
}

/** The longest time that a timer measures, in milliseconds: 24 days. */
export const LONGEST_TIME: number = 2 ** 31 - 1;
