import { expect, it } from "vitest";
import type { LineStyle } from "./log-line.js";
import { createDescribeLoss } from "./loss.js";

const NOON = new Date(Date.UTC(2026, 10, 26, 12, 0, 5, 7));

const LINES: ReadonlyArray<readonly [format: LineStyle["format"], lines: number, line: string]> = [
  ["human", 3, "2026-11-26T12:00:05Z error here 3 lines are missing: the disk is full  lost=3\n"],
  ["human", 1, "2026-11-26T12:00:05Z error here 1 line is missing: the disk is full  lost=1\n"],
  [
    "json",
    3,
    '{"time":"2026-11-26T12:00:05.007Z","level":"error","msg":"here 3 lines are missing: the disk is full","lost":3}\n',
  ],
];

it.each(LINES)("describes in a log that is %s that %d are lost, by a line as all others are", (format, lines, line) => {
  expect(createDescribeLoss({ format }, () => NOON)(lines, "the disk is full")).toBe(line);
});
