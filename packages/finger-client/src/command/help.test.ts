import { expect, it } from "vitest";
import { OPTIONS, type OptionName } from "./command-line.js";
import { ENVIRONMENT, EXAMPLES, EXIT_CODES, formatHelp, OPTION_HELP, toUsage } from "./help.js";

const NAMES = Object.keys(OPTIONS) as OptionName[];
const lines = formatHelp().split("\n");
const words = formatHelp().replace(/\s+/g, " ");

it.each(NAMES)("says what --%s does, and how it is written", (name) => {
  expect(lines.filter((line) => line.trim().startsWith(toUsage(name).trim()))).toHaveLength(1);
  expect(words).toContain(OPTION_HELP[name].text);
});

it.each(NAMES)("gives --%s an argument if it takes one", (name) => {
  expect(OPTION_HELP[name].argument !== undefined).toBe(OPTIONS[name].type === "string");
});

const USAGES: ReadonlyArray<readonly [name: OptionName, usage: string, why: string]> = [
  ["long", "-l, --long", "a letter comes first"],
  ["json", "    --json", "and leaves room where there is none"],
  ["port", "-p, --port PORT", "an argument stands behind"],
  ["color", "    --color[=WHEN]", "one that may be left out touches it"],
];

it.each(USAGES)("writes --%s as %j: %s", (name, usage) => {
  expect(toUsage(name)).toBe(usage);
});

it("has every example, exit code and variable of the environment", () => {
  for (const [term, what] of [...EXAMPLES, ...EXIT_CODES, ...ENVIRONMENT]) expect(words).toContain(`${term} ${what}`);
});

it("fits a terminal of 80 columns, ends with a line end, and wraps no word away", () => {
  expect(lines.filter((line) => line.length > 79)).toEqual([]);
  expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
  expect(formatHelp()).toMatch(/\S\n$/);
});
