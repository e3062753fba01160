import { once } from "node:events";
import { chmod, chown, lstat, unlink } from "node:fs/promises";
import { connect } from "node:net";
import { isMainThread } from "node:worker_threads";
import { FingerError } from "finger-protocol";
import type { ListenOptions } from "../server/runtime.js";

/** Who may open a Unix socket. */
export interface Access {
  readonly mode: number | undefined;
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
}

/** @throws `TypeError` when there is no Unix socket that it could be of, or a proxy would bring others to it. */
export function toAccess({ path, mode, owner, login, proxyProtocol }: ListenOptions): Access {
  if (login !== undefined && proxyProtocol !== undefined) {
    throw new TypeError("The options login and proxyProtocol exclude each other: a proxy brings anybody.");
  }
  if (login !== undefined && ((mode ?? 0) & 0o077) !== 0) {
    throw new TypeError(`The socket of ${login} is nobody else's: its mode cannot be 0o${mode?.toString(8)}.`);
  }
  for (const [name, value] of Object.entries({ mode, owner, login })) {
    if (value !== undefined && path === undefined)
      throw new TypeError(`The option ${name} is of a Unix socket: give a path.`);
  }
  return { mode: mode ?? (login === undefined ? undefined : 0o600), owner };
}

/** @throws `FingerError` `ERR_FINGER_LISTEN` when the path is too long for a Unix socket. */
export function assertShort(path: string): void {
  if (Buffer.byteLength(path) <= LONGEST_PATH) return;
  const why = `a path has at most ${LONGEST_PATH} bytes`;
  throw new FingerError("ERR_FINGER_LISTEN", `Cannot listen on ${path}: ${why}. Choose a shorter one.`);
}

/**
 * Binds so that there is no moment in which others could open the socket. Threads cannot have a umask of their own; and for the
 * workers of `node:cluster` it is the primary that binds, with its own.
 */
export function bindWith({ mode }: Access, bind: () => void): void {
  if (mode === undefined || !isMainThread) return void bind();
  const before = process.umask(0o777 & ~mode);
  try {
    bind();
  } finally {
    process.umask(before);
  }
}

/** Gives the socket to its owner. */
export async function giveAccess(path: string, { mode, owner }: Access): Promise<void> {
  if (owner !== undefined) await chown(path, owner.uid, owner.gid);
  if (mode !== undefined) await chmod(path, mode);
}

/**
 * Makes room where a server that died has left its socket. That is done first, and not when to listen has failed: the workers
 * of `node:cluster` share what each of them listens on at its first attempt, or its second, and so need equally many.
 */
export async function removeStaleSocket(path: string): Promise<void> {
  const file = await lstat(path).catch(() => undefined);
  if (file === undefined) return;
  if (!file.isSocket()) throw new Error("there is a file that is no socket");
  if (await isStaleSocket(path)) await unlink(path);
}

/** A socket file that nobody answers at was left by a server that died. */
async function isStaleSocket(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ECONNREFUSED";
  } finally {
    socket.destroy();
  }
}

/** What the address of a Unix socket has room for, in bytes: 108 on Linux with a NUL, and 104 elsewhere. */
const LONGEST_PATH = process.platform === "linux" ? 107 : 103;
