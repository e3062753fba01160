import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { FingerError, type FingerQuery } from "finger-protocol";
import type { ResolvedLimits } from "../limits.js";
import type { Peer } from "../provider.js";
import { serveSocket } from "./socket.js";

/** Where to listen. */
export interface ListenOptions {
  /** 0 takes any that is free. @default 79 */
  readonly port?: number | undefined;
  /** The address to be reached at; `::` is all of them. @default "127.0.0.1" */
  readonly host?: string | undefined;
}

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One open port. */
export interface Listener {
  readonly address: Address;
  close(drain: number): Promise<void>;
}

/** What every connection needs. */
export interface Exchange {
  readonly respond: (query: FingerQuery, peer: Peer, gone: AbortSignal) => Promise<string>;
  readonly limits: ResolvedLimits;
  readonly accept: ((peer: Peer) => boolean) | undefined;
  readonly onError: (error: unknown) => void;
}

/** @throws `FingerError` `ERR_FINGER_LISTEN` */
export async function listenTcp(
  exchange: Exchange,
  { port = 79, host = "127.0.0.1" }: ListenOptions = {},
): Promise<Listener> {
  const sockets = new Map<Socket, () => void>();
  // Half-open, or a peer that closes its side behind the query would never get an answer that takes time.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.set(socket, serveSocket(socket, exchange));
    socket.once("close", () => sockets.delete(socket));
  });
  server.maxConnections = exchange.limits.connections;
  server.listen({ port, host, backlog: 4096 });
  try {
    await once(server, "listening");
  } catch (cause) {
    throw cannotListen(host, port, cause as NodeJS.ErrnoException);
  }
  server.on("error", exchange.onError);
  return { address: toAddress(server, host), close: (drain) => closeServer(server, sockets, drain) };
}

function toAddress(server: Server, host: string): Address {
  const address = server.address();
  return address === null || typeof address === "string"
    ? { host, port: 0 }
    : { host: address.address, port: address.port };
}

async function closeServer(server: Server, sockets: ReadonlyMap<Socket, () => void>, drain: number): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const hurry of sockets.values()) hurry();
  const timer = setTimeout(() => {
    for (const socket of sockets.keys()) socket.destroy();
  }, drain);
  await closed;
  clearTimeout(timer);
}

function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): FingerError {
  const remedy = REMEDIES[cause.code ?? ""]?.(port) ?? `${cause.message}.`;
  return new FingerError("ERR_FINGER_LISTEN", `Cannot listen on ${host}, port ${port}: ${remedy}`, { cause });
}

const REMEDIES: Readonly<Record<string, (port: number) => string>> = {
  EADDRINUSE: () => "another program listens there. Stop it, or choose another port.",
  EADDRNOTAVAIL: () => "this machine does not have that address. Choose one of its own, or :: for all of them.",
  EACCES: (port) =>
    port < 1024
      ? "ports below 1024 need a privilege. Choose a higher port such as 7979, or have systemd open this one."
      : "the system does not allow it.",
  ENOTFOUND: () => "there is no such host. Give an address of this machine.",
};
