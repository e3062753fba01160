/**
 * How long to wait before the next try, in milliseconds: anything up to 2 s after the first failure, twice that after each
 * other, and never more than 5 minutes. Those who lost the same server are so not back in the same moment.
 *
 * @param failures - In a row, from 1.
 * @param random - From 0 to 1.
 */
export function toWait(failures: number, random: () => number = Math.random): number {
  const most = Math.min(LONGEST, FIRST * 2 ** Math.max(0, failures - 1));
  return Math.max(SHORTEST, random() * most);
}

const SHORTEST = 250;
const FIRST = 2_000;
const LONGEST = 5 * 60_000;
