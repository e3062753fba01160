import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { type Outcome, repository } from "./network.js";

/** The command as it is published, in its built bundles. */
export const CLIENT: readonly string[] = [process.execPath, repository("packages/finger-client/bin/finger-client.cjs")];

/** Runs the command, and resolves to how it ended. */
export function runClient(args: readonly string[], options?: SpawnOptions): Promise<Outcome> {
  return run([...CLIENT, ...args], options);
}

/** Runs the command in a line of bash, where it is `"$@"`; the line's last status is the code. */
export function runInBash(line: string, args: readonly string[], options?: SpawnOptions): Promise<Outcome> {
  return run(["bash", "-c", line, "bash", ...CLIENT, ...args], options);
}

/** What the user's own environment may say to the command is left out. */
async function run([file = "", ...args]: readonly string[], { env, ...options }: SpawnOptions = {}): Promise<Outcome> {
  const { FINGER: _, FINGER_TOKEN: __, NO_COLOR: ___, ...own } = process.env;
  // In a group of its own, so that a shell does not leave its children behind.
  const child = spawn(file, args, {
    ...options,
    env: { ...own, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} does not start.`);
  const timer = setTimeout(() => process.kill(-pid, "SIGKILL"), LONGEST_TIME);
  const ended = once(child, "close");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = await ended;
  clearTimeout(timer);
  if (signal !== null) throw new Error(`${args.join(" ")} was ended by ${signal}: ${stdout.slice(0, 1000)}${stderr}`);
  return { code, stdout, stderr };
}

/** Less than a test may take, in milliseconds. */
const LONGEST_TIME = 15_000;
