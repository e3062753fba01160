import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { FingerError } from "finger-protocol";
import { explainSystemError, toConfigError } from "./config-error.js";

/** No config is longer; what is has been mistaken for one. */
const MOST_BYTES = 1024 * 1024;

/**
 * Reads a regular file as a whole. A FIFO does not hold it up: nothing is read from one.
 *
 * @throws `FingerError` `ERR_FINGER_CONFIG`; what the system says is its `cause`.
 */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw toConfigError(path, `it is ${stats.isDirectory() ? "a folder" : "no regular file"}`);
      if (stats.size > MOST_BYTES) throw toConfigError(path, `it has more than ${MOST_BYTES} bytes`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (FingerError.is(error)) throw error;
    throw toConfigError(path, `it cannot be read: ${explainSystemError(error)}`, error);
  }
}

/** @throws `FingerError` `ERR_FINGER_CONFIG` */
export function decodeUtf8(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw toConfigError(source, "it is no UTF-8 text");
  }
}
