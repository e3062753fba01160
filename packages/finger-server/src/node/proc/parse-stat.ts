/** What a process is told apart by from those that had its number before, and whether it lives. */
export interface ProcessStat {
  /** It has ended, and nobody has buried it yet. */
  readonly isDead: boolean;
  /** When it started, as the system counts it. */
  readonly start: string;
}

/**
 * Reads proc_pid_stat(5): fields 3, 20 and 22, behind a name that may have anything in it. One whose first thread has ended is not
 * dead before the others have: of a Node that is killed one may still be about to rename a file.
 */
export function parseStat(text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state = "Z", threads = 0, start = "-"] = [fields[0], fields[17], fields[19]];
  return { isDead: "ZX".includes(state) && Number(threads) <= 1, start };
}
