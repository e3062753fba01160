import { dial } from "../node/dial.js";
import { putStatus } from "../set-status.js";
import type { CommandLine } from "./command-line.js";
import type { CommandIO } from "./io.js";

/** Sets a status through a setter, and says nothing when that is done. Resolves to the exit code. */
export async function set(status: string, line: CommandLine, io: CommandIO): Promise<number> {
  const { targets, port, family, timeout, tls, proxy, force } = line;
  if (targets.length > 1) throw new TypeError(`--set sets the status of one, but ${targets.length} targets are named`);
  const text = status === "-" ? await io.readInput(LONGEST_STATUS) : status;
  const token = io.env["FINGER_TOKEN"] || undefined;
  const options = { port, family, timeout, tls, proxy, token, tokenInClear: force };
  await putStatus(targets[0] ?? io.user(), text, options, dial);
  return 0;
}

/** No setter takes a longer one, in bytes. */
const LONGEST_STATUS = 64 * 1024;
