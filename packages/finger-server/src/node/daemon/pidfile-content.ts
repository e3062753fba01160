import { type BigIntStats, constants } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import type { FingerError } from "finger-protocol";
import { readProc } from "../proc/read-proc.js";
import { findProcess, hasOpen, type RunningProcess } from "../proc/running-process.js";
import { toCode, toProcessError } from "./process-error.js";

/** What a pidfile says. */
export interface PidfileContent {
  readonly path: string;
  readonly pid: number;
  readonly file: BigIntStats;
}

/**
 * Reads a pidfile; `undefined` when there is none. It may stand in a folder where others can put what they like: no link is
 * followed, and nothing is waited for.
 *
 * @throws `FingerError` `ERR_FINGER_PROCESS` when something is there that is no pidfile; what the system says otherwise.
 */
export async function readContent(path: string): Promise<PidfileContent | undefined> {
  try {
    const handle = await open(path, FLAGS);
    try {
      const file = await handle.stat({ bigint: true });
      if (!file.isFile()) throw isForeign(path, file.isDirectory() ? "it is a folder" : "it is no regular file");
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(LONGEST), 0, LONGEST, 0);
      return { path, pid: parsePid(path, buffer.toString("latin1", 0, bytesRead)), file };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (toCode(error) === "ENOENT") return undefined;
    if (toCode(error) === "ELOOP" || toCode(error) === "EMLINK") throw isForeign(path, "it is a link");
    if (toCode(error) === "ENXIO") throw isForeign(path, "it is no regular file");
    throw error;
  }
}

/**
 * The process that a pidfile is of; `undefined` when it has ended, even if another has its number by now. A process of ours has
 * the file open. One that does not is taken for ours only when it is called as ours are, as where start-stop-daemon(8) has written
 * the file, and when it did not start later than that: a number comes again, and what it stands for must not be signalled.
 */
export function findOwner({ pid, file }: PidfileContent): RunningProcess | undefined {
  const found = findProcess(pid);
  if (found === undefined) return undefined;
  const isOpen = hasOpen(pid, { dev: Number(file.dev), ino: Number(file.ino) });
  if (isOpen === true) return found;
  // In a container the same numbers come again at each start: this one may have been that of the last.
  if (pid === process.pid) return undefined;
  if (isOpen === false && !isOurs(pid)) return undefined;
  const isYounger = Number(found.startedAt) > Number(file.mtimeMs) + TOLERANCE;
  return isYounger ? undefined : found;
}

/** Whether a process runs the same program as this one, by what it was called with; also where that cannot be seen. */
function isOurs(pid: number): boolean {
  const words = readProc(`/proc/${pid}/cmdline`)?.split("\0") ?? [];
  const own = process.argv[1] ?? "";
  return words.length === 0 || words.some((word) => basename(word) === basename(own));
}

/** Whether both are of the same writing. */
export function isSame(one: PidfileContent, other: PidfileContent): boolean {
  return toId(one) === toId(other);
}

/** What tells a pidfile from all others that were at its path. */
export function toId({ file: { ino, mtimeNs } }: PidfileContent): string {
  return `${ino}-${mtimeNs}`;
}

function parsePid(path: string, text: string): number {
  if (text === "") throw isForeign(path, "it is empty");
  const pid = /^[1-9]\d{0,9}\n?$/.test(text) ? Number(text) : Number.NaN;
  if (pid <= LARGEST) return pid;
  throw isForeign(path, "what stands in it is not the number of a process");
}

function isForeign(path: string, why: string): FingerError {
  return toProcessError(`${path} is no pidfile: ${why}. It was left as it is: remove it, or choose another path.`);
}

/** The number of a process has 31 bits. */
const LARGEST = 0x7fffffff;
/** More than the longest pidfile, in bytes. */
const LONGEST = 32;
/** How much later than the file its own process may seem to have started, in milliseconds: clocks are slewed. */
const TOLERANCE = 2000;
/** To open a FIFO would wait for who writes to it. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
