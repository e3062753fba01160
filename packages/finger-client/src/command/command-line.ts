import { parseArgs } from "node:util";
import { LONGEST_TIME } from "../connection/clock.js";

/** The options of the command, as parseArgs wants to know them; help.ts says what they do. */
export const OPTIONS = {
  long: { type: "boolean", short: "l" },
  short: { type: "boolean", short: "s" },
  port: { type: "string", short: "p" },
  ipv4: { type: "boolean", short: "4" },
  ipv6: { type: "boolean", short: "6" },
  timeout: { type: "string" },
  "max-time": { type: "string" },
  "max-size": { type: "string" },
  json: { type: "boolean" },
  raw: { type: "boolean" },
  force: { type: "boolean" },
  "token-in-clear": { type: "boolean" },
  ascii: { type: "boolean" },
  color: { type: "string" },
  "no-color": { type: "boolean" },
  tls: { type: "boolean" },
  proxy: { type: "string" },
  link: { type: "boolean" },
  watch: { type: "string" },
  set: { type: "string" },
  completion: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

export type OptionName = keyof typeof OPTIONS;

/** What the user wants; what is left out was not asked for. */
export interface CommandLine {
  readonly targets: readonly string[];
  /** `/W`: `true` when it was asked for, `false` when it was forbidden. */
  readonly verbose?: boolean | undefined;
  readonly port?: number | undefined;
  readonly family?: 4 | 6 | undefined;
  /** In milliseconds, as all times here. */
  readonly timeout?: number | undefined;
  readonly maxTime?: number | undefined;
  readonly maxSize?: number | undefined;
  /** Other than as text. */
  readonly form?: "json" | "raw" | undefined;
  readonly force?: boolean | undefined;
  readonly "token-in-clear"?: boolean | undefined;
  readonly ascii?: boolean | undefined;
  readonly color?: "always" | "auto" | "never" | undefined;
  readonly tls?: boolean | undefined;
  readonly proxy?: string | undefined;
  readonly link?: boolean | undefined;
  readonly watch?: number | undefined;
  readonly set?: string | undefined;
  readonly completion?: string | undefined;
  readonly help?: boolean | undefined;
  readonly version?: boolean | undefined;
}

/**
 * Reads the arguments. What the environment's `FINGER` holds stands before them, so that they overrule it.
 *
 * @throws `TypeError` for an option or a value that is none.
 */
export function parseCommandLine(argv: readonly string[], defaults = ""): CommandLine {
  const args = [...toWords(defaults), ...argv];
  /** Behind it there are targets only. */
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const { values, positionals, tokens } = parse(
    args.map((word, index) => (word === "--color" && index < end ? "--color=always" : word)),
    defaults,
  );
  /** Of options that exclude each other the last one counts. */
  const last = (...names: readonly string[]): string | undefined => {
    const given = tokens.flatMap((token) =>
      token.kind === "option" && names.includes(token.name) ? [token.name] : [],
    );
    return given.at(-1);
  };
  const form = last("json", "raw");
  const length = last("long", "short");
  const family = last("ipv4", "ipv6");
  return {
    ...values,
    targets: positionals,
    verbose: length === undefined ? undefined : length === "long",
    port: toWhole("--port", values.port, 65535),
    family: family === undefined ? undefined : family === "ipv4" ? 4 : 6,
    timeout: toMilliseconds("--timeout", values.timeout),
    maxTime: toMilliseconds("--max-time", values["max-time"]),
    maxSize: toBytes(values["max-size"]),
    form: form === "json" || form === "raw" ? form : undefined,
    color: last("color", "no-color") === "no-color" ? "never" : toColor(values.color),
    watch: toMilliseconds("--watch", values.watch),
  };
}

/** Targets belong on the command line, and so does what says that only targets follow. */
function toWords(defaults: string): readonly string[] {
  return defaults.split(/\s+/).filter((word) => word !== "" && word !== "--");
}

function parse(args: string[], defaults: string) {
  try {
    return parseArgs({ args, allowPositionals: true, tokens: true, options: OPTIONS });
  } catch (error) {
    // What else it says is of programs, not for who types.
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split(/\.?\n|\. /, 1);
    const where = defaults === "" ? "" : ` (FINGER is ${JSON.stringify(defaults)})`;
    throw new TypeError(`${what}${where}; see --help`);
  }
}

function toWhole(option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= most) return number;
  throw new TypeError(`${option} must be a whole number from 1 to ${most}, but is ${JSON.stringify(text)}`);
}

function toMilliseconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{0,9}\.?\d{0,9}$/.test(text) ? Math.ceil(Number(text) * 1000) : 0;
  if (number >= 1 && number <= LONGEST_TIME) return number;
  throw new TypeError(`${option} must be seconds, such as 2.5, but is ${JSON.stringify(text)}`);
}

/** A number of bytes, or of KiB or MiB with the letter behind it. */
function toBytes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits = "0", unit = ""] = /^(\d{1,9})([kKmM]?)$/.exec(text) ?? [];
  const bytes = Number(digits) * (unit === "" ? 1 : unit.toLowerCase() === "k" ? 1024 : 1024 * 1024);
  if (bytes >= 1) return bytes;
  throw new TypeError(`--max-size must be bytes, such as 65536, 64k or 1M, but is ${JSON.stringify(text)}`);
}

function toColor(text: string | undefined): CommandLine["color"] {
  if (text === undefined || text === "always" || text === "auto" || text === "never") return text;
  throw new TypeError(`--color must be always, auto or never, but is ${JSON.stringify(text)}`);
}
