import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as clientHelp from "../../packages/finger-client/src/command/help.js";
import type { OptionName } from "../../packages/finger-server/src/node/command/command-line.js";
import * as serverHelp from "../../packages/finger-server/src/node/command/help.js";
import { readConfig } from "../../packages/finger-server/src/node/config/read-config.js";
import { type Entry, formatManPage, type ManPage, type Part } from "../../scripts/man-page.mjs";
import { describeClient } from "../../scripts/manuals/finger-client.mjs";
import { describeConfig, TYPESCRIPT_EXAMPLE, YAML_EXAMPLE } from "../../scripts/manuals/finger-config.mjs";
import { describeServer } from "../../scripts/manuals/finger-server.mjs";
import { repository } from "./support/network.js";
import { describePeer, hasCommand } from "./support/peer.js";

const SCHEMA = JSON.parse(readFileSync(repository("packages/finger-server/finger.config.schema.json"), "utf8"));

const CLIENT = describeClient(clientHelp);
const SERVER = describeServer(serverHelp);
const CONFIG = describeConfig(SCHEMA);

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
  section: 1,
  date: "2000-01-01",
  summary: "do 'that'",
  synopsis: ["[OPTION]...", "-x 'Y'"],
  sections: [
    ["DESCRIPTION", TEXTS.map(([text]) => text)],
    ["OPTIONS", [{ usages: TEXTS.map(([text]) => [text, text]) }]],
    ["LINES", [{ heading: ".x" }, { lines: TEXTS.map(([text]) => text).join("\n") }, "more"]],
    ["EXAMPLES", [TEXTS.map(([text]) => [text, text])]],
    ["ENVIRONMENT", [[]]],
    ["EXIT STATUS", [[[0, ".done"]]]],
  ],
  seeAlso: [".x", "sh(1)", "finger.config(5)"],
  standards: ["'x"],
};

const SECTIONS: ReadonlyArray<[name: string, manual: ManPage, headings: readonly string[]]> = [
  [
    "finger-client(1)",
    CLIENT,
    ["SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "ENVIRONMENT", "EXIT STATUS", "SEE ALSO", "STANDARDS"],
  ],
  [
    "finger-server(1)",
    SERVER,
    [
      ...["SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "SIGNALS", "THE PORT 79", "EXAMPLES", "ENVIRONMENT"],
      ...["EXIT STATUS", "FILES", "SEE ALSO", "STANDARDS"],
    ],
  ],
  [
    "finger.config(5)",
    CONFIG,
    ["DESCRIPTION", "KEYS", "A PLACE", "RELOADING", "ENCRYPTION", "EXAMPLES", "FILES", "SEE ALSO"],
  ],
];

it.each(SECTIONS)("has in %s the sections that people look for, in their order", (_, manual, headings) => {
  const found = [...formatManPage(manual).matchAll(/^\.SH (.*)$/gm)].map(([, heading]) => heading);
  expect(found).toEqual(["NAME", ...headings]);
});

const TITLES: ReadonlyArray<[manual: ManPage, title: string]> = [
  [SERVER, '.TH "FINGER-SERVER" 1 2026-11-26 "finger-server" "General Commands Manual"'],
  [CONFIG, '.TH "FINGER.CONFIG" 5 2026-11-26 "finger.config" "File Formats Manual"'],
];

it.each(TITLES)("says which section a page is of: %#", (manual, title) => {
  expect(toPlain(formatManPage(manual)).split("\n")[0]).toBe(title);
});

const { OPTION_GROUPS, COMMANDS, EXAMPLES, EXIT_CODES, ENVIRONMENT } = serverHelp;

const SOURCES: ReadonlyArray<[name: string, manual: ManPage, entries: ReadonlyArray<readonly [unknown, string]>]> = [
  [
    "finger-client(1)",
    CLIENT,
    [
      ...Object.entries(clientHelp.OPTION_HELP).map(([name, { text }]) => {
        return [clientHelp.toUsage(name as keyof typeof clientHelp.OPTION_HELP).trim(), text] as const;
      }),
      ...[clientHelp.EXAMPLES, clientHelp.EXIT_CODES, clientHelp.ENVIRONMENT].flat(),
    ],
  ],
  [
    "finger-server(1)",
    SERVER,
    [
      ...OPTION_GROUPS.flatMap(([, options]) =>
        Object.entries(options).map(([name, { text }]) => {
          return [serverHelp.toUsage(name as OptionName), text] as const;
        }),
      ),
      ...[COMMANDS, EXAMPLES, EXIT_CODES, ENVIRONMENT].flat(),
    ],
  ],
];

it.each(SOURCES)("has in %s all that --help has", (_, manual, entries) => {
  const plain = toPlain(formatManPage(manual));
  const missing = entries.filter(([term, text]) => !plain.includes(`\n.TP\n${term}\n${text}\n`));
  expect(missing).toEqual([]);
});

describe("finger.config(5)", () => {
  const plain = toPlain(formatManPage(CONFIG));

  it("has each text of the schema as often as the schema has it", () => {
    const texts = collect(SCHEMA, "description");
    expect(texts.length).toBeGreaterThan(70);
    const count = (text: string) => plain.split(`${text}\n`).length - 1;
    const often = (text: string) => texts.filter((other) => other.endsWith(text)).length;
    expect(texts.filter((text) => count(text) !== often(text))).toEqual([]);
  });

  const KEYS: ReadonlyArray<[path: string, text: string, why: string]> = [
    ["users", "Text. The path of a users file", "a key of the root"],
    ["limits.rate", "Whole number from 1, or false. Queries a minute", "a bound that can be taken away"],
    ["limits.idle", "Whole number from 100, or false. Longest pause", "one that is a time"],
    ["process.workers", "Whole number from 1 to 999. How many", "a number with an end"],
    ["show[].users", "List of text. The logins", "a key of each item of a list"],
    ["routes.NAME.page", "Text; it must be there. The URL", "a key that must be there, behind a name"],
    ["listen", "Whole number from 0 to 65535, or text, or place, or a list of those. Where", "one of several kinds"],
    ["log.audit", 'True or false, or "redacted". Logs', "a word among them"],
    ["tls.cert", "Text; it must be there. The path of the certificate", "a key of a place"],
    ["plugins.NAME.options", "Anything. What", "whatever one likes"],
  ];

  it.each(KEYS)("tells of %s: %s…, which is %s", (path, text) => {
    expect(plain).toContain(`\n.TP\n${path}\n${text}`);
  });

  const CONFIGS: ReadonlyArray<[name: string, text: string]> = [
    ["finger.config.yaml", YAML_EXAMPLE],
    ["finger.config.ts", TYPESCRIPT_EXAMPLE],
  ];

  it.each(CONFIGS)("has an example of %s that is right", async (name, text) => {
    const folder = await mkdtemp(join(tmpdir(), "finger-manual-"));
    try {
      await writeFile(join(folder, name), text);
      expect(await readConfig(join(folder, name))).toMatchObject({ users: join(folder, "users") });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

it("leaves out a section that would be empty", () => {
  expect(formatManPage(HOSTILE)).not.toContain("ENVIRONMENT");
});

it("leaves lines as they are, but for what roff would take for something else", () => {
  const [, body = ""] =
    /\.nf\n([\s\S]*)\.fi\n/.exec(formatManPage({ ...HOSTILE, sections: [["X", [{ lines: LINES }]]] })) ?? [];
  expect(body).toMatch(/^(?:(?![.'])[\x20-\x7e]+\n)+$/);
  expect(toPlain(body)).toBe(`${LINES}\n`);
});

/** With blanks that count. */
const LINES = "a:\n  - 'b'\n.c: \\d\n'e: 1  # two blanks";

it.each(TEXTS)("writes %j in characters that every roff knows, in one line that is no request: %s", (text) => {
  const [, line = ""] =
    /^\.SH DESCRIPTION\n([\s\S]*)\.SH SEE ALSO\n/m.exec(
      formatManPage({ ...HOSTILE, sections: [["DESCRIPTION", [text]]] }),
    ) ?? [];
  expect(line).toMatch(/^(?![.'])[\x20-\x7e]+\n$/);
  expect(toPlain(line).trimEnd()).toBe(text.replace(/\s+/g, " "));
});

const PAGES: ReadonlyArray<[what: string, manual: ManPage]> = [
  ["finger-client(1)", CLIENT],
  ["finger-server(1)", SERVER],
  ["finger.config(5)", CONFIG],
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
      const texts = manual.sections.flatMap(([, parts]) => parts.flatMap(toTexts));
      const missing = [...texts, manual.summary, ...manual.synopsis].filter((text) => !shown.includes(toWords(text)));
      expect(missing).toEqual([]);
    });
  });
}

/** All texts of a part, without what makes some of it bold. */
function toTexts(part: Part): readonly string[] {
  const toPlainText = (text: string | number) => String(text).replace(/`([^`]+)`/g, "$1");
  if (typeof part === "string") return [toPlainText(part)];
  if ("heading" in part) return [part.heading];
  if ("lines" in part) return [part.lines];
  const entries: readonly Entry[] = "usages" in part ? part.usages : part;
  return entries.flatMap(([term, text]) => [String(term), toPlainText(text)]);
}

/** All values of a key, wherever it stands, when they are texts. */
function collect(value: unknown, key: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => {
    return name === key && typeof below === "string" ? [below] : collect(below, key);
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
