import type { ProcessGroup } from "./process-group.js";

/**
 * What a program prints, chunk by chunk, and no faster than it is asked for. The output is over when nobody can write to
 * it any more and the program has ended; or when the program has ended and what it left behind has been waited for in
 * vain.
 */
export class ProgramOutput {
  private readonly group: ProcessGroup;
  /** How long may still be waited for what comes after the end of the program, in milliseconds. */
  private patience: number;
  /** Nobody wants any more of it. */
  isStopped = false;
  private failure: Error | undefined;
  private wake: () => void = () => {};

  constructor(group: ProcessGroup, patience: number) {
    this.group = group;
    this.patience = patience;
    // They stay to the end: Node pours away the output of an ended program that nobody seems to read.
    for (const event of ["readable", "end", "close"]) group.stdout.on(event, () => this.wake());
    group.stdout.on("error", (error) => this.stop(error));
    group.onChange = () => this.wake();
  }

  /** The next bytes, or `undefined` at the end. Rejects with what the output was stopped for. Not to be called twice at a time. */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure;
      if (this.isStopped) return undefined;
      const chunk: Buffer | null = this.group.stdout.read();
      if (chunk !== null) return chunk;
      if (this.isOver()) return undefined;
      await this.change();
    }
  }

  /** Ends the program; the first reason counts. */
  stop(failure?: Error): void {
    if (this.isStopped) return;
    this.isStopped = true;
    this.failure = failure;
    this.group.terminate();
    this.wake();
  }

  /** A program that failed is waited for until it has said why. */
  private isOver(): boolean {
    const { exit, hasComplained } = this.group;
    return this.isClosed() && exit !== undefined && (exit.code === 0 || hasComplained);
  }

  private isClosed(): boolean {
    const { readableEnded, destroyed } = this.group.stdout;
    return readableEnded || destroyed;
  }

  private change(): Promise<void> {
    const began = performance.now();
    const isLate = this.group.exit !== undefined && !this.isClosed();
    const timer = isLate ? setTimeout(() => this.group.stdout.destroy(), this.patience) : undefined;
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = () => {};
        clearTimeout(timer);
        if (isLate) this.patience -= performance.now() - began;
        resolve();
      };
    });
  }
}
