import { expect, it } from "vitest";
import { toWait } from "./backoff.js";

const ROWS: ReadonlyArray<readonly [failures: number, random: number, ms: number, why: string]> = [
  [1, 1, 2_000, "the first"],
  [2, 1, 4_000, "twice that"],
  [2, 0.5, 2_000, "anything up to it"],
  [9, 1, 300_000, "5 minutes at most"],
  [5_000, 1, 300_000, "no number is too great"],
  [1, 0, 250, "never at once, for a server may hang up in the same moment"],
];

it.each(ROWS)("waits after %i failures, at %d, %i ms: %s", (failures, random, ms) => {
  expect(toWait(failures, () => random)).toBe(ms);
});
