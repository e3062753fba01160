import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Peer } from "../provider.js";
import type { Begin, NodeDuplex } from "../server/runtime.js";
import { carry, SocketPeer } from "./socket.js";

/**
 * The connection that inetd(8) hands to a program as its standard input and output (`nowait`), to be served by
 * {@link FingerServer.handle}; where those are pipes, as in a test by hand, they are the connection.
 *
 * @example
 * ```ts no-run
 * const server = createFingerServer({ provider: memoryProvider({ alice: "Happy and well" }) });
 * await server.handle(inetdConnection());
 * ```
 */
export function inetdConnection(): Duplex {
  if (fstatSync(0).isSocket()) return new Socket({ fd: 0, allowHalfOpen: true });
  return Duplex.from({ readable: process.stdin, writable: process.stdout });
}

/** Serves a `Duplex` that somebody else opened. Resolves when it is closed. */
export function serveDuplex(duplex: NodeDuplex, begin: Begin, peer: Peer | undefined, stranger: Peer): Promise<void> {
  const carrier = duplex as unknown as Duplex;
  if (carrier.destroyed) return Promise.resolve();
  // Or a peer that closes its side behind the query would never get an answer that takes time.
  carrier.allowHalfOpen = true;
  return new Promise((resolve) => {
    carrier.once("close", resolve);
    carry(carrier, begin, peer ?? toPeer(carrier, stranger));
    // Who looked at something else first has paused it.
    carrier.resume();
  });
}

/** A socket that has no address is a Unix socket; but one with TLS may stand on anything. */
function toPeer(carrier: Duplex, stranger: Peer): Peer {
  if (!(carrier instanceof Socket)) return stranger;
  return carrier instanceof TLSSocket && carrier.remoteAddress === undefined ? stranger : new SocketPeer(carrier);
}
