import { setTimeout as sleep } from "node:timers/promises";
import { diffArrays } from "diff";
import { FingerError, sanitize } from "finger-protocol";
import { isColorful } from "./color.js";
import type { CommandLine } from "./command-line.js";
import type { CommandIO } from "./io.js";

/** What is known of a target: the lines of its last reply, or why there was none. */
interface Seen {
  lines: readonly string[] | undefined;
  failure: string | undefined;
}

/** Asks all targets every `interval` milliseconds, and prints the first replies and then what changes, until interrupted. */
export async function watch(interval: number, line: CommandLine, io: CommandIO): Promise<never> {
  const seen = new Map<string, Seen>(line.targets.map((target) => [target, { lines: undefined, failure: undefined }]));
  for (;;) {
    for (const [target, before] of seen) await look(target, before, line, io);
    await sleep(interval);
  }
}

/** A server that is away comes back: what is wrong is said once, and asked again. */
async function look(target: string, before: Seen, line: CommandLine, io: CommandIO): Promise<void> {
  try {
    const { ask, toRecord, toJsonLine } = await import("./print-json.js");
    const reply = await ask(target, line);
    // What is missing in half a reply has not changed.
    if (reply.error !== undefined) throw reply.error;
    const toShown = await resolveShown(line);
    const lines = toLines(toShown(reply.text));
    const { lines: old, failure } = before;
    before.lines = lines;
    before.failure = undefined;
    const changes = diffArrays([...(old ?? [])], [...lines]);
    if (old !== undefined && failure === undefined && changes.every(({ added, removed }) => !added && !removed)) return;
    if (line.form !== "json") io.out(toText(toShown(sanitize(target)), old, changes, line, io));
    else io.out(toJsonLine({ ...toRecord(target, reply), time: new Date(), ...toFields(changes) }, line));
  } catch (error) {
    if (!FingerError.is(error) || IS_FINAL.has(error.code)) throw error;
    if (before.failure === error.message) return;
    before.failure = error.message;
    io.err(`finger-client: ${error.message}\n`);
  }
}

type Changes = ReturnType<typeof diffArrays<string>>;

function toText(
  name: string,
  old: readonly string[] | undefined,
  changes: Changes,
  { color }: CommandLine,
  io: CommandIO,
): string {
  const isColored = color === "always" || (color !== "never" && isColorful(io));
  const paint = (text: string, sgr: number) => (isColored ? `\x1b[${sgr}m${text}\x1b[0m` : text);
  const heading = paint(`[${name}] ${new Date().toISOString().slice(0, 19)}Z`, BOLD);
  const lines = changes.flatMap(({ value, added, removed }) => {
    if (old === undefined) return value;
    if (added) return value.map((text) => paint(`+ ${text}`, GREEN));
    return removed ? value.map((text) => paint(`- ${text}`, RED)) : [];
  });
  return `${[heading, ...lines].join("\n")}\n`;
}

function toFields(changes: Changes): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  return {
    added: changes.flatMap(({ value, added }) => (added ? value : [])),
    removed: changes.flatMap(({ value, removed }) => (removed ? value : [])),
  };
}

/** JSON has a way of its own to be ASCII, which loses nothing. */
async function resolveShown({ ascii, form }: CommandLine): Promise<(text: string) => string> {
  return ascii && form !== "json" ? (await import("./ascii.js")).toAscii : (text) => text;
}

function toLines(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** What no waiting mends. */
const IS_FINAL: ReadonlySet<string> = new Set(["ERR_FINGER_TARGET", "ERR_FINGER_QUERY", "ERR_FINGER_DENIED"]);

/** SGR (ECMA-48 8.3.117). */
const BOLD = 1;
const RED = 31;
const GREEN = 32;
