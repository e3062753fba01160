import { expect, it } from "vitest";
import { OPTIONS } from "./command-line.js";
import { formatCompletion } from "./completion.js";
import { OPTION_HELP } from "./help.js";

// What the shells make of the scripts is tested in tests/peers/shells.test.ts.

const SHELLS = OPTION_HELP.completion.values ?? [];

it.each(SHELLS)("%s is told every option", (shell) => {
  const script = formatCompletion(shell);
  const missing = Object.keys(OPTIONS).filter((name) => !new RegExp(`(--|-l )${name}\\b`).test(script));
  expect(missing).toEqual([]);
});

const UNKNOWN: ReadonlyArray<[shell: string, why: string]> = [
  ["tcsh", "it cannot be taught this way"],
  ["", "none was named"],
  ["Bash", "names are in lower case"],
  ["constructor", "what every object has is no shell"],
];

it.each(UNKNOWN)("refuses %j: %s", (shell) => {
  expect(() => formatCompletion(shell)).toThrow(
    new TypeError(`--completion must be bash, zsh or fish, but is ${JSON.stringify(shell)}`),
  );
});

const TOO_NEW: ReadonlyArray<[what: RegExp, since: string]> = [
  [/\bcompopt\b/, "4.0"],
  [/\b(mapfile|readarray|coproc)\b/, "4.0"],
  [/\b(declare|local|typeset) -[a-z]*[Agn]/, "4.0, 4.2 and 4.3"],
  [/\$\{\w+[,^@]/, "4.0 and 4.4"],
  [/&>>|\|&|;;?&/, "4.0"],
  [/\$\{\w+: -|\[-1\]/, "4.2 and 4.3"],
];

it.each(TOO_NEW)("asks no bash 3.2 for %s, which is there since %s", (what) => {
  expect(formatCompletion("bash")).not.toMatch(what);
});
