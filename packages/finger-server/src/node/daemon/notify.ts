import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { toCode, toProcessError } from "./process-error.js";

/** Tells systemd how this service is, by sd_notify(3). Each resolves when it was told, and never rejects. */
export interface Notifier {
  /** It serves, or does again after reloading. @param status - What `systemctl status` shows: a line. */
  ready(status?: string): Promise<void>;
  /** It reads its configuration again; {@link Notifier.ready} ends that. */
  reloading(): Promise<void>;
  /** It is about to end. */
  stopping(): Promise<void>;
}

/**
 * Makes a notifier, which does nothing unless systemd waits to be told (`Type=notify`, or `notify-reload`).
 *
 * Node cannot send to such sockets, so the program systemd-notify does. The process that sends is then not the main one of its
 * service, so its unit needs `NotifyAccess=all`.
 *
 * @param onError - Hears what could not be told.
 */
export function createNotifier(
  env: Readonly<Record<string, string | undefined>>,
  onError: (error: unknown) => void = () => {},
): Notifier {
  const { NOTIFY_SOCKET: socket, PATH } = env;
  let last = Promise.resolve();
  const send = (...lines: readonly string[]) => {
    // One after the other, or systemd could hear of them in another order.
    if (socket !== undefined) last = last.then(() => notify(lines, { NOTIFY_SOCKET: socket, PATH })).catch(onError);
    return last;
  };
  return {
    ready: (status) => send("READY=1", ...(status === undefined ? [] : [toStatus(status)])),
    reloading: () => send("RELOADING=1", `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`),
    stopping: () => send("STOPPING=1"),
  };
}

/** A line break would begin another variable. */
function toStatus(text: string): string {
  return `STATUS=${text.replace(/\s+/g, " ")}`;
}

async function notify(lines: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await promisify(execFile)("systemd-notify", lines, { env, timeout: LONGEST });
  } catch (cause) {
    throw toProcessError(`systemd could not be told ${lines[0]}: ${toRemedy(cause)}`, cause);
  }
}

function toRemedy(cause: unknown): string {
  if (toCode(cause) === "ENOENT") {
    return "the program systemd-notify is missing. Install it, or write Type=exec into the unit.";
  }
  const { killed, stderr, message } = cause as { killed?: boolean; stderr?: string; message: string };
  return killed === true ? "systemd does not answer." : `${(stderr || message).trim()}.`;
}

/** How long it may take, in milliseconds: the program waits until systemd has heard it. */
const LONGEST = 10_000;
