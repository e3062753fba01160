import type { IncomingMessage, Server, ServerOptions, ServerResponse } from "node:http";
import type { Server as SecureServer } from "node:https";
import { FingerError } from "finger-protocol";
import type { ListeningPlace } from "finger-server";
import type { Responder } from "../http/responder.js";
import type { ReadForwarded } from "./forwarded.js";
import { followConnections, type HttpConnections } from "./http-connections.js";
import { type ListenPlace, listenAt } from "./listen.js";
import type { ReadTls } from "./secure.js";
import { toNodeHandler } from "./to-node-handler.js";

/** What listens. */
export interface OpenServer {
  readonly address: ListeningPlace;
  reloadTls(): Promise<void>;
  /** Has the requests answered that have come, and those to come. */
  begin(): void;
  close(signal: AbortSignal | undefined): Promise<void>;
}

/** What it answers with, and where. */
export interface Opening {
  readonly where: ListenPlace;
  readonly readTls: ReadTls | undefined;
  /** How long a peer may read nothing of what there is for it, in milliseconds. */
  readonly idle: number;
  readonly responder: Responder;
  /** How it is done now; it may change. */
  readonly manner: () => Manner;
}

/** How requests are taken, and answered, whatever they are. */
export interface Manner {
  /** The header that keeps browsers to HTTPS. */
  readonly hsts: string | undefined;
  /** What proxies in front are believed. */
  readonly readForwarded: ReadForwarded | undefined;
}

/** @throws `FingerError` `ERR_FINGER_LISTEN` or `ERR_FINGER_ABORTED`. */
export async function openServer(opening: Opening, signal: AbortSignal | undefined): Promise<OpenServer> {
  const { where, readTls, responder } = opening;
  const gate = createGate(toListener(opening));
  const server = await createServer(opening, gate.listener);
  const connections = followConnections(server);
  if (signal?.aborted) throw nobodyWaits(signal);
  const address = await listenAt(server, where, DEFAULT_PORT);
  if (signal?.aborted) {
    await closeAll(connections, signal);
    throw nobodyWaits(signal);
  }
  server.on("error", responder.onError);
  let reload = Promise.resolve();
  return {
    address,
    reloadTls: async () => {
      // One after the other: what was read first must not be set last.
      if (readTls !== undefined) reload = reload.then(() => setCertificate(server as SecureServer, readTls));
      const mine = reload;
      reload = reload.catch(() => {});
      await mine;
    },
    begin: gate.open,
    close: (signal) => {
      const hasBegun = gate.isOpen();
      gate.shut();
      responder.close();
      return closeAll(connections, hasBegun ? signal : AbortSignal.abort());
    },
  };
}

/** The port of the tutorial that this comes from. */
const DEFAULT_PORT = 8000;

/** To load a server takes a twentieth of a second, and those who have one of their own do without. */
async function createServer({ readTls, idle }: Opening, listener: Listener): Promise<Server> {
  if (readTls === undefined) return harden((await import("node:http")).createServer(BOUNDS, listener), idle);
  const { createServer } = await import("node:https");
  try {
    return harden(createServer({ ...(await readTls()), ...BOUNDS }, listener), idle);
  } catch (cause) {
    throw wrongCertificate(cause);
  }
}

async function setCertificate(server: SecureServer, readTls: ReadTls): Promise<void> {
  try {
    server.setSecureContext(await readTls());
  } catch (cause) {
    throw wrongCertificate(cause);
  }
}

function wrongCertificate(cause: unknown): FingerError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `Cannot listen for HTTPS: its certificate or key cannot be used: ${why.replace(/\.$/, "")}.`;
  return new FingerError("ERR_FINGER_LISTEN", message, { cause });
}

/** One more is closed at once. Streams of events have their own bounds below that. */
const MOST_CONNECTIONS = 20_000;

/** Bounds of what a peer may send, and how long it may take. Node looks each second who has taken too long. */
const BOUNDS: ServerOptions = {
  connectionsCheckingInterval: 1000,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5000,
  maxHeaderSize: 16_384,
};

function harden<S extends Server>(server: S, idle: number): S {
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = idle;
  server.maxRequestsPerSocket = 1000;
  server.on("request", (_, response) => response.on("timeout", cutIfStuck));
  return server;
}

/** An answer may take its time, and a stream be silent; what was written and is not read is in our memory. */
function cutIfStuck(this: ServerResponse, socket: { readonly writableLength: number; destroy(): unknown }): void {
  if (socket.writableLength > 0) socket.destroy();
}

/** Answers a request, in its time. */
type Listener = (request: IncomingMessage, response: ServerResponse) => void;

function toListener({ responder, manner }: Opening): Listener {
  const handle = toNodeHandler(responder);
  return (request, response) => {
    const { hsts, readForwarded } = manner();
    // As frameworks do, on the request itself.
    if (readForwarded !== undefined) Object.assign(request, readForwarded(request));
    if (hsts !== undefined) response.setHeader("strict-transport-security", hsts);
    handle(request, response);
  };
}

/** Has requests wait until it is opened. */
function createGate(listener: Listener) {
  let waiting: Array<Parameters<Listener>> | undefined = [];
  let answer = listener;
  return {
    listener: (...request: Parameters<Listener>) => {
      if (waiting === undefined) answer(...request);
      else waiting.push(request);
    },
    isOpen: () => waiting === undefined,
    open: () => {
      const arrived = waiting ?? [];
      waiting = undefined;
      for (const request of arrived) listener(...request);
    },
    shut: () => {
      answer = refuse;
    },
  };
}

/** Of a request that came behind another one when all was about to end. */
const refuse: Listener = (_, response) => void response.writeHead(503, { connection: "close" }).end();

/** Lets what is under way finish, unless the signal is aborted. */
async function closeAll(connections: HttpConnections, signal: AbortSignal | undefined): Promise<void> {
  const closed = connections.close();
  signal?.addEventListener("abort", connections.cut, { once: true });
  if (signal?.aborted) connections.cut();
  await closed;
  signal?.removeEventListener("abort", connections.cut);
}

function nobodyWaits({ reason }: AbortSignal): FingerError {
  return new FingerError("ERR_FINGER_ABORTED", "Nobody waits for the service any more.", { cause: reason });
}
