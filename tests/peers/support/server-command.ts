import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { afterEach } from "vitest";
import { eventually, FOLDER, freshPath } from "../../support/programs.js";
import { repository } from "./network.js";
import { familyOf } from "./processes.js";

/** The command as it is published, in its built bundles. */
export const SERVER: readonly string[] = [process.execPath, repository("packages/finger-server/bin/finger-server.cjs")];

/** How a command ended, and what it said. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** One line of the log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly addresses?: ReadonlyArray<{ readonly service: string; readonly address: string }>;
}

/** A server that answers, as a child of this process. */
export interface RunningServer {
  readonly child: ChildProcess;
  /** The port that it answers at. */
  readonly port: number;
  readonly log: () => readonly LogLine[];
  readonly ended: Promise<Outcome>;
}

/** How a command is run: with all that `spawn` takes, and behind another command. */
export interface RunOptions extends SpawnOptions {
  /** The command that starts it, such as `nice`. */
  readonly before?: readonly string[] | undefined;
  /** @default {@link SERVER} */
  readonly server?: readonly string[] | undefined;
}

const children: ChildProcess[] = [];
const pidfiles: string[] = [];
afterEach(async () => {
  for (const path of pidfiles.splice(0)) killDaemon(path);
  await Promise.all(children.splice(0).map(end));
});

/** With all that a test has started, whichever group it is in. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const isOver = child.exitCode !== null || child.signalCode !== null;
  const exited = isOver ? undefined : once(child, "exit");
  for (const pid of [-child.pid, ...familyOf(child.pid)]) kill(pid);
  await exited;
}

function killDaemon(pidfile: string): void {
  if (existsSync(pidfile)) kill(readPid(pidfile));
}

/** Whoever has ended is left alone. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}

/** The number in a pidfile. */
export function readPid(pidfile: string): number {
  return Number(readFileSync(pidfile, "utf8"));
}

/** A path for the pidfile of a daemon, which is ended after the test. */
export function freshPidfile(): string {
  const path = freshPath();
  pidfiles.push(path);
  return path;
}

/** Lets other users into the folder of {@link freshPath}. */
export function openFolder(): void {
  chmodSync(FOLDER, 0o755);
}

/** Writes a file, and gives its path. */
export function writeFresh(content: string, ending = ""): string {
  const path = `${freshPath()}${ending}`;
  writeFileSync(path, content);
  return path;
}

/** Runs any program, and what it has started is ended after the test. */
export function startProgram([file = "", ...args]: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, ...options });
  children.push(child);
  return child;
}

/** Runs a program, and resolves to how it ended. */
export async function runProgram(argv: readonly string[], options?: SpawnOptions): Promise<Outcome> {
  return hear(startProgram(argv, options));
}

async function hear(child: ChildProcess): Promise<Outcome> {
  const [out, err, [code, signal]] = await Promise.all([
    child.stdout === null ? "" : text(child.stdout),
    child.stderr === null ? "" : text(child.stderr),
    once(child, "close"),
  ]);
  return { code, signal, out, err };
}

/** Runs the command, and resolves to how it ended. */
export function runServer(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { before = [], server = SERVER, ...rest } = options;
  return runProgram([...before, ...server, ...args], rest);
}

/** Starts the command, and resolves when it answers. */
export async function startServer(args: readonly string[], options: RunOptions = {}): Promise<RunningServer> {
  const { before = [], server = SERVER, ...rest } = options;
  const child = startProgram([...before, ...server, ...args], rest);
  let err = "";
  child.stderr?.setEncoding("utf8").on("data", (piece) => {
    err += piece;
  });
  const ended = hear(child);
  const log = () => parseLog(err);
  await eventually(() => findPort(log()) !== undefined || child.exitCode !== null || child.signalCode !== null);
  const port = findPort(log());
  if (port === undefined) throw new Error(`The server does not start: ${err}`);
  return { child, port, log, ended };
}

/** The lines of a log; what other programs say in between is left out, as is a line that is being written. */
export function parseLog(written: string): readonly LogLine[] {
  const lines = written.split("\n").filter((line) => line.startsWith("{") && line.endsWith("}"));
  return lines.map((line) => JSON.parse(line));
}

/** The lines of a log file. */
export function readLog(path: string): readonly LogLine[] {
  return parseLog(readFileSync(path, "utf8"));
}

/** Where a log says that queries are answered; the last time that it does. */
export function findPort(log: readonly LogLine[], service = "finger"): number | undefined {
  const address = log.flatMap(({ addresses = [] }) => addresses).findLast((one) => one.service === service)?.address;
  return address === undefined ? undefined : Number(address.split(":").at(-1));
}
