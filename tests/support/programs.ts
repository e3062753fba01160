import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, LookupProvider } from "finger-server";
import { afterAll, expect } from "vitest";

/** A folder for the programs of a test file and what they leave behind. */
export const FOLDER: string = realpathSync(mkdtempSync(join(tmpdir(), "finger-programs-")));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

let paths = 0;

/** A path in the folder that nothing has used. */
export function freshPath(): string {
  return join(FOLDER, `${++paths}`);
}

/** Writes a program for /bin/sh, whose `$1` is what stands behind a `--`. */
export function writeScript(body: string): string {
  const path = freshPath();
  writeFileSync(path, `#!/bin/sh\nshift\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Shell code that waits for a file to be there. */
export function awaitFile(path: string): string {
  return `until [ -e ${path} ]; do sleep 0.01; done`;
}

/** Waits until a program of ours has written a file, and reads the numbers in it. */
export async function readNumbers(path: string): Promise<readonly number[]> {
  const isWritten = () => existsSync(path) && readFileSync(path, "utf8").endsWith("\n");
  await eventually(isWritten);
  return toNumbers(readFileSync(path, "utf8"));
}

/** The numbers of a line. */
export function toNumbers(line: string): readonly number[] {
  return line.trim().split(" ").map(Number);
}

/** Asks a provider, for nobody in particular. */
export function look(provider: LookupProvider, name = "alice", signal = new AbortController().signal) {
  return provider.lookup(name, { verbose: false, peer: { address: undefined, port: undefined }, signal });
}

/** Asks for an answer that is a stream. */
export async function open(provider: LookupProvider, signal?: AbortSignal): Promise<AsyncGenerator<string>> {
  const answer = await look(provider, "alice", signal);
  if (typeof answer !== "object" || !("next" in answer)) throw new Error(`The answer is ${String(answer)}.`);
  return answer as AsyncGenerator<string>;
}

/** The whole of a stream. */
export async function read(answer: Answer | undefined): Promise<string | undefined> {
  if (answer === undefined) return undefined;
  let text = "";
  for await (const piece of answer as AsyncIterable<string>) text += piece;
  return text;
}

/** Asks, and reads the whole answer. */
export async function ask(provider: LookupProvider, name?: string): Promise<string | undefined> {
  return read(await look(provider, name));
}

/** The next piece of a stream that has one. */
export async function nextText(stream: AsyncIterator<string>): Promise<string> {
  const { value, done } = await stream.next();
  if (done) throw new Error("The stream has ended.");
  return value;
}

/** Whether there is such a process. A child of ours is there until Node has heard of its end. */
export function isKnown(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Whether a process runs: the dead that nobody has buried yet do not. */
export function isRunning(pid: number): boolean {
  if (process.platform !== "linux") return isKnown(pid);
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Waits until none of the processes runs. */
export async function haveEnded(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    expect(pid).toBeGreaterThan(1);
    await eventually(() => !isRunning(pid));
  }
}

/** The clock of other processes, which a test cannot set. */
const { setTimeout: later } = globalThis;

/** Waits until what other processes do has made it true; it does not move the clock of a test, as `expect.poll` does. */
export async function eventually(check: () => boolean): Promise<void> {
  for (const end = performance.now() + 10_000; !check(); ) {
    if (performance.now() > end) throw new Error(`This never came true: ${check}`);
    await new Promise((resolve) => later(resolve, 5));
  }
}
