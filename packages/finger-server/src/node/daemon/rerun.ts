import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { toCode, toProcessError } from "./process-error.js";

/** What the environment says of a program. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Has libuv do without io_uring. */
const SWITCH = "UV_USE_IO_URING";

/**
 * Whether this process has to be started again without io_uring before it can become somebody else. With libuv 1.45 to 1.48, as
 * of Node 20, the kernel may go on opening files as root, so Node refuses (CVE-2024-22017). It is asked by a change to what is so
 * already.
 */
export function needsRerun(env: Environment): boolean {
  if (env[SWITCH] === "0") return false;
  try {
    process.setegid?.(process.getegid?.() ?? 0);
    return false;
  } catch (error) {
    return toCode(error) === "ERR_INVALID_STATE";
  }
}

/** The environment with which it does not. */
export function withoutRing(env: Environment): Environment {
  return { ...env, [SWITCH]: "0" };
}

/**
 * Starts this program again without io_uring, with all that it was given, and passes on the signals that come. Resolves to its
 * exit code, which is 128 more than the number of a signal that ended it; to 0, without a start, when this one is to end already.
 *
 * No Node that needs this has `process.execve`.
 *
 * @param signal - Aborted when a signal has come before: nobody else would hear of it.
 * @throws `FingerError` `ERR_FINGER_PROCESS` when it cannot be started.
 */
export async function rerun(env: Environment, signal?: AbortSignal): Promise<number> {
  if (signal?.aborted) return 0;
  // In a session of its own, or a Ctrl+C would come twice: from the terminal, and from us.
  const child = spawn(...toCommand(env), { env: withoutRing(env), stdio: toStdio(env), detached: true });
  const stopPassing = passSignals(child);
  try {
    return await awaitCode(child);
  } catch (cause) {
    throw toProcessError(`The program cannot be started without io_uring: ${(cause as Error).message}.`, cause);
  } finally {
    stopPassing();
  }
}

/** Sockets of systemd are for the process that LISTEN_PID names; a shell can tell its number before it becomes the program. */
function toCommand(env: Environment): [file: string, args: readonly string[]] {
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  if (env["LISTEN_PID"] !== String(process.pid)) return [process.execPath, program.slice(1)];
  return ["/bin/sh", ["-c", 'LISTEN_PID=$$ exec "$0" "$@"', ...program]];
}

/** Standard input, output and error, and the sockets behind them. */
function toStdio(env: Environment): "inherit"[] {
  const sockets = env["LISTEN_PID"] === String(process.pid) ? Number(env["LISTEN_FDS"]) : 0;
  return Array(3 + (Number.isSafeInteger(sockets) ? sockets : 0)).fill("inherit");
}

function passSignals(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, pass);
  return () => {
    for (const signal of SIGNALS) process.off(signal, pass);
  };
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

function awaitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      // Who ends of SIGTERM ends in order.
      const ofSignal = signal === "SIGTERM" ? 0 : 128 + constants.signals[signal ?? "SIGKILL"];
      resolve(code ?? ofSignal);
    });
  });
}
