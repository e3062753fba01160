import { expect, it } from "vitest";
import { OPTIONS, type OptionName } from "./command-line.js";
import { formatHelp, OPTION_GROUPS, toUsage } from "./help.js";

const HELP = formatHelp();

it("has every option once, and no other", () => {
  const told = OPTION_GROUPS.flatMap(([, options]) => Object.keys(options));
  expect(told.sort()).toEqual(Object.keys(OPTIONS).sort());
});

it.each(Object.keys(OPTIONS) as OptionName[])("shows --%s at the beginning of a line", (name) => {
  const lines = HELP.split("\n").filter((line) => line.startsWith(`  ${toUsage(name)}`));
  expect(lines.length).toBe(1);
});

it.each(Object.entries(OPTIONS))("tells what stands behind --%s, if anything does", (name, { type }) => {
  const [, , argument] = /^(-\w, )?--[\w-]+( [A-Z=]+)?$/.exec(toUsage(name as OptionName)) ?? [];
  expect(argument !== undefined).toBe(type === "string");
});

it("fits a terminal, and is about as long as one can bear", () => {
  const lines = HELP.split("\n");
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.length).toBeLessThanOrEqual(105);
});

it("ends with the end of a line, and has no blanks before one", () => {
  expect(HELP).toMatch(/[^\n]\n$/);
  expect(HELP).not.toMatch(/[ \t]\n/);
});
