import { FingerError, type FingerErrorCode, sanitize } from "finger-protocol";
import type { CommandLine } from "./command-line.js";
import type { CommandIO } from "./io.js";
import { MOST } from "./lookup-options.js";

/** Says what went wrong, and returns the exit code. */
export function report(error: unknown, { err }: Pick<CommandIO, "err">): number {
  err(`finger-client: ${sanitize(error instanceof Error ? error.message : String(error))}\n`);
  if (FingerError.is(error)) return toExitCode(error);
  return error instanceof TypeError || error instanceof RangeError ? EXIT_USAGE : EXIT_SOFTWARE;
}

/** Says that a reply is cut off, and returns the exit code. */
export function reportCut(target: string, { maxSize = MOST }: CommandLine, { err }: Pick<CommandIO, "err">): number {
  const what = `the reply of ${sanitize(target)} is longer than ${maxSize} bytes`;
  err(`finger-client: ${what}, and is cut off there; see --max-size.\n`);
  return EXIT_TOO_LONG;
}

/** The exit code of an error, after sysexits(3); help.ts says what they mean. */
export function toExitCode(error: FingerError): number {
  return EXIT_CODES[error.code] ?? EXIT_SOFTWARE;
}

/** The arguments are wrong: the options of the library are checked by throwing one of two of JavaScript's own errors. */
const EXIT_USAGE = 64;
/** A fault of our own. */
const EXIT_SOFTWARE = 70;
/** A connection broke, or standard output cannot be written. */
export const EXIT_IO = 74;
/** The reply is longer than we want to read. */
export const EXIT_TOO_LONG = 76;

const EXIT_CODES: Readonly<Partial<Record<FingerErrorCode, number>>> = {
  ERR_FINGER_TARGET: EXIT_USAGE,
  ERR_FINGER_QUERY: EXIT_USAGE,
  ERR_FINGER_RESOLVE: 68,
  ERR_FINGER_CONNECT: 69,
  ERR_FINGER_PROXY: 69,
  ERR_FINGER_IO: EXIT_IO,
  ERR_FINGER_TIMEOUT: 75,
  ERR_FINGER_TLS: 76,
  ERR_FINGER_DENIED: 77,
  ERR_FINGER_REFUSED: 77,
};
