import { isatty } from "node:tty";

/** The terminal that standard error leads to, if it leads to one. */
export interface Terminal {
  /** Whether it has been closed. */
  isGone(): boolean;
  /** Whether it has been closed, and somebody was to read there. */
  isMissed(): boolean;
  /** Nobody reads there: what is told goes elsewhere. */
  ignore(): void;
}

/** Finds it, now that it is open. */
export function findTerminal(): Terminal {
  const isThere = isatty(STDERR);
  let isRead = true;
  const isGone = () => isThere && !isatty(STDERR);
  return {
    isGone,
    isMissed: () => isRead && isGone(),
    ignore() {
      isRead = false;
    },
  };
}

const STDERR = 2;

/** Ends this process as one that has never heard of the signal. */
export function dieOf(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
