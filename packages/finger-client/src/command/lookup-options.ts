import type { FingerOptions, FingerStreamOptions } from "../options.js";
import type { CommandLine } from "./command-line.js";

/** How to ask, from the command line; what it says nothing of is left to the library. */
export function toOptions(line: CommandLine): FingerStreamOptions {
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

/** The same for a reply that is printed when it is whole, which takes a minute at most. */
export function toWholeOptions(line: CommandLine): FingerOptions {
  return toOptions(line);
}

/** The longest reply printed, unless told otherwise, in bytes. */
const MOST = 1024 * 1024;
