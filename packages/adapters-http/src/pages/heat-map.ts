import { type Html, html } from "./html.js";
import { formatDay, formatMonth, isTime, MONTHS } from "./time.js";

/** The last year in days, a column a week and Monday first, all in UTC. */
interface Year {
  readonly firstDay: number;
  readonly lastDay: number;
  /** Changes by day; a day without any is not in it. */
  readonly counts: ReadonlyMap<number, number>;
}

/**
 * Draws how often a status was changed on each day of the last 53 weeks, and tells it in words and in a table too.
 *
 * @param changes - In any order; what lies outside of the year is left out.
 */
export function showHeatMap(changes: readonly Date[], now: Date): Html {
  const year = countYear(changes, now);
  const summary = summarize(year);
  return html`<div class="year"><svg viewBox="0 0 ${WEEKS * PITCH} ${TOP + 7 * PITCH - GAP}" role="img" aria-labelledby="year-title" aria-describedby="year-text"><title id="year-title">Status changes in the last year</title>${showMonths(year)}<g transform="translate(5 ${TOP})">${showLevels(year)}</g></svg></div><p id="year-text" class="since">${summary}</p>${showTable(year)}`;
}

function countYear(changes: readonly Date[], now: Date): Year {
  const lastDay = toDay(now);
  const firstDay = lastDay - toWeekday(lastDay) - (WEEKS - 1) * 7;
  const counts = new Map<number, number>();
  for (const day of changes.filter(isTime).map(toDay)) {
    if (day >= firstDay && day <= lastDay) counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return { firstDay, lastDay, counts };
}

function summarize({ firstDay, counts }: Year): string {
  const days = [...counts];
  if (days.length === 0) return `No changes since ${formatDay(toDate(firstDay))}.`;
  const total = days.reduce((sum, [, count]) => sum + count, 0);
  const [day, most] = days.reduce((best, next) => (next[1] > best[1] ? next : best));
  const sum = `${say(total, "change")} on ${say(days.length, "day")} since ${formatDay(toDate(firstDay))}`;
  return most === 1 ? `${sum}.` : `${sum}, most on ${formatDay(toDate(day))}: ${most}.`;
}

/** A month is named above the week in which it begins; not at the right edge, where its name has no room. */
function showMonths({ firstDay }: Year): readonly Html[] {
  const first = toDate(firstDay - 1);
  const [year, month] = [first.getUTCFullYear(), first.getUTCMonth()];
  return Array.from({ length: 13 }, (_, index) => new Date(Date.UTC(year, month + 1 + index, 1)))
    .map((date) => ({ date, week: Math.floor((toDay(date) - firstDay) / 7) }))
    .filter(({ week }) => week < WEEKS - 1)
    .map(({ date, week }) => html`<text x="${week * PITCH}" y="8">${MONTHS[date.getUTCMonth()]?.slice(0, 3)}</text>`);
}

/** A path for each level, of a line for each run of days in a week: the style sheet dashes it into days. */
function showLevels(year: Year): readonly Html[] {
  const runs = LEVELS.map(() => "");
  for (let from = year.firstDay; from <= year.lastDay; ) {
    const level = toLevel(year, from);
    let end = from + 1;
    while (toWeekday(end) !== 0 && end <= year.lastDay && toLevel(year, end) === level) end++;
    const week = Math.floor((from - year.firstDay) / 7);
    runs[level] += `M${week * PITCH} ${toWeekday(from) * PITCH}v${(end - from) * PITCH}`;
    from = end;
  }
  return runs.map((run, level) => (run === "" ? html`` : html`<path class="l${level}" d="${run}"/>`));
}

function toLevel({ counts }: Year, day: number): number {
  const count = counts.get(day) ?? 0;
  return count === 0 ? 0 : LEVELS.findLastIndex((least) => count >= least);
}

/** The same for those who cannot see it, or want to know it exactly: the months that have changes. */
function showTable({ counts }: Year): Html | undefined {
  const months = new Map<string, number>();
  for (const [day, count] of [...counts].sort(([a], [b]) => b - a)) {
    const month = formatMonth(toDate(day));
    months.set(month, (months.get(month) ?? 0) + count);
  }
  if (months.size === 0) return undefined;
  const rows = Array.from(months, ([month, count]) => html`<tr><th scope="row">${month}</th><td>${count}</td></tr>`);
  return html`<details><summary>Changes by month</summary><table><thead><tr><th scope="col">Month</th><th scope="col">Changes</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}

function say(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Days since the beginning of 1970. */
function toDay(date: Date): number {
  return Math.floor(date.getTime() / DAY);
}

function toDate(day: number): Date {
  return new Date(day * DAY);
}

/** Monday is 0; the first day of 1970 was a Thursday. */
function toWeekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

const DAY = 86_400_000;
const WEEKS = 53;
/** From the middle of one day to that of the next. */
const PITCH = 10;
/** Between two days: the style sheet has it too. */
const GAP = 2;
/** Room for the names of the months. */
const TOP = 16;
/** The fewest changes of a day of each level. */
const LEVELS: readonly number[] = [0, 1, 2, 4, 8];
