import type { FingerOptions } from "../options.js";
import type { CommandLine } from "./command-line.js";

/** How to ask, from the command line; what it says nothing of is left to the library. */
export function toOptions(line: CommandLine): FingerOptions {
  const { verbose, port, family, timeout, maxTime, maxSize = MOST, tls, proxy, link } = line;
  return {
    verbose: verbose ? "auto" : verbose,
    port,
    family,
    timeout,
    totalTime: maxTime,
    maxBytes: maxSize,
    tls,
    proxy,
    fromLink: link,
  };
}

/** The longest reply printed, unless told otherwise, in bytes. */
export const MOST: number = 1024 * 1024;
