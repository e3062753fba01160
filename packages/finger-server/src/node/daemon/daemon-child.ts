import { closeSync, readdirSync, readFileSync } from "node:fs";
import { toFault } from "../workers/messages.js";
import { DAEMON, type DaemonMessage } from "./daemon-message.js";

/** The side of the daemon: what it tells who started it. The first call of either is the last thing it tells. */
export interface DaemonChild {
  /** It runs. */
  ready(): void;
  /** It will not run, and ends now. */
  failed(error: unknown): void;
}

/**
 * The one who started this process as a daemon and waits for it; `undefined` when nobody did. To be called once, and first.
 *
 * Until it is ready what is written to standard error goes there as well, and so does an error that nobody catches. When the one
 * who waits is gone before, this process gets a SIGTERM.
 */
export function daemonChild(): DaemonChild | undefined {
  const isDaemon = process.env[DAEMON] !== undefined;
  delete process.env[DAEMON];
  if (!isDaemon || process.send === undefined) return undefined;
  closeStrangers();
  const stopRelaying = relayStderr();
  const tellLast = (what: DaemonMessage["fingerDaemon"]) => {
    stopRelaying();
    process.off("uncaughtExceptionMonitor", failed);
    process.off("disconnect", onOrphaned);
    tell(what, hangUp);
  };
  const failed = (error: unknown) => tellLast({ kind: "failed", fault: toFault(error) });
  process.on("uncaughtExceptionMonitor", failed);
  process.on("disconnect", onOrphaned);
  // A listener would keep the process.
  process.channel?.unref();
  return { ready: () => tellLast({ kind: "ready" }), failed };
}

function onOrphaned(): void {
  process.kill(process.pid, "SIGTERM");
}

/** Who hears it may be gone already. */
function tell(what: DaemonMessage["fingerDaemon"], onTold: () => void): void {
  if (process.connected) process.send?.({ fingerDaemon: what }, undefined, undefined, onTold);
}

function hangUp(): void {
  if (process.connected) process.disconnect();
}

/** Standard error itself leads nowhere: it may not be anybody's who started the daemon. */
function relayStderr(): () => void {
  const { stderr } = process;
  const { write } = stderr;
  stderr.write = (chunk: unknown, ...rest: unknown[]) => {
    tell(
      { kind: "said", text: typeof chunk === "string" ? chunk : Buffer.from(chunk as Uint8Array).toString() },
      () => {},
    );
    return Reflect.apply(write, stderr, [chunk, ...rest]);
  };
  return () => {
    stderr.write = write;
  };
}

/**
 * Closes what a shell had open beyond the first descriptors, and what each program passes on to the next: Node leaves it open. All
 * that Node opens itself is marked to be closed in the next program.
 */
function closeStrangers(): void {
  try {
    for (const fd of readdirSync("/proc/self/fdinfo").map(Number)) if (fd > 2 && isInherited(fd)) closeSync(fd);
  } catch {
    // There is no /proc to tell.
  }
}

/** Those that the listing itself had open are gone. */
function isInherited(fd: number): boolean {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    return false;
  }
}

/** O_CLOEXEC of Linux. */
const CLOSE_ON_EXEC = 0o2000000;
