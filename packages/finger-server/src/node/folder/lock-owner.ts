import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { parseStat } from "../proc/parse-stat.js";

/** A process, told from all others that there are or were: its number, when it started, and where such numbers count. */
let own: string | undefined;
let place: string | undefined;

/** Who this process is, as text. */
export function toOwner(): string {
  own ??= `${process.pid} ${readStart(String(process.pid)) ?? "-"} ${toPlace()}`;
  return own;
}

/**
 * Whether the process that a text of {@link toOwner} names still runs; `undefined` when that cannot be seen from here: it
 * is of another machine, or of a container, or of a user whose processes are hidden.
 */
export function isAlive(owner: string): boolean | undefined {
  if (owner === toOwner()) return true;
  const [pid = "", start = "", ...where] = owner.split(" ");
  if (where.join(" ") !== toPlace()) return undefined;
  const seen = readStart(pid);
  if (seen !== undefined) return seen === start;
  if (!isTaken(Number(pid))) return false;
  return process.platform === "linux" ? undefined : true;
}

function toPlace(): string {
  place ??= process.platform === "linux" ? describePlace() : hostname();
  return place;
}

/**
 * Numbers of processes mean something within one start of one machine, and within one namespace of them. Where /proc is not
 * there, or is that of another namespace, they mean nothing: the place is one that nobody else is at.
 */
function describePlace(): string {
  const seen = unlessHidden(() => {
    if (readlinkSync("/proc/self") !== String(process.pid)) return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  });
  return seen ?? `nowhere ${randomUUID()}`;
}

/** When a process started; `-` when it is dead and not yet buried. */
function readStart(pid: string): string | undefined {
  return unlessHidden(() => {
    const { isDead, start } = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
    return isDead ? "-" : start;
  });
}

/** Whether there is a process of that number, whosever it is. */
function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** What is read of /proc; `undefined` when it is not there, or not shown to us. Other failures pass, and tell nothing. */
function unlessHidden<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (HIDDEN.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
}

const HIDDEN: ReadonlySet<string | undefined> = new Set(["ENOENT", "EACCES", "EPERM", "ESRCH"]);
