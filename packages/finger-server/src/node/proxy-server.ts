import { AsyncLocalStorage } from "node:async_hooks";
import { createServer, type Server, type Socket } from "node:net";
import type { TlsOptions, Server as TlsServer } from "node:tls";
import { ProxyHeaderReader } from "../exchange/proxy-header.js";
import { isIn, isLoopback, type Network, parseNetwork } from "../network.js";
import { NOBODY, type Peer } from "../provider.js";
import type { Host } from "../server/runtime.js";
import { type Complain, createComplaints } from "./complaints.js";
import { Handshake, takePlace } from "./handshake.js";
import { createTlsServer } from "./secure-server.js";
import { carry, SocketPeer } from "./socket.js";

/**
 * Reads the networks of the proxies in front.
 *
 * @param isNeeded - Whether there has to be one, because proxies are known by their addresses.
 * @throws `TypeError` or `RangeError` when it is no list of networks, or an empty one, which would let nobody in.
 */
export function parseProxies(entries: readonly string[], isNeeded: boolean): readonly Network[] {
  if (!Array.isArray(entries) || (isNeeded && entries.length === 0)) {
    const given = JSON.stringify(entries);
    throw new TypeError(`proxyProtocol must name the networks of proxies, such as ["10.0.0.0/8"], but is ${given}.`);
  }
  return entries.map((entry) => {
    try {
      return parseNetwork(String(entry));
    } catch (cause) {
      throw new RangeError(`proxyProtocol: ${(cause as Error).message}`, { cause });
    }
  });
}

/** A server whose connections come through proxies, which tell in a header of the PROXY protocol whom they bring. */
export function createProxyServer(proxies: readonly Network[], host: Host): Server {
  return createFrontServer(proxies, host, ({ socket, peer, before, rest }) => {
    const { deadline } = before;
    const conversation = carry(socket, host.begin, peer, before);
    // Header and query have one time together.
    conversation.deadline = Math.min(conversation.deadline, deadline);
    if (rest.length > 0) conversation.push(rest);
  });
}

/** The same with TLS behind the header, which comes in clear; `secure` has the certificate. */
export function createSecureProxyServer(
  proxies: readonly Network[],
  options: TlsOptions,
  host: Host,
): { server: Server; secure: TlsServer } {
  // Nothing else leads from a socket with TLS to what it was made of: those of a Unix socket have no addresses.
  const handshakes = new AsyncLocalStorage<Handshake>();
  const secure = createTlsServer(options, host.limits, (socket) => {
    const handshake = handshakes.getStore();
    if (handshake === undefined) return void socket.destroy();
    carry(socket, host.begin, handshake.peer, handshake);
  });
  const server = createFrontServer(proxies, host, ({ socket, peer, before, rest }) => {
    const handshake = new Handshake(socket, peer, before.deadline);
    takePlace(host.open, socket, handshake, before);
    if (socket.destroyed) return;
    socket.pause();
    if (rest.length > 0) socket.unshift(rest);
    handshakes.run(handshake, () => secure.emit("connection", socket));
  });
  return { server, secure };
}

/** A connection that a proxy brought, behind its header. */
interface Arrival {
  readonly socket: Socket;
  readonly peer: Peer;
  /** What has its place until now; its deadline is that of the query, too. */
  readonly before: Handshake;
  /** What came behind the header already. */
  readonly rest: Uint8Array;
}

function createFrontServer(proxies: readonly Network[], host: Host, arrive: (arrival: Arrival) => void): Server {
  const complain = createComplaints(host.onError);
  let isUnix = false;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const { address, port } = new SocketPeer(socket);
    // It was reset before we came to it, as checks of health are: there is nobody to trust, or to tell of.
    if (address === "" || (address === undefined && !isUnix)) return void socket.on("error", ignore).destroy();
    const isProxy = address === undefined || proxies.some((network) => isIn(address, network));
    if (isProxy) awaitHeader(socket, { address, port }, host, complain, arrive);
    else carry(socket, host.refuse, { address, port });
  });
  return server.once("listening", () => {
    isUnix = typeof (server.address() ?? "") === "string";
  });
}

/** Reads the header of one connection. Meanwhile it counts for nobody: a proxy may open any number of them at a time. */
function awaitHeader(
  socket: Socket,
  proxy: Peer,
  { open, limits }: Host,
  complain: Complain,
  arrive: (arrival: Arrival) => void,
): void {
  const reader = new ProxyHeaderReader();
  /** The header is there, and there was nothing behind it yet. */
  let isProxyAlone = false;
  const letGo = () => socket.off("data", onData).off("end", onGone).off("error", onGone);
  const turnAway = (what: string) => {
    letGo().destroy();
    if (!isProxyAlone) complain(proxy, what);
  };
  const hand = (peer: Peer, rest: Uint8Array) => {
    letGo();
    arrive({ socket, peer, before: handshake, rest });
  };
  const onData = (chunk: Uint8Array) => {
    if (isProxyAlone) return hand(proxy, chunk);
    const progress = reader.push(chunk);
    if (progress.kind === "more") return;
    if (progress.kind === "mistake") return turnAway(progress.what);
    const { source, rest } = progress;
    // A check of health says no more than this, and is nobody whom a policy could turn away.
    if (source === "proxy" && rest.length === 0) isProxyAlone = true;
    else hand(source === "proxy" ? proxy : toPeer(source, proxy), rest);
  };
  const onGone = () => {
    // Who opens a connection only to see that it can, as a check of health does, sends no header.
    if (reader.hasBegun) turnAway("the connection ended within it");
    else socket.destroy();
  };
  const handshake = new Handshake(socket, NOBODY, open.toDeadline(limits.queryTime), () => {
    turnAway(`it was not there within ${limits.queryTime} ms, see the limit queryTime`);
  });
  socket.on("error", ignore).on("data", onData).on("end", onGone).on("error", onGone);
  takePlace(open, socket, handshake);
}

/** A loopback address is that of the machine where the proxy is; it must not pass for one of ours. */
function toPeer(source: Peer, proxy: Peer): Peer {
  const { address = "" } = proxy;
  return isLoopback(source.address ?? "") && address !== "" && !isLoopback(address) ? proxy : source;
}

/** The close that follows is what counts. */
function ignore(): void {}
