/**
 * Reads a date as ISO 8601 and YAML write it: `2026-01-31`, `2026-01-31T12:00:00Z`, `2026-01-31 13:00 +01:00`. Without a
 * zone it is UTC, as YAML has it, so that a file means the same wherever it is read. `undefined` when it is none, or
 * when the calendar does not have it.
 *
 * @example parseInstant("2026-01-31")?.getTime() // 1769817600000
 */
export function parseInstant(text: string): Date | undefined {
  const match = text.length <= LONGEST ? INSTANT.exec(text) : null;
  if (match === null) return undefined;
  const [, date = "", time = "00:00", seconds = "00", fraction = "", zone = "Z"] = match;
  const instant = new Date(`${date}T${time}:${seconds}${fraction.slice(0, 4)}${toIsoZone(zone)}`);
  const isReal = !Number.isNaN(instant.getTime()) && isInCalendar(date);
  return isReal ? instant : undefined;
}

const LONGEST = 64;
const INSTANT =
  /^(\d{4}-\d\d-\d\d)(?:(?:[Tt]|[ \t]+)(\d\d:\d\d)(?::(\d\d)(\.\d+)?)?[ \t]*(Z|z|[+-]\d\d?(?::?\d\d)?)?)?$/;

/** `+1`, `+01`, `+0130` and `+01:30` as the `+01:30` that `Date` reads. */
function toIsoZone(zone: string): string {
  const [, sign = "", hours = "", minutes = "00"] = /^([+-])(\d\d?):?(\d\d)?$/.exec(zone) ?? [];
  return sign === "" ? "Z" : `${sign}${hours.padStart(2, "0")}:${minutes}`;
}

/** `Date` takes the 30th of February for the 1st or 2nd of March. */
function isInCalendar(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}
