import { spawnSync } from "node:child_process";
import { describe, it } from "vitest";

/**
 * Tests that need a program which we did not write. Where it is missing they are skipped, loudly and by name; in CI, where
 * it must be there, they fail.
 *
 * @param what - What the tests meet, such as "netkit fingerd".
 * @param isThere - Whether this machine has it.
 * @param remedy - How to get it, such as "apt-get install fingerd".
 */
export function describePeer(what: string, isThere: boolean, remedy: string, tests: () => void): void {
  if (isThere) return void describe(what, tests);
  const why = `${what} is missing here: ${remedy}`;
  if (process.env["CI"] === "true") {
    return void it(what, () => {
      throw new Error(why);
    });
  }
  console.warn(`SKIPPED: ${why}`);
  describe.skip(what, tests);
}

/** Tells whether a command is on the path, or at it. */
export function hasCommand(command: string): boolean {
  return spawnSync("sh", ["-c", 'command -v "$0"', command]).status === 0;
}
