import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { FingerError } from "finger-protocol";
import { isRunning, type RunningProcess, readUsers } from "../proc/running-process.js";
import { findOwner, type PidfileContent, readContent } from "./pidfile-content.js";
import { toCode, toProcessError } from "./process-error.js";

/**
 * Finds the process that a pidfile is of; `undefined` when none runs.
 *
 * @throws `FingerError` `ERR_FINGER_PROCESS` when what is there is no pidfile, cannot be read, or names a process that whoever
 * can write the file has no right to name: else a user could have root signal any process.
 */
export async function readPidfile(path: string): Promise<RunningProcess | undefined> {
  const content = await readOrExplain(resolve(path));
  const owner = content && findOwner(content);
  if (content !== undefined && owner !== undefined) assertEntitled(content);
  return owner;
}

/**
 * Sends a signal to a process of a pidfile. Returns whether it still ran.
 *
 * @throws `FingerError` `ERR_FINGER_PROCESS` when it is somebody else's.
 */
export function signalDaemon(daemon: RunningProcess, signal: NodeJS.Signals): boolean {
  if (!isRunning(daemon)) return false;
  try {
    return process.kill(daemon.pid, signal);
  } catch (cause) {
    if (toCode(cause) === "ESRCH") return false;
    const remedy = "Do this as root, or as the user that it runs as.";
    throw toProcessError(`Process ${daemon.pid} belongs to another user. ${remedy}`, cause);
  }
}

/** Waits until a process has ended. Resolves to whether it has within `timeout` milliseconds. */
export async function awaitEnd(daemon: RunningProcess, timeout: number): Promise<boolean> {
  const end = performance.now() + timeout;
  while (isRunning(daemon)) {
    const left = end - performance.now();
    if (left <= 0) return false;
    await delay(Math.min(INTERVAL, left));
  }
  return true;
}

async function readOrExplain(path: string): Promise<PidfileContent | undefined> {
  try {
    return await readContent(path);
  } catch (cause) {
    if (FingerError.is(cause)) throw cause;
    throw toProcessError(`The pidfile ${path} cannot be read: ${(cause as Error).message}.`, cause);
  }
}

/** Root's word holds for all processes, and that of others for their own. */
function assertEntitled({ path, pid, file: { uid, mode } }: PidfileContent): void {
  const remedy = "Look what it is, and remove the file.";
  if ((Number(mode) & OTHERS_WRITE) !== 0) {
    throw toProcessError(`The pidfile ${path} can be written by others, so process ${pid} may be anything. ${remedy}`);
  }
  const users = readUsers(pid);
  // Where that cannot be seen the system does not let anybody but root signal others.
  const isTheirs = users?.every((user) => BigInt(user) === uid) ?? process.getuid?.() !== 0;
  if (uid === 0n || isTheirs) return;
  throw toProcessError(`The pidfile ${path} is of user ${uid}, and process ${pid} is not theirs. ${remedy}`);
}

/** The permissions of others, and of the group, to write. */
const OTHERS_WRITE = 0o022;
/** How often it is looked whether a process has ended, in milliseconds. */
const INTERVAL = 20;
