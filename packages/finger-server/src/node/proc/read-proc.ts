import { readFileSync } from "node:fs";

/** What is looked for in /proc; `undefined` when it is not there, such as of a process that has ended, or not shown to us. */
export function unlessHidden<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** The text of a file there. */
export function readProc(path: string): string | undefined {
  return unlessHidden(() => readFileSync(path, "utf8"));
}
