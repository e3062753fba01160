import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";
import { buildModule } from "./module.js";
import { freshPath } from "./programs.js";

/** The modules of what a process does to itself, which a test must not do to its own. */
const MODULES = [
  "activation",
  "daemon-child",
  "identity",
  "log-file",
  "pidfile",
  "../proc/port-owner",
  "privileges",
  "proof",
  "read-pidfile",
  "rerun",
  "start-daemon",
];

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

let module: Promise<string> | undefined;

function buildDaemon(): Promise<string> {
  if (module === undefined) {
    const entry = `${freshPath()}.ts`;
    const toPath = (name: string) =>
      fileURLToPath(new URL(`../../packages/finger-server/src/node/daemon/${name}.ts`, import.meta.url));
    writeFileSync(entry, MODULES.map((name) => `export * from ${JSON.stringify(toPath(name))};\n`).join(""));
    module = buildModule(entry);
  }
  return module;
}

/**
 * Writes a program that may use all of the folder `daemon` as `it`, and `say(value)`, which writes a line of JSON. Resolves to its
 * path.
 */
export async function writeProgram(code: string): Promise<string> {
  const path = `${freshPath()}.mjs`;
  writeFileSync(
    path,
    `import fs from "node:fs";
     import * as it from ${JSON.stringify(await buildDaemon())};
     const say = (what) => fs.writeSync(1, JSON.stringify(what) + "\\n");
     const fails = ({ name, code, message, cause, exitCode }) => ({ name, code, message, cause: cause?.code, exitCode });
     ${code}`,
  );
  return path;
}

/** A process of such a program. */
export interface Program {
  readonly child: ChildProcess;
  /** Resolves when it has ended and all that it has open is closed. */
  readonly ended: Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it said, in order. */
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what its own program says
  readonly said: any[];
  readonly stderr: string;
}

/**
 * Starts a program.
 *
 * @param before - The command that it is run by, if any.
 */
export function start(
  path: string,
  { argv = [], before = [], ...options }: SpawnOptions & { argv?: string[]; before?: readonly string[] } = {},
): Program {
  const [file = "", ...args] = [...before, process.execPath, path, ...argv];
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"], ...options });
  running.push(child);
  child.stdin?.on("error", () => {}); // it may be dead
  const read = collect(child);
  const ended = once(child, "close").then(([code, signal]) => {
    const { stdout, stderr } = read();
    const said = stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    return { code, signal, said, stderr };
  });
  return { child, ended };
}

function collect({ stdout, stderr }: ChildProcess): () => { stdout: string; stderr: string } {
  const texts = { stdout: "", stderr: "" };
  stdout?.on("data", (chunk) => (texts.stdout += chunk));
  stderr?.on("data", (chunk) => (texts.stderr += chunk));
  return () => texts;
}

/** Runs a program of these lines, and resolves when it has ended. */
export async function run(code: string, options?: Parameters<typeof start>[1]): Promise<Ended> {
  return start(await writeProgram(code), options).ended;
}

/** Resolves to the first line that a program says. */
// biome-ignore lint/suspicious/noExplicitAny: a test knows what its own program says
export async function hearLine({ child }: Program): Promise<any> {
  const [chunk] = await once(child.stdout as NodeJS.ReadableStream, "data");
  return JSON.parse(String(chunk).split("\n")[0] ?? "");
}

/** Whether tests of what only root can do run here. Where they do not, that is said, with what is skipped. */
export function isRoot(what: string): boolean {
  if (process.getuid?.() === 0) return true;
  console.warn(`SKIPPED: ${what}. Run this test as root.`);
  return false;
}
