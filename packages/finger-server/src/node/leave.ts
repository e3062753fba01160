import { dieOf } from "./terminal.js";

/**
 * Ends this process, of which nothing is left but perhaps threads that wait for the system: Node would wait for them, and for one that
 * looks at a disk that hangs it would for ever. Where one still does after a moment, the process ends as by a signal: by SIGTERM,
 * which is in order, or by SIGKILL, when its exit code is that of a failure.
 *
 * The first process of a container is spared its own signals, and so is left to whoever stops the container.
 */
export function leave(code: typeof process.exitCode = process.exitCode): void {
  process.exitCode = code;
  leaveWithin(MOMENT);
}

function leaveWithin(ms: number): void {
  if (!isAwaitingSystem()) process.exit();
  if (ms > 0) {
    setTimeout(leaveWithin, LOOK, ms - LOOK);
    return;
  }
  const code = Number(process.exitCode ?? 0);
  // Programs that are left are ended at this event.
  process.emit("exit", code);
  dieOf(code === 0 ? "SIGTERM" : "SIGKILL");
}

/** Whether a thread does what another program or machine may never let it end: has to do with a file, or looks for an address. */
export function isAwaitingSystem(): boolean {
  return process.getActiveResourcesInfo().some((kind) => AT_SYSTEM.some((prefix) => kind.startsWith(prefix)));
}

/** As Node calls its requests to the threads. */
const AT_SYSTEM: readonly string[] = ["FSReq", "CloseReq", "FileHandleCloseReq", "GetAddrInfoReq", "GetNameInfoReq"];
/** In milliseconds: what is written to a log may still get there. */
const MOMENT = 1_000;
const LOOK = 10;
