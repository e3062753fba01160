import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
  ENVIRONMENT,
  EXAMPLES,
  EXIT_CODES,
  OPTION_HELP,
  toUsage,
} from "../../packages/finger-client/src/command/help.js";
import { formatManPage, type ManPage } from "../../scripts/man-page.mjs";
import { describeClient } from "../../scripts/manuals/finger-client.mjs";
import { describePeer, hasCommand } from "./support/peer.js";

const MANUAL = describeClient({ OPTION_HELP, EXAMPLES, EXIT_CODES, ENVIRONMENT, toUsage });

/** What roff would take for something else. */
const TEXTS: ReadonlyArray<[text: string, why: string]> = [
  [".Dd starts with a dot", "it is no request"],
  ["'br starts with an apostrophe", "nor is this"],
  ["C:\\new \\fBnot bold\\fR \\(em", "a backslash is one"],
  ["it's `a lone backquote", "quotes do not become curly"],
  ['say "hello" -- ~/x^y', "and neither do the others become what a shell does not know"],
  ["a line\n.br of its own\n\nand more", "line ends are blanks"],
  ["Ünïcode — 日本 🙂", "all is printed"],
];

const HOSTILE: ManPage = {
  name: "x-y",
  date: "2000-01-01",
  summary: "do 'that'",
  synopsis: ["[OPTION]...", "-x 'Y'"],
  description: TEXTS.map(([text]) => text),
  options: TEXTS.map(([text]) => [text, text]),
  examples: TEXTS.map(([text]) => [text, text]),
  environment: [],
  exitCodes: [[0, ".done"]],
  seeAlso: [".x", "sh(1)"],
  standards: ["'x"],
};

describe("the page of finger-client", () => {
  const page = formatManPage(MANUAL);
  const plain = toPlain(page);

  it.each(MANUAL.options)("has the option %s", (usage, text) => {
    expect(plain).toContain(`\n.TP\n${String(usage).trim()}\n${text}\n`);
  });

  it("has all options of the command", () => {
    const missing = Object.keys(OPTION_HELP).filter((name) => !page.includes(`--${name}`.replaceAll("-", "\\-")));
    expect(missing).toEqual([]);
  });

  it.each([...EXAMPLES, ...EXIT_CODES, ...ENVIRONMENT])("has %s", (term, text) => {
    expect(plain).toContain(`\n.TP\n${term}\n${text}\n`);
  });

  it("has the sections that people look for, in their order", () => {
    expect([...page.matchAll(/^\.SH (.*)$/gm)].map(([, heading]) => heading)).toEqual([
      "NAME",
      "SYNOPSIS",
      "DESCRIPTION",
      "OPTIONS",
      "EXAMPLES",
      "ENVIRONMENT",
      "EXIT STATUS",
      "SEE ALSO",
      "STANDARDS",
    ]);
  });
});

it("leaves out a section that would be empty", () => {
  expect(formatManPage(HOSTILE)).not.toContain("ENVIRONMENT");
});

it.each(TEXTS)("writes %j in characters that every roff knows, in one line that is no request: %s", (text) => {
  const [, line = ""] =
    /^\.SH DESCRIPTION\n([\s\S]*)\.SH OPTIONS\n/m.exec(formatManPage({ ...HOSTILE, description: [text] })) ?? [];
  expect(line).toMatch(/^(?![.'])[\x20-\x7e]+\n$/);
  expect(toPlain(line).trimEnd()).toBe(text.replace(/\s+/g, " "));
});

const PAGES: ReadonlyArray<[what: string, manual: ManPage]> = [
  ["finger-client(1)", MANUAL],
  ["a page full of what roff would take for something else", HOSTILE],
];

const FORMATTERS: ReadonlyArray<[command: string, lint: readonly string[], render: readonly string[], remedy: string]> =
  [
    ["mandoc", ["-T", "lint", "-W", "warning"], ["-T", "utf8"], "apt-get install mandoc"],
    ["groff", ["-man", "-Tutf8", "-ww", "-z"], ["-man", "-Tutf8", "-P-c"], "apt-get install groff-base"],
  ];

for (const [command, lint, render, remedy] of FORMATTERS) {
  describePeer(`the manual in ${command}`, hasCommand(command), remedy, () => {
    it.each(PAGES)("takes %s without a warning", (_, manual) => {
      const { status, stdout, stderr } = spawnSync(command, lint, { input: formatManPage(manual), encoding: "utf8" });
      expect({ status, printed: stdout + stderr }).toEqual({ status: 0, printed: "" });
    });

    it.each(PAGES)("shows all of %s", (_, manual) => {
      const { stdout } = spawnSync(command, render, { input: formatManPage(manual), encoding: "utf8" });
      const shown = toWords(stdout.replace(/.\x08/gu, ""));
      const texts = [manual.options, manual.examples, manual.environment, manual.exitCodes].flat(2).map(String);
      const missing = [...texts, manual.summary, ...manual.synopsis].filter((text) => !shown.includes(toWords(text)));
      expect(missing).toEqual([]);
    });
  });
}

/** Undoes what the page does to text; what roff does to it in earnest the peers show. */
function toPlain(page: string): string {
  const names: Readonly<Record<string, string>> = { rs: "\\", aq: "'", ga: "`", dq: '"', ha: "^", ti: "~" };
  return page.replace(/\\(?:f[BIR]|&|(-)|\(([a-z]{2})|\[u([0-9A-F]+)\])/g, (_, hyphen, name, code) => {
    return hyphen ?? names[name] ?? (code ? String.fromCodePoint(Number.parseInt(code, 16)) : "");
  });
}

/** Formatters wrap lines where they like, and behind hyphens too. */
function toWords(text: string): string {
  return text.replace(/\s+/g, "");
}
