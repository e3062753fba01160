import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** How a command in the private network ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes a network of our own: as root outright, otherwise as root of a user namespace. */
const UNSHARE = process.getuid?.() === 0 ? ["-n"] : ["-rn"];

/** Tells whether this machine lets us make one. */
export function canMakeNetworks(): boolean {
  return spawnSync("unshare", [...UNSHARE, "ip", "link", "set", "lo", "up"]).status === 0;
}

/** Starts the servers in a network of their own, runs the commands there, and resolves to how each ended. */
export async function inPrivateNetwork(
  servers: ReadonlyArray<{ argv: readonly string[]; port: number }>,
  commands: ReadonlyArray<readonly string[]>,
): Promise<readonly Outcome[]> {
  const script = fileURLToPath(new URL("private-network.mjs", import.meta.url));
  const task = JSON.stringify({ servers, commands });
  const { stdout } = await promisify(execFile)("unshare", [...UNSHARE, process.execPath, script, task]);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

/** The path of a file of the repository. */
export function repository(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}
