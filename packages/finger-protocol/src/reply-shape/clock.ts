/**
 * `Sun Nov 22 16:36 (UTC)` or `Sun 22 Nov …`, with or without its year. `undefined` when the zone is not certain: an
 * abbreviation such as `CST` has several. Without a year it is the last such weekday before `now`.
 */
export function parseDate(text: string, now: Date): Date | undefined {
  const [, weekday, day, time, year, zone] =
    /^(\w+) +(\w+ +\w+) (\d\d:\d\d)(?: (\d{4}))? \((UTC|GMT|[+-][01]\d(?:[0-5]\d)?)\)$/.exec(text) ?? [];
  if (zone === undefined) return undefined;
  const latest = Number(year ?? now.getUTCFullYear() + 1);
  for (let guess = latest; guess > latest - (year ? 1 : 12); guess--) {
    const clock = `${day} ${guess} ${time} `;
    const date = new Date(clock + zone.replace(/^.\d\d$/, "$&00"));
    const isRight = new Date(`${clock}GMT`).toUTCString().startsWith(`${weekday},`);
    if (isRight && (year || +date < +now + A_DAY)) return date;
  }
  return undefined;
}

/** Seconds, from `3 minutes 4 seconds idle`, `idle 1 day 3:04`, or the short list's `12`, `1:07` and `3d`. */
export function parseIdle(text: string): number {
  let seconds = 0;
  for (const [, count, unit = "m"] of text.matchAll(/(\d{1,9}) ?([dhms:])?/g)) {
    seconds += Number(count) * (UNITS[unit] as number);
  }
  return seconds;
}

const UNITS: Readonly<Record<string, number>> = { d: 86400, h: 3600, ":": 3600, m: 60, s: 1 };
const A_DAY = 86400_000;
