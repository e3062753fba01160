import { setTimeout as pause } from "node:timers/promises";
import { dieOf } from "./terminal.js";

/**
 * Ends this process, of which nothing is left but perhaps threads that wait for the system: Node would wait for them, and for one that
 * looks at a disk that hangs it would for ever. Where one still does after a moment, the process ends as by a signal: by SIGTERM,
 * which is in order, or by SIGKILL, when its exit code is that of a failure.
 */
export async function leave(): Promise<void> {
  const end = performance.now() + MOMENT;
  while (isAwaitingSystem() && performance.now() < end) await pause(LOOK);
  if (isAwaitingSystem()) dieOf(process.exitCode === 0 ? "SIGTERM" : "SIGKILL");
  else process.exit();
}

/** Whether a thread does what another program or machine may never let it end: looks at a file, or for an address. */
export function isAwaitingSystem(): boolean {
  return process.getActiveResourcesInfo().some((kind) => AT_SYSTEM.some((prefix) => kind.startsWith(prefix)));
}

/** As Node calls its requests to the threads. */
const AT_SYSTEM: readonly string[] = ["FSReq", "GetAddrInfoReq", "GetNameInfoReq"];
/** In milliseconds: what is written to a log may still get there. */
const MOMENT = 1_000;
const LOOK = 10;
