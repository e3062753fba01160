import { once } from "node:events";
import { lstat, unlink } from "node:fs/promises";
import { connect, createServer, type ListenOptions as NodeListenOptions, type Server, type Socket } from "node:net";
import { FingerError } from "finger-protocol";
import type { Host, Listener, Listening, ListenOptions } from "../server/runtime.js";
import { createSecureServer } from "./secure-server.js";
import { carry, SocketPeer } from "./socket.js";

/** @throws `FingerError` `ERR_FINGER_LISTEN` */
export async function listenOnSockets(host: Host, options: ListenOptions): Promise<Listener> {
  const place = toPlace(options);
  const { server, reloadTls } = await createSocketServer(host, place, options.tls);
  await bind(server, place);
  server.on("error", host.onError);
  return { address: { ...toAddress(server, place), reloadTls }, close: () => stopListening(server) };
}

/** Half-open, or a peer that closes its side behind the query would never get an answer that takes time. */
async function createSocketServer(
  host: Host,
  place: Place,
  tls: ListenOptions["tls"],
): Promise<{ server: Server; reloadTls: () => Promise<void> }> {
  const serve = (socket: Socket) => carry(socket, host.begin, new SocketPeer(socket));
  if (tls === undefined) return { server: createServer({ allowHalfOpen: true }, serve), reloadTls: async () => {} };
  const read = async () => (typeof tls === "function" ? tls() : tls);
  try {
    const server = createSecureServer(await read(), host, serve);
    return { server, reloadTls: async () => server.setSecureContext(await read()) };
  } catch (cause) {
    throw cannotListen(place, cause);
  }
}

/** Where to listen, as Node takes it. */
type Place = NodeListenOptions & { fd?: number };

function toPlace({ port = 79, host = "127.0.0.1", path, fd }: ListenOptions): Place {
  if (path !== undefined && Buffer.byteLength(path) > LONGEST_PATH) {
    const why = `a path has at most ${LONGEST_PATH} bytes`;
    throw new FingerError("ERR_FINGER_LISTEN", `Cannot listen on ${path}: ${why}. Choose a shorter one.`);
  }
  if (fd !== undefined) return { fd };
  return { backlog: 4096, ...(path === undefined ? { port, host } : { path }) };
}

async function bind(server: Server, place: Place): Promise<void> {
  try {
    await listen(server, place);
  } catch (cause) {
    const { path } = place;
    if (path === undefined || (cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cannotListen(place, cause);
    if (!(await lstat(path)).isSocket()) throw cannotListen(place, new Error("there is a file that is no socket"));
    if (!(await isStaleSocket(path))) throw cannotListen(place, cause);
    await unlink(path);
    await listen(server, place);
  }
}

async function listen(server: Server, place: Place): Promise<void> {
  const listening = once(server, "listening");
  server.listen(place);
  await listening;
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

function toAddress(server: Server, { path }: NodeListenOptions): Omit<Listening, "reloadTls"> {
  const address = server.address();
  if (address === null || typeof address === "string") return { host: "", port: 0, path: path ?? address ?? undefined };
  return { host: address.address, port: address.port, path: undefined };
}

async function stopListening(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  await closed;
}

function cannotListen({ host, port, path, fd }: Place, cause: unknown): FingerError {
  const { code = "", message } = cause as NodeJS.ErrnoException;
  const where = fd !== undefined ? `descriptor ${fd}` : (path ?? `${host}, port ${port}`);
  const remedy = REMEDIES[code]?.(port ?? 0) ?? `${message}.`;
  return new FingerError("ERR_FINGER_LISTEN", `Cannot listen on ${where}: ${remedy}`, { cause });
}

const REMEDIES: Readonly<Record<string, (port: number) => string>> = {
  EADDRINUSE: (port) => `another program listens there. Stop it, or choose another ${port > 0 ? "port" : "path"}.`,
  EADDRNOTAVAIL: () => "this machine does not have that address. Choose one of its own, or :: for all of them.",
  EACCES: (port) =>
    port > 0 && port < 1024
      ? "ports below 1024 need a privilege. Choose a higher port such as 7979, or have systemd open this one."
      : "the system does not allow it.",
  ENOTFOUND: () => "there is no such host. Give an address of this machine.",
  ENOENT: () => "there is no such folder.",
  EINVAL: () => "it is no socket that can be listened on.",
  EBADF: () => "there is no such descriptor; was it passed on?",
};

/** What the address of a Unix socket has room for, in bytes: 108 on Linux with a NUL, and 104 elsewhere. */
const LONGEST_PATH = process.platform === "linux" ? 107 : 103;
