import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { RunRules } from "./options.js";
import { addRunning, removeRunning } from "./running.js";
import { hasMembers, signalGroup } from "./signal-group.js";
import { replaceStrayDescriptors } from "./stray-descriptors.js";

/** How a program ended: its exit code, or the signal that ended it. */
export interface ProgramExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Starts a program in a process group of its own, without a shell and without input. Resolves when it runs, and rejects
 * with the system's error when it cannot.
 *
 * @param onGone - Called once, when nobody of the group is left.
 */
export async function startGroup(
  program: string,
  words: readonly string[],
  rules: Pick<RunRules, "cwd" | "env" | "user" | "grace">,
  onGone: () => void,
): Promise<ProcessGroup> {
  const { cwd, env, user } = rules;
  const others = await replaceStrayDescriptors();
  const child = spawn(program, words, {
    ...{ cwd, ...user, detached: true, shell: false, stdio: ["ignore", "pipe", "pipe", ...others] },
    // Node passes this one on unless it is named.
    env: { NODE_V8_COVERAGE: undefined, ...env },
  }) as Child;
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("spawn", resolve);
  });
  return new ProcessGroup(child, rules.grace, onGone);
}

/**
 * A program and the processes that it has started, as long as they stay in its group. When the program has ended, what is
 * left of its group has `grace` milliseconds more.
 */
export class ProcessGroup {
  readonly stdout: Readable;
  /** How the program ended; `undefined` while it runs. */
  exit: ProgramExit | undefined;
  /** Nobody of the group is left. */
  isGone = false;
  /** Hears that the program has ended, or its stderr. */
  onChange: () => void = () => {};
  private readonly child: Child;
  private readonly pid: number;
  private readonly grace: number;
  private readonly onGone: () => void;
  private readonly said: Buffer[] = [];
  private saidBytes = 0;
  private isTerminated = false;
  private isEmpty = false;
  private isSwept = false;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(child: Child, grace: number, onGone: () => void) {
    this.child = child;
    this.stdout = child.stdout;
    this.pid = child.pid as number;
    this.grace = grace;
    this.onGone = onGone;
    child.stderr.on("data", (chunk: Buffer) => this.hear(chunk));
    // The close that follows is all that matters of an error.
    child.stderr.on("error", () => {});
    child.stderr.once("close", () => this.settle());
    child.once("exit", (code, signal) => this.ended({ code, signal }));
    addRunning(this);
  }

  /** The first bytes that the group printed on stderr. */
  get complaint(): Buffer {
    return Buffer.concat(this.said);
  }

  /** There is no more of it. */
  get hasComplained(): boolean {
    return this.child.stderr.closed;
  }

  /** Ends all of the group: politely, and after the grace without a question. Nothing of its output is read any more. */
  terminate(): void {
    this.stdout.destroy();
    if (this.isGone || this.isTerminated) return;
    this.isTerminated = true;
    this.signal("SIGTERM");
    this.sweepLater();
  }

  /** Ends all of the group at once. */
  kill(): void {
    this.signal("SIGKILL");
  }

  private hear(chunk: Buffer): void {
    const room = MOST_HEARD - this.saidBytes;
    if (room <= 0) return;
    this.said.push(Buffer.from(chunk.subarray(0, room)));
    this.saidBytes += chunk.length;
  }

  private ended(exit: ProgramExit): void {
    this.exit = exit;
    this.isEmpty = !hasMembers(this.pid);
    this.sweepLater();
    this.settle();
  }

  private sweepLater(): void {
    this.sweeping ??= setTimeout(() => this.sweep(), this.grace);
  }

  /** A process that left the group, with setsid(2), cannot be found; it loses its stderr like the others. */
  private sweep(): void {
    this.isSwept = true;
    this.kill();
    this.child.stderr.destroy();
    this.settle();
  }

  private settle(): void {
    const isOver = this.isSwept || (this.isEmpty && this.child.stderr.closed);
    if (this.exit !== undefined && isOver && !this.isGone) {
      this.isGone = true;
      clearTimeout(this.sweeping);
      removeRunning(this);
      this.onGone();
    }
    this.onChange();
  }

  /** The number of an empty group may be another's by now. */
  private signal(signal: NodeJS.Signals): void {
    if (!this.isEmpty && !this.isGone) signalGroup(this.pid, signal);
  }
}

/** How much of stderr is kept, in bytes; the rest is read and dropped, so that the program is not held up. */
const MOST_HEARD = 1024;
