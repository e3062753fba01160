import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The connections of a server of `node:http` or `node:https`. */
export interface HttpConnections {
  /** Closes the port; resolves when the last connection is closed, which those are at once that have no answer under way. */
  close(): Promise<void>;
  /** Closes all connections, whatever is under way. */
  cut(): void;
}

/** Follows the connections of a server from now on. */
export function followConnections(server: Server): HttpConnections {
  /** Those as they are accepted, and until their handshake is over those of TLS, by what they have in common with it. */
  const sockets = new Set<Socket>();
  const handshakes = new Map<string, Socket>();
  /** Those that can ask, and how many answers of each are under way: the next request need not wait for the last answer. */
  const answers = new Map<Socket, number>();
  let isClosing = false;

  const count = (socket: Socket, change: number) => {
    const left = (answers.get(socket) ?? 0) + change;
    if (isClosing && left === 0) socket.destroySoon();
    else if (!socket.destroyed) answers.set(socket, left);
  };
  const begin = (socket: Socket) => {
    handshakes.delete(toKey(socket));
    socket.once("close", () => answers.delete(socket));
    count(socket, 0);
  };
  const accept = (socket: Socket) => {
    const key = toKey(socket);
    sockets.add(socket);
    handshakes.set(key, socket);
    socket.once("close", () => {
      sockets.delete(socket);
      if (handshakes.get(key) === socket) handshakes.delete(key);
    });
  };
  server.on("connection", accept);
  server.on(isSecure(server) ? "secureConnection" : "connection", begin);
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    if (isClosing) response.shouldKeepAlive = false;
    count(socket, 1);
    response.once("close", () => count(socket, -1));
  });
  return {
    async close() {
      const closed = once(server, "close");
      isClosing = true;
      server.close();
      for (const socket of handshakes.values()) socket.destroy();
      for (const [socket, left] of answers) if (left === 0) socket.destroy();
      await closed;
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Those of `node:https` have a certificate to be changed. */
function isSecure(server: object): boolean {
  return "setSecureContext" in server;
}

/** What a socket and its TLS have in common; those of a Unix socket are all alike. */
function toKey({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
