import { isatty } from "node:tty";

/** Returns what tells whether the terminal has been closed that standard error leads to now, if it leads to one. */
export function watchTerminal(): () => boolean {
  const isThere = isatty(STDERR);
  return () => isThere && !isatty(STDERR);
}

const STDERR = 2;

/** Ends this process as one that has never heard of the signal. */
export function dieOf(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
