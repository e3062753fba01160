import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type ListenOptions as NodeListenOptions, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import type { TlsOptions, Server as TlsServer } from "node:tls";
import { FingerError } from "finger-protocol";
import type { Network } from "../network.js";
import { NOBODY, type Peer } from "../provider.js";
import type { Host, Listener, Listening, ListenOptions } from "../server/runtime.js";
import { findPortOwner, findSocketOwner } from "./proc/port-owner.js";
import { createProxyServer, createSecureProxyServer, parseProxies } from "./proxy-server.js";
import { createSecureServer } from "./secure-server.js";
import { carry, SocketPeer } from "./socket.js";
import { type Access, assertShort, bindWith, giveAccess, removeStaleSocket, toAccess } from "./unix-socket.js";

/** @throws `FingerError` `ERR_FINGER_LISTEN`; `TypeError` or `RangeError` for a wrong `proxyProtocol`. */
export async function listenOnSockets(host: Host, options: ListenOptions): Promise<Listener> {
  const place = toPlace(options);
  const { server, reloadTls } = await createSocketServer(host, place, options);
  const address = await bindServer(server, options);
  server.on("error", host.onError);
  return { address: { ...address, reloadTls }, close: () => stopListening(server) };
}

/**
 * Has a server of Node listen, and resolves to where that is.
 *
 * @throws `FingerError` `ERR_FINGER_LISTEN`.
 */
export async function bindServer(server: Server, options: ListenOptions): Promise<ListeningPlace> {
  const place = toPlace(options);
  await bind(server, place, toAccess(options));
  return toAddress(server, place);
}

/** Where a server listens. */
export type ListeningPlace = Pick<Listening, "host" | "port" | "path">;

/** A server of Node, and what has it read its certificate again. */
interface SocketServer {
  readonly server: Server;
  readonly reloadTls: () => Promise<void>;
}

async function createSocketServer(host: Host, place: Place, options: ListenOptions): Promise<SocketServer> {
  const { tls, proxyProtocol } = options;
  const proxies = proxyProtocol === undefined ? undefined : parseProxies(proxyProtocol, place.port !== undefined);
  const toPeer = createToPeer(options);
  if (tls === undefined) return { server: createPlainServer(host, proxies, toPeer), reloadTls: async () => {} };
  const read = async () => (typeof tls === "function" ? tls() : tls);
  try {
    const { server, secure } = createTlsFront(await read(), host, proxies, toPeer);
    return { server, reloadTls: async () => secure.setSecureContext(await read()) };
  } catch (cause) {
    throw cannotListen(place, cause);
  }
}

/** Half-open, or a peer that closes its side behind the query would never get an answer that takes time. */
function createPlainServer(host: Host, proxies: Proxies, toPeer: ToPeer): Server {
  if (proxies !== undefined) return createProxyServer(proxies, host);
  return createServer({ allowHalfOpen: true }, (socket) => {
    carry(socket, host.begin, toPeer(socket));
  });
}

/** What listens, and what has the certificate: the same, unless something else comes before TLS. */
function createTlsFront(options: TlsOptions, host: Host, proxies: Proxies, toPeer: ToPeer): TlsServers {
  if (proxies !== undefined) return createSecureProxyServer(proxies, options, host);
  const secure = createSecureServer(options, host, (socket, handshake) => {
    carry(socket, host.begin, toPeer(socket), handshake);
  });
  return { server: secure, secure };
}

interface TlsServers {
  readonly server: Server;
  readonly secure: TlsServer;
}

/** Who is at the other end of a socket. */
type ToPeer = (socket: Socket) => Peer;

/** All peers of a Unix socket are alike. */
function createToPeer({ path, login }: ListenOptions): ToPeer {
  if (path === undefined) return (socket) => new SocketPeer(socket);
  const peer = { ...NOBODY, ...(login !== undefined && { login }) };
  return () => peer;
}

/** The networks of the proxies in front, where there are some. */
type Proxies = readonly Network[] | undefined;

/** Where to listen, as Node takes it. */
type Place = NodeListenOptions & { fd?: number };

function toPlace({ port = 79, host = "127.0.0.1", path, fd }: ListenOptions): Place {
  if (path !== undefined) assertShort(path);
  // Node would make the queue of a socket that it was given shorter.
  if (fd !== undefined) return { backlog: BACKLOG, fd };
  return { backlog: BACKLOG, ...(path === undefined ? { port, host } : { path }) };
}

/** How many connections may wait to be accepted; the system takes what it allows (listen(2)). */
const BACKLOG = 4096;

/** Who is in the way, where the system tells. */
function findInTheWay({ host, port, path }: Wish): string {
  const owner = path === undefined ? findPortOwner(port, host) : findSocketOwner(path);
  if (owner?.pid === process.pid) return "this process itself, on another address or by another name,";
  return owner === undefined ? "another program" : `${owner.command} (process ${owner.pid})`;
}

async function bind(server: Server, place: Place, access: Access): Promise<void> {
  try {
    if (place.path !== undefined) await removeStaleSocket(place.path);
    await listen(server, place, access);
  } catch (cause) {
    throw cannotListen(place, cause);
  }
}

async function listen(server: Server, place: Place, access: Access): Promise<void> {
  const listening = once(server, "listening");
  bindWith(access, () => server.listen(place));
  await listening;
  if (place.path === undefined) return;
  try {
    await giveAccess(place.path, access);
  } catch (error) {
    server.close();
    throw error;
  }
}

function toAddress(server: Server, { path }: NodeListenOptions): ListeningPlace {
  const address = server.address();
  if (address === null || typeof address === "string") return { host: "", port: 0, path: path ?? address ?? undefined };
  return { host: address.address, port: address.port, path: undefined };
}

async function stopListening(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  await closed;
}

function cannotListen({ host, port, path, fd }: Place, reason: unknown): FingerError {
  if (FingerError.is(reason)) return reason;
  const cause = path === undefined ? reason : toTrueReason(path, reason);
  const { code = "", message } = cause as NodeJS.ErrnoException;
  const where = fd !== undefined ? `descriptor ${fd}` : (path ?? `${host}, port ${port}`);
  const remedy = REMEDIES[code]?.({ port: port ?? 0, host, path }) ?? `${message}.`;
  return new FingerError("ERR_FINGER_LISTEN", `Cannot listen on ${where}: ${remedy}`, { cause });
}

/** Of a folder that is not there, libuv says that it may not be entered. */
function toTrueReason(path: string, reason: unknown): unknown {
  if ((reason as NodeJS.ErrnoException).code !== "EACCES" || existsSync(dirname(path))) return reason;
  return Object.assign(new Error("there is no such folder", { cause: reason }), { code: "ENOENT" });
}

type Wish = Pick<Place, "host" | "path"> & { readonly port: number };

const REMEDIES: Readonly<Record<string, (wish: Wish) => string>> = {
  EADDRINUSE: (wish) =>
    `${findInTheWay(wish)} listens there. Stop it, or choose another ${wish.port > 0 ? "port" : "path"}.`,
  EADDRNOTAVAIL: () => "this machine does not have that address. Choose one of its own, or :: for all of them.",
  EPERM: () => "only root can give a socket to another user.",
  EACCES: ({ port }) => (port > 0 && port < 1024 ? PRIVILEGED : "the system does not allow it."),
  ENOTFOUND: () => "there is no such host. Give an address of this machine.",
  ENOENT: () => "there is no such folder.",
  EINVAL: () => "it is no socket that can be listened on.",
  EBADF: () => "there is no such descriptor; was it passed on?",
};

const PRIVILEGED =
  "ports below 1024 need a privilege. Have systemd open this one, give Node the capability CAP_NET_BIND_SERVICE, or have the firewall redirect it; finger-server(1) tells how. Or choose a higher port, as --port 7979 does.";
