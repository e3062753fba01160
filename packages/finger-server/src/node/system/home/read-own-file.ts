import { constants, type Stats } from "node:fs";
import { READ_AT_ONCE, readPart } from "../../read-part.js";
import { decodeFile } from "./decode-file.js";
import type { HomeFiles } from "./home-files.js";

/** What a file says, and since when. */
export interface HomeText {
  readonly text: string;
  readonly changedAt: Date;
}

/**
 * Reads a file that is the account's own; `undefined` when it is not, or nothing that can be read at once and ends.
 *
 * @throws What else the system says.
 */
export async function readOwnFile(path: string, uid: number, files: HomeFiles): Promise<HomeText | undefined> {
  try {
    return await readIfOwn(path, uid, files);
  } catch (error) {
    if (UNREADABLE.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
}

/**
 * It is looked at before it is opened, as a FIFO lets its writer go on when it is opened and a device may do anything, and
 * again when nobody can put another in its place.
 */
async function readIfOwn(path: string, uid: number, files: HomeFiles): Promise<HomeText | undefined> {
  if (!isOwnFile(await files.lstat(path), uid)) return undefined;
  const handle = await files.open(path, READ_OWN);
  try {
    const stats = await handle.stat();
    if (!isOwnFile(stats, uid)) return undefined;
    const bytes = await readPart(handle, 0, Math.min(stats.size, MOST_BYTES));
    return { text: stats.size > MOST_BYTES ? toCutText(bytes) : decodeFile(bytes), changedAt: stats.mtime };
  } finally {
    await handle.close();
  }
}

/**
 * Not even root's own are believed: a link to a file that has been replaced since, such as /etc/shadow, is the only one that
 * is left of it. A file that was replaced while it was open has no link at all.
 */
function isOwnFile(stats: Stats, uid: number): boolean {
  return stats.isFile() && stats.uid === uid && stats.nlink <= 1 && isForAll(stats, constants.S_IROTH);
}

/** Root is refused nothing: what it tells is what any other could read. For others the system decides. */
export function isForAll({ mode }: Stats, right: number): boolean {
  return process.geteuid?.() !== 0 || (mode & right) !== 0;
}

/** Whole lines, as far as there are any, and no half of a character. */
function toCutText(bytes: Uint8Array): string {
  const end = bytes.lastIndexOf(LF) + 1;
  const text = end > 0 ? decodeFile(bytes.subarray(0, end)) : decodeFile(bytes, true);
  return `${text}${text.endsWith("\n") ? "" : "\n"}${REST}\n`;
}

const LF = 0x0a;
const MOST_BYTES = 64 * 1024;
const REST = "[What follows is left out: 64 KiB are the most that is shown.]";

/** A socket or a device that came in its place; one of a network file system that is gone; one that is leased. */
const UNREADABLE: ReadonlySet<string | undefined> = new Set(["ENXIO", "ENODEV", "ESTALE", "EAGAIN"]);

/** A link is not followed, nor a FIFO or a lease waited for. */
const READ_OWN = READ_AT_ONCE | (constants.O_NOFOLLOW ?? 0);
