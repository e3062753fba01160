import { readdirSync, readFileSync } from "node:fs";

/** A process, by proc_pid_stat(5). */
interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** `Z` is one that is dead, and that its parent has not asked for. */
  readonly state: string;
}

/** The children of a process, the dead ones among them. */
export function childrenOf(pid: number): readonly ProcessStat[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readStat)
    .filter(({ parent }) => parent === pid);
}

/** A process, its children, theirs, and so on. */
export function familyOf(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap((child) => familyOf(child.pid))];
}

/** The fields of proc_pid_status(5) of each thread of a process. */
export function readThreads(pid: number): ReadonlyArray<ReadonlyMap<string, string>> {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const lines = readFileSync(`/proc/${pid}/task/${thread}/status`, "utf8").split("\n");
    return new Map(lines.map((line) => line.split(":\t", 2) as [string, string]));
  });
}

/** Processes end while they are looked at. */
function readStat(name: string): readonly ProcessStat[] {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, "latin1");
    const [state = "", parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return [{ pid: Number(name), parent: Number(parent), state }];
  } catch {
    return [];
  }
}
