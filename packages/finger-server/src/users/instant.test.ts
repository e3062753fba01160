import { expect, it } from "vitest";
import { parseInstant } from "./instant.js";

const DATES: ReadonlyArray<readonly [text: string, iso: string | undefined, why: string]> = [
  ["2026-01-31", "2026-01-31T00:00:00.000Z", "a day begins in UTC"],
  ["2026-01-31T12:00:01.5Z", "2026-01-31T12:00:01.500Z", "as JSON writes a date"],
  ["2026-01-31T12:00", "2026-01-31T12:00:00.000Z", "without a zone it is UTC, not that of the machine"],
  ["2026-01-31t12:00:00z", "2026-01-31T12:00:00.000Z", "YAML takes small letters"],
  ["2026-01-31 12:00:00 +1", "2026-01-31T11:00:00.000Z", "YAML takes blanks, and short zones"],
  ["2026-01-31T12:00:00-05:30", "2026-01-31T17:30:00.000Z", "a zone with minutes"],
  ["2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.123Z", "a date has milliseconds"],
  ["2024-02-29", "2024-02-29T00:00:00.000Z", "a leap day"],
  ["2026-02-29", undefined, "a leap day in another year, which Date takes for the 1st of March"],
  ["2026-04-31T10:00Z", undefined, "a day that April does not have"],
  ["2026-01-31T25:00Z", undefined, "an hour that there is not"],
  ["2026-01-31T10:00+99:00", undefined, "a zone that there is not"],
  ["31.1.2026", undefined, "Date would guess"],
  ["yesterday", undefined, "no date"],
  ["2026", undefined, "Date would take a year"],
  ["", undefined, "nothing"],
  [`2026-01-31${" ".repeat(100_000)}x`, undefined, "a long text is refused without a search"],
];

it.each(DATES)("reads %j as %j: %s", (text, iso) => {
  expect(parseInstant(text)?.toISOString()).toBe(iso);
});
