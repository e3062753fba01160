import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";

/** To open a FIFO waits for a writer, and a terminal may become ours. Windows knows neither. */
export const READ_AT_ONCE: number = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** Reads an open file from `start` on up to `end`, or as far as it goes: what is written behind that meanwhile is left. */
export async function readPart(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, start + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
