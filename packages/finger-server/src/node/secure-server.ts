import type { Socket } from "node:net";
import { createServer, type Server, type TlsOptions } from "node:tls";
import type { OpenExchange } from "../exchange/open-exchanges.js";
import type { Peer } from "../provider.js";
import type { PeerAccount } from "../server/peer-accounts.js";
import type { Host } from "../server/runtime.js";
import { SocketPeer } from "./socket.js";

/**
 * A server whose connections speak TLS. A handshake takes a place like a connection that has asked nothing yet, and hands it
 * on to the exchange; its time is that of a query.
 */
export function createSecureServer(options: TlsOptions, host: Host, serve: (socket: Socket) => void): Server {
  const { open, limits } = host;
  const handshakes = new Map<string, Handshake>();
  const handshakeTimeout = Number.isFinite(limits.queryTime) ? limits.queryTime : 0;
  const server = createServer({ ...options, allowHalfOpen: true, handshakeTimeout }, (socket) => {
    const handshake = handshakes.get(toKey(socket));
    if (handshake !== undefined) open.delete(handshake);
    serve(socket);
  });
  server.on("connection", (socket) => {
    // Those of a Unix socket cannot be told apart, and come from this machine.
    if (socket.remoteAddress === undefined) return;
    const [key, handshake] = [toKey(socket), new Handshake(socket)];
    handshakes.set(key, handshake);
    socket.once("close", () => {
      if (handshakes.get(key) === handshake) handshakes.delete(key);
      open.delete(handshake);
    });
    if (!open.add(handshake)) handshake.makeRoom();
  });
  // Node tells of a handshake that fails, or takes too long, and leaves the socket to us.
  server.on("tlsClientError", (_, socket) => socket.destroy());
  return server;
}

/** What the socket and its TLS have in common. */
function toKey({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** Nothing can be said to who has no keys yet, so it ends in silence. */
class Handshake implements OpenExchange {
  readonly peer: Peer;
  account: PeerAccount | undefined;
  deadline: number = Number.POSITIVE_INFINITY;
  private readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    this.peer = new SocketPeer(socket);
  }

  expire(): void {
    this.socket.destroy();
  }

  makeRoom(): void {
    this.socket.destroy();
  }

  hurry(): void {
    this.socket.destroy();
  }

  cut(): void {
    this.socket.destroy();
  }
}
