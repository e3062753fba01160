import { type FileHandle, open, readlink, realpath } from "node:fs/promises";
import { READ_AT_ONCE, readPart } from "../read-part.js";
import { irregular, tooLarge } from "./unreadable.js";

/** What to read. */
export interface UsersFile {
  readonly path: string;
  /** How it is named in errors: the path as it was given. */
  readonly source: string;
  /** The most that is read of it, of all its files together when it is a directory. */
  readonly maxBytes: number;
}

/**
 * Reads a regular file. A FIFO does not hold it up: nothing is read from one.
 *
 * @param check - Throws when the file that was opened must not be read, by its path without links.
 * @throws `FingerError` `ERR_FINGER_USERS_FILE` when it is no regular file, or too large; else what the system says.
 */
export async function readRegularFile(
  { path, source, maxBytes }: UsersFile,
  check: (realPath: string) => void = () => {},
): Promise<Uint8Array> {
  const handle = await open(path, READ_AT_ONCE);
  try {
    check(await toRealPath(handle, path));
    const stats = await handle.stat();
    if (!stats.isFile()) throw irregular(source);
    if (stats.size > maxBytes) throw tooLarge(source, maxBytes);
    // What is written meanwhile shows in the size and the time of the file, and makes for another read.
    return await readPart(handle, 0, stats.size);
  } finally {
    await handle.close();
  }
}

/** Of the file that was opened, where the system tells that: a link may have been changed since it was looked at. */
async function toRealPath({ fd }: FileHandle, path: string): Promise<string> {
  return process.platform === "linux" ? readlink(`/proc/self/fd/${fd}`) : realpath(path);
}
