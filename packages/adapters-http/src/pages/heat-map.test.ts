import { expect, it } from "vitest";
import { showHeatMap } from "./heat-map.js";

const NOW = new Date("2026-11-26T05:04:00Z");

/** The days that are drawn in a level: `week,weekday`. */
function readDays(markup: string, level: number): readonly string[] {
  const path = new RegExp(`<path class="l${level}" d="([^"]*)"/>`).exec(markup)?.[1] ?? "";
  return [...path.matchAll(/M(\d+) (\d+)v(\d+)/g)].flatMap(([, x, y, length]) =>
    Array.from({ length: Number(length) / 10 }, (_, day) => `${Number(x) / 10},${Number(y) / 10 + day}`),
  );
}

function draw(times: readonly string[], now: Date = NOW): string {
  return showHeatMap(
    times.map((time) => new Date(time)),
    now,
  ).toString();
}

/** All days that are drawn. */
function countDays(markup: string): number {
  return [0, 1, 2, 3, 4].reduce((sum, level) => sum + readDays(markup, level).length, 0);
}

const WHEN: ReadonlyArray<[time: string, now: string, place: string | undefined, why: string]> = [
  ["2026-11-26T00:00:00Z", "2026-11-26T05:04:00Z", "52,3", "today is in the last week, here a Thursday"],
  ["2026-11-25T23:59:59.999Z", "2026-11-26T00:00:00Z", "52,2", "a day ends at midnight in UTC"],
  ["2025-11-24T00:00:00Z", "2026-11-26T05:04:00Z", "0,0", "the first day is a Monday"],
  ["2025-11-23T23:59:59Z", "2026-11-26T05:04:00Z", undefined, "what was before is left out"],
  ["2026-11-26T23:00:00Z", "2026-11-26T05:04:00Z", "52,3", "clocks differ a little"],
  ["2026-11-27T00:00:00Z", "2026-11-26T05:04:00Z", undefined, "nobody has seen the future"],
  ["2024-02-29T12:00:00Z", "2024-03-01T00:00:00Z", "52,3", "a leap day is a day"],
  ["2025-12-31T23:00:00Z", "2026-01-01T01:00:00Z", "52,2", "a year ends within a week"],
  ["not a date", "2026-11-26T05:04:00Z", undefined, "a date that is none"],
];

it.each(WHEN)("draws %s, seen at %s, at %s: %s", (time, now, place) => {
  expect(readDays(draw([time], new Date(now)), 1)).toEqual(place === undefined ? [] : [place]);
});

const LEVELS: ReadonlyArray<[count: number, level: number]> = [
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [7, 3],
  [8, 4],
  [1000, 4],
];

it.each(LEVELS)("a day of %d changes is of level %d", (count, level) => {
  expect(readDays(draw(Array(count).fill("2026-11-26T00:00:00Z")), level)).toEqual(["52,3"]);
});

const NOWS: ReadonlyArray<[now: string, days: number, why: string]> = [
  ["2026-11-23T00:00:00Z", 365, "a Monday is alone in its week"],
  ["2026-11-29T23:59:59Z", 371, "a Sunday fills it"],
  ["2024-02-29T12:00:00Z", 368, "a leap day is a day"],
  ["1969-12-31T12:00:00Z", 367, "there were days before 1970"],
];

it.each(NOWS)("draws each day once until %s: %s", (now, days) => {
  expect(countDays(draw(["2026-11-23T00:00:00Z"], new Date(now)))).toBe(days);
});

it("says in words what it shows", () => {
  const markup = draw(["2026-11-26T00:00:00Z", "2026-11-26T01:00:00Z", "2026-03-01T01:00:00Z"]);
  const summary = "3 changes on 2 days since 24 November 2025, most on 26 November 2026: 2.";
  expect(markup).toContain('role="img" aria-labelledby="year-title" aria-describedby="year-text"');
  expect(markup).toContain('<title id="year-title">Status changes in the last year</title>');
  expect(markup).toContain(`<p id="year-text" class="since">${summary}</p>`);
  expect(markup).toContain('<th scope="row">November 2026</th><td>2</td>');
  expect(markup).toContain('<th scope="row">March 2026</th><td>1</td>');
});

it("says that there was no change, and has no table of it", () => {
  const markup = draw([]);
  expect(markup).toContain("No changes since 24 November 2025.");
  expect(markup).not.toContain("<table>");
});

const MONTHS: ReadonlyArray<[now: string, months: string, why: string]> = [
  ["2026-11-26", "10Dec 50Jan 90Feb 130Mar 180Apr 220May 270Jun 310Jul 350Aug 400Sep 440Oct 480Nov", "a year"],
  [
    "2026-08-31",
    "0Sep 40Oct 80Nov 130Dec 170Jan 210Feb 250Mar 300Apr 340May 390Jun 430Jul 470Aug",
    "from the first day on",
  ],
  [
    "2026-06-01",
    "40Jul 80Aug 130Sep 170Oct 210Nov 260Dec 300Jan 340Feb 380Mar 430Apr 470May",
    "June begins at the edge",
  ],
];

it.each(MONTHS)("names months where they begin, in the year until %s: %s (%s)", (now, months) => {
  const labels = draw([], new Date(now)).matchAll(/x="(\d+)" y="8">(\w{3})<\/text>/g);
  expect(Array.from(labels, ([, x, month]) => `${x}${month}`).join(" ")).toBe(months);
});

it("is small even when no two days are alike", () => {
  const changes = Array.from({ length: 371 }, (_, day) =>
    Array<Date>((day % 5) ** 2).fill(new Date(NOW.getTime() - day * 86_400_000)),
  ).flat();
  expect(showHeatMap(changes, NOW).toString().length).toBeLessThan(7000);
});

it("counts a thousand changes a day", () => {
  const changes = Array.from({ length: 365_000 }, (_, index) => new Date(NOW.getTime() - index * 86_400));
  const markup = showHeatMap(changes, NOW).toString();
  expect(markup).toContain("365000 changes on 366 days");
});
