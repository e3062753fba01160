import { fstatSync, writeSync } from "node:fs";
import { EXIT_IO } from "./exit-code.js";

/**
 * Writes to standard output (1) or error (2), and returns when that is done. Streams would do the same, but to load them
 * takes longer than a lookup.
 */
export function write(file: 1 | 2, text: string | Uint8Array): void {
  if (process.platform === "win32") {
    // Only the stream knows how to write UTF-8 to a console.
    const stream = file === 1 ? process.stdout : process.stderr;
    if (stream.listenerCount("error") === 0) stream.on("error", (error) => giveUp(file, error));
    stream.write(text);
    return;
  }
  let left = typeof text === "string" ? Buffer.from(text) : text;
  while (left.length > 0) left = left.subarray(tryToWrite(file, left));
}

/** Whether a standard stream is a terminal. Most that are none show it at less cost than isatty() does. */
export function isTerminal(stream: "in" | "out" | "err"): boolean {
  const file = ["in", "out", "err"].indexOf(stream);
  try {
    return fstatSync(file).isCharacterDevice() && process.getBuiltinModule("node:tty").isatty(file);
  } catch {
    return false; // it is closed
  }
}

function tryToWrite(file: 1 | 2, bytes: Uint8Array): number {
  try {
    return writeSync(file, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") {
      // Somebody has set the pipe to not block, and its reader is slow.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      return 0;
    }
    giveUp(file, error as NodeJS.ErrnoException);
    return bytes.length;
  }
}

/** Ends the process when standard output cannot be written; who reads no complaints gets none, and the exit code still tells. */
function giveUp(file: 1 | 2, { code, message }: NodeJS.ErrnoException): void {
  if (file === 2) return;
  // A reader that has seen enough, such as head(1), closes the pipe, or the socket that Node has in its place: no failure
  // of ours.
  if (code === "EPIPE" || code === "ECONNRESET" || code === "EOF") process.exit(0);
  write(2, `finger-client: standard output cannot be written: ${message}.\n`);
  process.exit(EXIT_IO);
}

/** Reads standard input to its end. @throws `RangeError` when it is longer than `most` bytes. */
export async function readInput(most: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of process.stdin) {
    pieces.push(piece);
    length += piece.length;
    if (length > most) throw new RangeError(`what standard input holds is longer than ${most} bytes`);
  }
  return Buffer.concat(pieces).toString();
}
