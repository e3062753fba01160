import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import type { FingerSession } from "finger-protocol";
import { isFileName } from "./is-file-name.js";

/** What a terminal tells of who sits there. */
export type Terminal = Pick<FingerSession, "idle" | "messages">;

/**
 * Looks at a terminal, as netkit's finger does: who uses it reads from it, and who wants no messages takes the right to
 * write there from the others. Nothing is said of one that is not there; an X display takes no messages.
 *
 * @param tty - As utmp has it: from `dev` on.
 * @param now - In milliseconds.
 */
export async function readTerminal(tty: string, dev = "/dev", now: number = Date.now()): Promise<Terminal> {
  if (tty.includes(":")) return { messages: false };
  if (!isBelow(tty)) return {};
  let stats: Stats;
  try {
    stats = await lstat(`${dev}/${tty}`);
  } catch {
    return {};
  }
  // On a machine that is made up for a test it is a file.
  if (!stats.isCharacterDevice() && !stats.isFile()) return {};
  const idle = Math.max(0, toSeconds(now) - toSeconds(stats.atimeMs));
  return { idle, messages: (stats.mode & TALKABLE) === TALKABLE };
}

/** Its owner and its group may write there. */
const TALKABLE = 0o220;

/** Whoever can write utmp must not lead us through the rest of the disk. */
function isBelow(tty: string): boolean {
  return tty.length <= LONGEST_NAME && tty.split("/").every(isFileName);
}

/** Of utmp(5) they are shorter still; logind sets no limit. */
const LONGEST_NAME = 64;

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
