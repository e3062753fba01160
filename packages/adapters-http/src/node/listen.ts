import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, chown, lstat, unlink } from "node:fs/promises";
import { connect, type ListenOptions as NodeListenOptions, type Server } from "node:net";
import { dirname } from "node:path";
import { isMainThread } from "node:worker_threads";
import { FingerError } from "finger-protocol";
import type { ListeningPlace, ListenOptions } from "finger-server";

/** Where to listen: on a TCP port, unless there is a `path` or an `fd`. */
export type ListenPlace = Pick<ListenOptions, "port" | "host" | "path" | "mode" | "owner" | "fd">;

/**
 * Has a server listen, and resolves to where that is.
 *
 * @throws `FingerError` `ERR_FINGER_LISTEN`.
 */
export async function listenAt(server: Server, place: ListenPlace, port: number): Promise<ListeningPlace> {
  const target = toTarget(place, port);
  try {
    if (target.path !== undefined) await clearPath(target.path);
    await listen(server, target, place);
  } catch (cause) {
    throw cannotListen(target, cause);
  }
  return toAddress(server, target);
}

/** Where to listen, as Node takes it. */
type Target = NodeListenOptions & { fd?: number };

function toTarget({ port, host = "127.0.0.1", path, fd }: ListenPlace, defaultPort: number): Target {
  if (fd !== undefined) return { backlog: BACKLOG, fd };
  return { backlog: BACKLOG, ...(path === undefined ? { port: port ?? defaultPort, host } : { path }) };
}

/** How many connections may wait to be accepted; the system takes what it allows (listen(2)). */
const BACKLOG = 4096;

async function listen(server: Server, target: Target, { path, mode, owner }: ListenPlace): Promise<void> {
  const listening = once(server, "listening");
  withMode(mode, () => server.listen(target));
  await listening;
  if (path === undefined) return;
  try {
    if (owner !== undefined) await chown(path, owner.uid, owner.gid);
    if (mode !== undefined) await chmod(path, mode);
  } catch (error) {
    server.close();
    throw error;
  }
}

/** Binds so that there is no moment in which others could open the socket. Threads cannot have a umask of their own. */
function withMode(mode: number | undefined, bind: () => void): void {
  if (mode === undefined || !isMainThread) return void bind();
  const before = process.umask(0o777 & ~mode);
  try {
    bind();
  } finally {
    process.umask(before);
  }
}

/** Makes room where a server that died has left its socket. Node would cut a path that is too long. */
async function clearPath(path: string): Promise<void> {
  if (Buffer.byteLength(path) > LONGEST_PATH) throw new Error(`a path has at most ${LONGEST_PATH} bytes`);
  const file = await lstat(path).catch(() => undefined);
  if (file === undefined) return;
  if (!file.isSocket()) throw new Error("there is a file that is no socket");
  if (await isAbandoned(path)) await unlink(path);
}

async function isAbandoned(path: string): Promise<boolean> {
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

function toAddress(server: Server, { path }: Target): ListeningPlace {
  const address = server.address();
  if (address === null || typeof address === "string") return { host: "", port: 0, path: path ?? address ?? undefined };
  return { host: address.address, port: address.port, path: undefined };
}

function cannotListen(target: Target, cause: unknown): FingerError {
  const { host, port, path, fd } = target;
  const { code = "", message } = cause as NodeJS.ErrnoException;
  const where = fd !== undefined ? `descriptor ${fd}` : (path ?? `${host}, port ${port}`);
  const remedy = REMEDIES[code]?.(target) ?? `${message}.`;
  return new FingerError("ERR_FINGER_LISTEN", `Cannot listen for HTTP on ${where}: ${remedy}`, { cause });
}

const REMEDIES: Readonly<Record<string, (target: Target) => string>> = {
  EADDRINUSE: ({ path }) => `another program listens there. Stop it, or choose another ${path ? "path" : "port"}.`,
  EADDRNOTAVAIL: () => "this machine does not have that address. Choose one of its own, or :: for all of them.",
  EPERM: () => "only root can give a socket to another user.",
  EACCES: ({ port = 0, path }) => {
    if (path !== undefined && !existsSync(dirname(path))) return NO_FOLDER; // libuv calls that so, too
    return port > 0 && port < 1024 ? PRIVILEGED : "the system does not allow it.";
  },
  ENOTFOUND: () => "there is no such host. Give an address of this machine.",
  ENOENT: () => NO_FOLDER,
  EINVAL: () => "it is no socket that can be listened on.",
  EBADF: () => "there is no such descriptor; was it passed on?",
};

const NO_FOLDER = "there is no such folder.";
const PRIVILEGED =
  "ports below 1024 need a privilege. Have a web server in front pass requests on, or systemd open the port; or choose a higher one, such as 8000.";
