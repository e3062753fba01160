import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/**
 * Resolves when a program prints a line with `words`, to the one of its outputs that is a pipe; rejects, with what it printed, when
 * it ends before. What it prints later is read, too.
 */
export function awaitLine(child: ChildProcess, words: string): Promise<void> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    const input = child.stdout ?? child.stderr;
    if (input === null) throw new TypeError("What it prints is not read: it needs a pipe.");
    createInterface({ input })
      .on("line", (line) => {
        if (line.includes(words)) resolve();
        if (said.length < MOST) said.push(line);
      })
      .on("close", () => reject(new Error(`${child.spawnfile} has ended: ${said.join("\n")}`)));
  });
}

const MOST = 100;
