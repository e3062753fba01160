import { dial } from "../node/dial.js";
import { putStatus } from "../set-status.js";
import type { CommandLine } from "./command-line.js";
import type { CommandIO } from "./io.js";

/** Sets a status through a setter, and says nothing when that is done. Resolves to the exit code. */
export async function set(status: string, line: CommandLine, io: CommandIO): Promise<number> {
  const { targets, port, family, timeout, tls, proxy, "token-in-clear": tokenInClear } = line;
  if (targets.length > 1) throw new TypeError(`--set sets the status of one, but ${targets.length} targets are named`);
  const text = status === "-" ? await readStatus(io) : status;
  const token = io.env["FINGER_TOKEN"] || undefined;
  const options = { port, family, timeout, tls, proxy, token, tokenInClear };
  await putStatus(targets[0] ?? io.user(), text, options, dial);
  return 0;
}

/** What failed in front of a pipe must not take a status away. */
async function readStatus({ readInput }: CommandIO): Promise<string> {
  const text = await readInput(LONGEST_STATUS);
  if (text.trim() !== "") return text;
  throw new TypeError("standard input has no status; to take yours away, set an empty one: --set ''");
}

/** No setter takes a longer one, in bytes. */
const LONGEST_STATUS = 64 * 1024;
