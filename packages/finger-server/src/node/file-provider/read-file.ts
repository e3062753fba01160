import { constants } from "node:fs";
import { type FileHandle, open, readlink, realpath } from "node:fs/promises";
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
    return await readUpTo(handle, stats.size);
  } finally {
    await handle.close();
  }
}

/** Of the file that was opened, where the system tells that: a link may have been changed since it was looked at. */
async function toRealPath({ fd }: FileHandle, path: string): Promise<string> {
  return process.platform === "linux" ? readlink(`/proc/self/fd/${fd}`) : realpath(path);
}

/** To open a FIFO waits for a writer, and a terminal may become ours. Windows knows neither. */
const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** What is written behind `size` in the meantime shows in the file's size and time, and makes for another read. */
async function readUpTo(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await handle.read(bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
