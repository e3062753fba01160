import { parseArgs } from "node:util";
import { nearest } from "../../users/nearest.js";
import { UsageError } from "./exit-code.js";

/** The options of the command, as parseArgs wants to know them; help.ts says what they do. */
export const OPTIONS = {
  users: { type: "string" },
  system: { type: "boolean" },
  store: { type: "string" },
  host: { type: "string" },
  port: { type: "string" },
  setter: { type: "string" },
  tokens: { type: "string" },
  http: { type: "string" },
  irc: { type: "string" },
  metrics: { type: "string" },
  "proxy-protocol": { type: "string", multiple: true },
  inetd: { type: "boolean" },
  limit: { type: "string", multiple: true },
  workers: { type: "string" },
  config: { type: "string" },
  "passphrase-file": { type: "string" },
  check: { type: "boolean" },
  "print-config": { type: "boolean" },
  daemon: { type: "boolean" },
  pidfile: { type: "string" },
  logfile: { type: "string" },
  user: { type: "string" },
  group: { type: "string" },
  umask: { type: "string" },
  directory: { type: "string" },
  audit: { type: "boolean" },
  "log-level": { type: "string" },
  "log-format": { type: "string" },
  debug: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

export type OptionName = keyof typeof OPTIONS;

/** What was written behind the name of the command. */
export interface CommandLine {
  /** Behind the options: empty, or a subcommand and its arguments. */
  readonly words: readonly string[];
  /** The options that were given. */
  readonly values: CommandValues;
}

/** The options by name; what is left out was not given. */
export type CommandValues = {
  readonly [Name in OptionName]?: (typeof OPTIONS)[Name] extends { readonly multiple: true }
    ? string[]
    : (typeof OPTIONS)[Name]["type"] extends "boolean"
      ? boolean
      : string;
};

/** @throws `UsageError` for what is no option, with the one that is most like it. */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
    return { words: positionals, values };
  } catch (error) {
    throw new UsageError(`${toReason(error)}; see --help`);
  }
}

/** What parseArgs says, without what it says for programmers. */
function toReason(error: unknown): string {
  const [what = ""] = (error instanceof Error ? error.message : String(error)).split(/\.?\n|\. /, 1);
  const [, unknown] = /^Unknown option '--([\w-]*)/.exec(what) ?? [];
  const meant = unknown === undefined ? undefined : nearest(unknown, Object.keys(OPTIONS));
  return meant === undefined ? what : `${what}; did you mean --${meant}?`;
}
