import { setTimeout as sleep } from "node:timers/promises";
import { diffArrays } from "diff";
import { FingerError, sanitize } from "finger-protocol";
import { eachByHost } from "./by-host.js";
import { isColored, type Look, paint } from "./color.js";
import type { CommandLine } from "./command-line.js";
import { report, reportCut } from "./exit-code.js";
import type { CommandIO } from "./io.js";
import { warnOfScript } from "./script.js";

/** A target, and what is known of it: the lines of its last reply, or why there was none. */
interface Watched {
  readonly target: string;
  lines: readonly string[] | undefined;
  failure: string | undefined;
}

/** Asks all targets every `interval` milliseconds, and prints the first replies and then what changes, until interrupted. */
export async function watch(interval: number, line: CommandLine, io: CommandIO): Promise<never> {
  if (line.form === "raw")
    throw new TypeError("--watch compares lines of text, and --raw has none; leave one of them out");
  const all = [...new Set(line.targets)].map((target): Watched => ({ target, lines: undefined, failure: undefined }));
  for (;;) {
    await eachByHost(all, (watched) => look(watched, line, io));
    await sleep(interval);
  }
}

/** A server that is away comes back: what is wrong is said once, and asked again. */
async function look(watched: Watched, line: CommandLine, io: CommandIO): Promise<void> {
  const { ask, toFault, toRecord, toJsonLine } = await import("./print-json.js");
  const { target, lines: old, failure } = watched;
  try {
    const reply = await ask(target, line);
    // What is missing in half a reply has not changed.
    if (reply.error !== undefined) throw reply.error;
    const toShown = await resolveShown(line);
    const lines = toLines(toShown(reply.text));
    watched.lines = lines;
    watched.failure = undefined;
    const changes = compare(old ?? [], lines);
    if (old !== undefined && failure === undefined && changes.every(({ added, removed }) => !added && !removed)) return;
    if (line.form !== "json") io.out(toText(toShown(sanitize(target)), old, changes, line, io));
    else io.out(toJsonLine({ ...toRecord(target, reply), time: new Date(), ...toFields(changes) }, line));
    if (reply.truncated) reportCut(target, line, io);
    warnOfScript(reply.text, target, io);
  } catch (error) {
    if (!FingerError.is(error) || IS_FINAL.has(error.code)) throw error;
    if (failure === error.message) return;
    watched.failure = error.message;
    if (line.form === "json") io.out(toJsonLine({ target, ...toFault(error), time: new Date() }, line));
    report(error, io);
  }
}

/** The lines that are new and those that are gone; of replies that have next to nothing in common, all. */
function compare(old: readonly string[], lines: readonly string[]): Changes {
  const changes = diffArrays([...old], [...lines], { maxEditLength: MOST_EDITS });
  if (changes !== undefined) return changes;
  const part = (value: readonly string[], isNew: boolean) => ({
    value: [...value],
    count: value.length,
    added: isNew,
    removed: !isNew,
  });
  return [part(old, false), part(lines, true)];
}

type Changes = ReturnType<typeof diffArrays<string>>;

function toText(
  name: string,
  old: readonly string[] | undefined,
  changes: Changes,
  line: CommandLine,
  io: CommandIO,
): string {
  const hasColors = isColored(line, io);
  const show = (text: string, look: Look) => (hasColors ? paint(text, look) : text);
  const heading = show(`[${name}] ${new Date().toISOString().slice(0, 19)}Z`, "bold");
  const lines = changes.flatMap(({ value, added, removed }) => {
    if (old === undefined) return value;
    if (added) return value.map((text) => show(`+ ${text}`, "green"));
    return removed ? value.map((text) => show(`- ${text}`, "red")) : [];
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

/** A server must not keep us busy by replies that differ in every line. */
const MOST_EDITS = 2000;
