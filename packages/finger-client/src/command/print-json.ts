import { FingerError } from "finger-protocol";
import type { Timing } from "../connection/lookup.js";
import { type FingerReply, lookUp } from "../finger.js";
import { dial } from "../node/dial.js";
import type { CommandLine } from "./command-line.js";
import { report, reportCut } from "./exit-code.js";
import type { CommandIO } from "./io.js";
import { toOptions } from "./lookup-options.js";
import { warnOfScript } from "./script.js";

/** Looks a target up, and prints one JSON object on a line of its own, also when that fails. */
export async function printJson(target: string, line: CommandLine, io: CommandIO): Promise<number> {
  try {
    const reply = await ask(target, line);
    io.out(toJsonLine(toRecord(target, reply), line));
    warnOfScript(reply.text, target, io);
    if (reply.error !== undefined) return report(reply.error, io);
    return reply.truncated ? reportCut(target, line, io) : 0;
  } catch (error) {
    if (FingerError.is(error)) io.out(toJsonLine({ target, ...toFault(error) }, line));
    throw error;
  }
}

/** Looks a target up, and reads the whole reply. */
export function ask(target: string, line: CommandLine): Promise<FingerReply> {
  return lookUp(target, toOptions(line), dial);
}

/** The object that stands for a reply; what is `undefined` is left out. */
export function toRecord(
  target: string,
  { text, users, bytes, truncated, error, address, timing }: FingerReply,
): object {
  return { target, text, users, bytes: bytes.length, truncated, address, timing: round(timing), ...toFault(error) };
}

/** One line of JSON. */
export function toJsonLine(record: object, { ascii }: CommandLine): string {
  const json = JSON.stringify(record);
  return `${ascii ? json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`) : json}\n`;
}

/** Why there is no reply, or no more of it. */
export function toFault(error: FingerError | undefined): object {
  return error === undefined ? {} : { error: { code: error.code, message: error.message } };
}

/** Tenths of a millisecond are enough. */
function round(timing: Timing): object {
  const rounded = Object.entries(timing).map(([name, time]) => [name, time && Math.round(time * 10) / 10]);
  return Object.fromEntries(rounded);
}
