import { once } from "node:events";
import { createServer, type ListenOptions as NodeListenOptions, type Server, type Socket } from "node:net";
import type { TlsOptions, Server as TlsServer } from "node:tls";
import { FingerError } from "finger-protocol";
import type { Network } from "../network.js";
import { NOBODY, type Peer } from "../provider.js";
import type { Host, Listener, Listening, ListenOptions } from "../server/runtime.js";
import { createProxyServer, createSecureProxyServer, parseProxies } from "./proxy-server.js";
import { createSecureServer } from "./secure-server.js";
import { carry, SocketPeer } from "./socket.js";
import { type Access, assertShort, bindWith, giveAccess, removeStaleSocket, toAccess } from "./unix-socket.js";

/** @throws `FingerError` `ERR_FINGER_LISTEN`; `TypeError` or `RangeError` for a wrong `proxyProtocol`. */
export async function listenOnSockets(host: Host, options: ListenOptions): Promise<Listener> {
  const place = toPlace(options);
  const access = toAccess(options);
  const { server, reloadTls } = await createSocketServer(host, place, options);
  await bind(server, place, access);
  server.on("error", host.onError);
  return { address: { ...toAddress(server, place), reloadTls }, close: () => stopListening(server) };
}

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
  if (fd !== undefined) return { fd };
  return { backlog: 4096, ...(path === undefined ? { port, host } : { path }) };
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
  EPERM: () => "only root can give a socket to another user.",
  EACCES: (port) =>
    port > 0 && port < 1024
      ? "ports below 1024 need a privilege. Choose a higher port such as 7979, or have systemd open this one."
      : "the system does not allow it.",
  ENOTFOUND: () => "there is no such host. Give an address of this machine.",
  ENOENT: () => "there is no such folder.",
  EINVAL: () => "it is no socket that can be listened on.",
  EBADF: () => "there is no such descriptor; was it passed on?",
};
