import { once } from "node:events";
import { lstat, unlink } from "node:fs/promises";
import { connect, createServer, type ListenOptions as NodeListenOptions, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { FingerError } from "finger-protocol";
import type { ResolvedLimits } from "../server/limits.js";
import type { Begin, Listener, Listening, ListenOptions } from "../server/runtime.js";
import { carry, SocketPeer } from "./socket.js";

/** @throws `FingerError` `ERR_FINGER_LISTEN` */
export async function listenOnSockets(
  begin: Begin,
  limits: ResolvedLimits,
  onError: (error: unknown) => void,
  options: ListenOptions,
): Promise<Listener> {
  const serve = (socket: Socket) => carry(socket, begin, new SocketPeer(socket));
  const { server, reloadTls, shaking } = await createSocketServer(serve, limits, options.tls);
  const place = toPlace(options);
  await bind(server, place);
  server.on("error", onError);
  const { host, port, path } = toAddress(server, place);
  return { address: { host, port, path, reloadTls }, close: (drained) => stopListening(server, drained, shaking) };
}

/** Half-open, or a peer that closes its side behind the query would never get an answer that takes time. */
async function createSocketServer(
  serve: (socket: Socket) => void,
  limits: ResolvedLimits,
  tls: ListenOptions["tls"],
): Promise<{ server: Server; reloadTls: () => Promise<void>; shaking: ReadonlySet<Socket> }> {
  const shaking = new Set<Socket>();
  if (tls === undefined) {
    return { server: createServer({ allowHalfOpen: true }, serve), reloadTls: async () => {}, shaking };
  }
  const read = async () => (typeof tls === "function" ? tls() : tls);
  const handshakeTimeout = Number.isFinite(limits.queryTime) ? limits.queryTime : 0;
  const server = createTlsServer({ ...(await read()), allowHalfOpen: true, handshakeTimeout }, serve);
  // A handshake is no exchange yet, so it is not counted as one.
  server.maxConnections = Math.min(limits.connections, MOST_HANDSHAKES);
  // Node tells of a handshake that fails, or takes too long, and leaves the socket to us.
  server.on("tlsClientError", (_, socket) => socket.destroy());
  server.on("connection", (socket) => {
    shaking.add(socket);
    socket.once("close", () => shaking.delete(socket));
  });
  return { server, reloadTls: async () => server.setSecureContext(await read()), shaking };
}

function toPlace({ port = 79, host = "127.0.0.1", path, fd }: ListenOptions): NodeListenOptions & { fd?: number } {
  if (fd !== undefined) return { fd };
  return { backlog: 4096, ...(path === undefined ? { port, host } : { path }) };
}

async function bind(server: Server, place: NodeListenOptions & { fd?: number }): Promise<void> {
  try {
    await listen(server, place);
  } catch (cause) {
    const isStale = place.path !== undefined && (await isStaleSocket(place.path, cause as NodeJS.ErrnoException));
    if (!isStale) throw cannotListen(place, cause as NodeJS.ErrnoException);
    await unlink(place.path as string);
    await listen(server, place);
  }
}

async function listen(server: Server, place: NodeListenOptions & { fd?: number }): Promise<void> {
  const listening = once(server, "listening");
  server.listen(place);
  await listening;
}

/** A socket file that nobody answers at was left by a server that died. */
async function isStaleSocket(path: string, { code }: NodeJS.ErrnoException): Promise<boolean> {
  if (code !== "EADDRINUSE" || !(await lstat(path)).isSocket()) return false;
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

/** What is still open when all exchanges are over was in the middle of a handshake. */
async function stopListening(server: Server, drained: Promise<void>, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, "close");
  server.close();
  await drained;
  for (const socket of sockets) socket.destroy();
  await closed;
}

function cannotListen(
  { host, port, path, fd }: NodeListenOptions & { fd?: number },
  cause: NodeJS.ErrnoException,
): FingerError {
  const where = fd !== undefined ? `descriptor ${fd}` : (path ?? `${host}, port ${port}`);
  const remedy = REMEDIES[cause.code ?? ""]?.(port ?? 0) ?? `${cause.message}.`;
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

const MOST_HANDSHAKES = 4096;
