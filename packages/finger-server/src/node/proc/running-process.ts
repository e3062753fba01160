import { readdirSync, type Stats, statSync } from "node:fs";
import { uptime } from "node:os";
import { parseStat } from "./parse-stat.js";
import { readProc, unlessHidden } from "./read-proc.js";

/** A process that runs, told from those that had its number before it and will have it after. */
export interface RunningProcess {
  readonly pid: number;
  /** When it started; `undefined` where that cannot be seen. */
  readonly startedAt: Date | undefined;
  /** The same as the system counts it, which stays the same when the clock is set. */
  readonly start: string | undefined;
}

/** The process that has a number; `undefined` when none has, or one that is dead and not yet buried. */
export function findProcess(pid: number): RunningProcess | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  if (text === undefined) return isTaken(pid) ? { pid, startedAt: undefined, start: undefined } : undefined;
  const { isDead, start } = parseStat(text);
  return isDead ? undefined : { pid, startedAt: toDate(start), start };
}

/** Whether it runs still, and not another with its number. */
export function isRunning({ pid, start }: RunningProcess): boolean {
  const now = findProcess(pid);
  return now !== undefined && now.start === start;
}

/** The real, effective, saved and file system user of a process; `undefined` where that cannot be seen. */
export function readUsers(pid: number): readonly number[] | undefined {
  const line = readProc(`/proc/${pid}/status`)?.match(/^Uid:\s+(.*)$/m)?.[1];
  return line?.split(/\s+/).map(Number);
}

/** Whether a process has a file open; `undefined` where that cannot be seen. */
export function hasOpen(pid: number, { dev, ino }: Pick<Stats, "dev" | "ino">): boolean | undefined {
  const folder = `/proc/${pid}/fd`;
  return unlessHidden(() =>
    readdirSync(folder).some((fd) => {
      const file = unlessHidden(() => statSync(`${folder}/${fd}`));
      return file?.dev === dev && file.ino === ino;
    }),
  );
}

function toDate(start: string): Date {
  const boot = Date.now() - uptime() * 1000;
  return new Date(boot + (Number(start) / TICKS_A_SECOND) * 1000);
}

/** Whether there is a process of that number, whosever it is. */
function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** What /proc counts in, on every machine that Node runs on. */
const TICKS_A_SECOND = 100;
