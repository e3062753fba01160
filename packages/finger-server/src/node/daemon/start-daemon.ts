import { type ChildProcess, spawn } from "node:child_process";
import { DAEMON, type DaemonError, type DaemonMessage, toOwnError } from "./daemon-message.js";
import { toProcessError } from "./process-error.js";
import { needsRerun, withoutRing } from "./rerun.js";

export interface StartDaemonOptions {
  /** What the program is given, without its own name. */
  readonly argv: readonly string[];
  /** How long it may take to be ready, in milliseconds. @default 60_000 */
  readonly timeout?: number | undefined;
  /** Aborted when the one who waits is interrupted. */
  readonly signal?: AbortSignal | undefined;
}

/** A daemon that runs. */
export interface StartedDaemon {
  readonly pid: number;
  /** What it wrote to standard error until it was ready. */
  readonly said: string;
}

/**
 * Starts this program again as a daemon: in a session of its own, without a terminal, and with nothing that this process has
 * open. Resolves when it says that it is ready, by {@link daemonChild}; this process may then end at once.
 *
 * It is not forked twice, as is the custom: that keeps a daemon from getting a terminal by opening one, which ours does not.
 *
 * @throws {@link DaemonError} with the daemon's own code and message when it fails, ends, takes too long, or is given up. It runs no
 * more then.
 */
export async function startDaemon(options: StartDaemonOptions): Promise<StartedDaemon> {
  const { argv, timeout = 60_000, signal } = options;
  const { env } = process;
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1, 2), ...argv], {
    detached: true,
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    // It cannot be started again for that: who waits would hear nothing of the second.
    env: { ...(needsRerun(env) ? withoutRing(env) : env), [DAEMON]: "1" },
  });
  const birth = { child, said: "", error: undefined };
  const stopWaiting = watchPatience(birth, timeout, signal);
  try {
    await awaitReady(birth);
  } finally {
    stopWaiting();
    letGo(child);
  }
  return { pid: child.pid ?? 0, said: birth.said };
}

/** A daemon that is not ready yet. */
interface Birth {
  readonly child: ChildProcess;
  said: string;
  /** Why it will not be. */
  error: Error | undefined;
}

function awaitReady(birth: Birth): Promise<void> {
  const { child } = birth;
  return new Promise((resolve, reject) => {
    child.on("message", (message) => hear(birth, message, resolve));
    child.once("error", (cause) => {
      birth.error ??= toProcessError(`The daemon cannot be started: ${cause.message}.`, cause);
      if (child.pid === undefined) reject(withCode(birth.error, undefined));
    });
    child.once("exit", (code, signal) => {
      const end = () => reject(toDaemonError(birth, code, signal));
      // What it told last may still be on its way.
      if (child.connected) child.once("disconnect", end);
      else end();
    });
  });
}

function hear(birth: Birth, message: unknown, onReady: () => void): void {
  const told = (message as Partial<DaemonMessage> | null)?.fingerDaemon;
  if (told?.kind === "said" && birth.said.length < MOST_SAID) birth.said += told.text;
  if (told?.kind === "failed" && birth.error === undefined) {
    birth.error = toOwnError(told.fault);
    endIn(birth, FAREWELL);
  }
  if (told?.kind === "ready" && birth.error === undefined) onReady();
}

/** Ends the daemon when it takes too long, or when nobody waits for it any more. */
function watchPatience(birth: Birth, timeout: number, signal: AbortSignal | undefined): () => void {
  const giveUp = (why: string) => {
    birth.error ??= toProcessError(`The daemon was ended: ${why}.`);
    birth.child.kill("SIGTERM");
    endIn(birth, FAREWELL);
  };
  const onAbort = () => giveUp("starting it was interrupted before it was ready");
  const timer = setTimeout(giveUp, timeout, `it was not ready within ${timeout} ms`);
  signal?.addEventListener("abort", onAbort);
  if (signal?.aborted) onAbort();
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  };
}

/** It should end by itself; but who waits for it has to hear in any case. */
function endIn({ child }: Birth, ms: number): void {
  const timer = setTimeout(() => child.kill("SIGKILL"), ms);
  child.once("exit", () => clearTimeout(timer));
}

/** Keeps nothing that would keep this process. */
function letGo(child: ChildProcess): void {
  child.removeAllListeners();
  child.on("error", () => {}); // the channel may break while it is closed
  if (child.connected) child.disconnect();
  child.unref();
}

function toDaemonError(birth: Birth, code: number | null, signal: NodeJS.Signals | null): DaemonError {
  const { error, said } = birth;
  // One that ends in order without a word has not done what it was to do.
  const exitCode = code === 0 || code === null ? undefined : code;
  const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
  const last = said.trim();
  const why = last === "" ? "Start it in the foreground to see why." : `It said: ${last}`;
  return withCode(error ?? toProcessError(`The daemon ${how} before it was ready. ${why}`), exitCode);
}

function withCode(error: Error, exitCode: number | undefined): DaemonError {
  return Object.assign(error, { exitCode }) as DaemonError;
}

/** How much is kept of what it writes, about, in characters. */
const MOST_SAID = 65_536;
/** How long it may take to end, in milliseconds, before it is killed. */
const FAREWELL = 5000;
