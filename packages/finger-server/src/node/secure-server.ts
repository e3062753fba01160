import type { Socket } from "node:net";
import { createServer, type Server, type TlsOptions } from "node:tls";
import type { ResolvedLimits } from "../server/limits.js";
import type { Host } from "../server/runtime.js";
import { Handshake, takePlace } from "./handshake.js";
import { SocketPeer } from "./socket.js";

/** Serves a connection behind its handshake; those of a Unix socket have none that is known. */
export type ServeSecure = (socket: Socket, handshake: Handshake | undefined) => void;

/**
 * A server whose connections speak TLS. A handshake takes a place like a connection that has asked nothing yet, and hands it
 * on to the exchange; its time is that of a query.
 */
export function createSecureServer(options: TlsOptions, host: Host, serve: ServeSecure): Server {
  const handshakes = new Map<string, Handshake>();
  const server = createTlsServer(options, host.limits, (socket) => {
    serve(socket, handshakes.get(toKey(socket)));
  });
  server.on("connection", (socket) => {
    // Those of a Unix socket cannot be told apart, and come from this machine.
    if (socket.remoteAddress === undefined) return;
    const [key, handshake] = [toKey(socket), new Handshake(socket, new SocketPeer(socket))];
    handshakes.set(key, handshake);
    socket.once("close", () => {
      if (handshakes.get(key) === handshake) handshakes.delete(key);
    });
    takePlace(host.open, socket, handshake);
  });
  return server;
}

/** A server of `node:tls` that leaves each side of a connection open until it is ended, and no failed one behind. */
export function createTlsServer(options: TlsOptions, limits: ResolvedLimits, serve: (socket: Socket) => void): Server {
  const handshakeTimeout = Number.isFinite(limits.queryTime) ? limits.queryTime : 0;
  const server = createServer({ ...options, allowHalfOpen: true, handshakeTimeout }, serve);
  // Node tells of a handshake that fails, or takes too long, and leaves the socket to us.
  server.on("tlsClientError", (_, socket) => socket.destroy());
  return server;
}

/** What the socket and its TLS have in common. */
function toKey({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
