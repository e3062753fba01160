/**
 * `Sun Nov 22 16:36 (UTC)` or `Sun 22 Nov …`, with or without its year. `undefined` when the zone is not certain: an
 * abbreviation such as `CST` has several. Without a year it is the last such weekday before `now`.
 */
export function parseDate(text: string, now: Date): Date | undefined {
  const match = /^(\w+) (\w+) +(\w+) (\d\d):(\d\d)(?: (\d{4}))? \((?:UTC|GMT|([+-]\d\d)(\d\d)?)\)$/.exec(text);
  if (match === null) return undefined;
  const [, weekday, first, second, hour, minute, year, zoneHour = "+00", zoneMinute = "00"] = match;
  const [month, day] = Number(first) > 0 ? [second, first] : [first, second];
  const latest = now.getUTCFullYear() + 1;
  for (let guess = Number(year ?? latest); year || guess > latest - 12; guess--) {
    const clock = `${day} ${month} ${guess} ${hour}:${minute}`;
    const date = new Date(`${clock} ${zoneHour}${zoneMinute}`);
    const isRight = WEEKDAYS[new Date(`${clock} +0000`).getUTCDay()] === weekday;
    if (year !== undefined || Number.isNaN(date.getTime())) return isRight ? date : undefined;
    if (isRight && date.getTime() < now.getTime() + A_DAY) return date;
  }
  return undefined;
}

/** Seconds, from `3 minutes 4 seconds idle`, `idle 1 day 3:04`, or the short list's `12`, `1:07` and `3d`. */
export function parseIdle(text: string): number {
  let seconds = 0;
  for (const [, count, unit = "m"] of text.matchAll(/(\d+) ?([dhms:])?/g)) {
    seconds += Number(count) * (UNITS[unit] as number);
  }
  return seconds;
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const UNITS: Readonly<Record<string, number>> = { d: 86400, h: 3600, ":": 3600, m: 60, s: 1 };
const A_DAY = 86400_000;
