import { once } from "node:events";
import type { Server, ServerOptions } from "node:http";
import type { Socket } from "node:net";
import { nobodyWaits } from "../../nobody-waits.js";
import type { ListenOptions } from "../../server/runtime.js";
import type { Service } from "../../service/service.js";
import { toSafe } from "../../warn.js";
import { bindServer, type ListeningPlace } from "../listen.js";
import { type AnswerRequest, createPages, type Health } from "./pages.js";
import type { Snapshot } from "./snapshot.js";

/** Where to listen: a port, the path of a Unix socket, or a socket that was inherited. */
export type ListenPlace = Pick<ListenOptions, "host" | "port" | "path" | "mode" | "fd">;

/** What is told, where, and how. */
export interface MetricsServiceOptions {
  /** Where to listen: at 127.0.0.1, unless there is a `host`. */
  readonly address: ListenPlace;
  readonly snapshot: () => Snapshot | Promise<Snapshot>;
  readonly isHealthy: () => Health;
  /** Hears of what goes wrong while it runs. */
  readonly onError: (error: unknown) => void;
}

/** Tells how the application does. */
export interface MetricsService extends Service {
  /** Where it listens; `undefined` while it does not. */
  readonly address: ListeningPlace | undefined;
}

/**
 * Answers `GET /metrics` with what Prometheus reads, and `GET /health` with 200 or 503, over HTTP. Until it is started the
 * health is that it is starting.
 *
 * `prepare` and `start` reject with a `FingerError`: `ERR_FINGER_LISTEN` when it cannot listen, `ERR_FINGER_ABORTED` when nobody
 * waits for it any more.
 *
 * @throws `TypeError` when the address is none.
 */
export function createMetricsService(options: MetricsServiceOptions): MetricsService {
  const { address, snapshot, isHealthy } = options;
  const onError = toSafe(options.onError);
  let state: "starting" | "running" | "stopping" = "starting";
  let open: OpenServer | undefined;

  const toHealth = (): Health => (state === "running" ? isHealthy() : { ok: false, reason: state });
  const respond = createPages({ snapshot, isHealthy: toHealth, onError });

  const prepare = async (signal?: AbortSignal) => {
    open ??= await listen(address, respond, onError, signal);
  };
  return {
    name: "metrics",
    get address() {
      return open?.address;
    },
    prepare,
    start: async (signal) => {
      await prepare(signal);
      state = "running";
    },
    stop: async (signal) => {
      state = "stopping";
      const closing = open;
      open = undefined;
      await closing?.close(signal);
      state = "starting";
    },
  };
}

/** What listens. */
interface OpenServer {
  readonly address: ListeningPlace;
  /** Lets what is under way finish, unless the signal is aborted; a connection that has asked nothing is closed at once. */
  close(signal?: AbortSignal): Promise<void>;
}

async function listen(
  place: ListenPlace,
  respond: AnswerRequest,
  onError: (error: unknown) => void,
  signal: AbortSignal | undefined,
): Promise<OpenServer> {
  // To load it takes a twentieth of a second, and most do without.
  const { createServer } = await import("node:http");
  const server = createServer(BOUNDS);
  const close = keepConnections(server, respond);
  server.maxConnections = MOST_CONNECTIONS;
  server.timeout = LONGEST_SILENCE;
  if (signal?.aborted) throw nobodyWaits(signal);
  const address = await bindServer(server, place);
  server.on("error", onError);
  return { address, close };
}

/** Bounds of what a peer may send. Node looks each second who has taken too long. */
const BOUNDS: ServerOptions = {
  connectionsCheckingInterval: 1000,
  headersTimeout: 5000,
  maxHeaderSize: 8192,
  requestTimeout: 10_000,
};
const MOST_CONNECTIONS = 32;
/** How long a connection may do nothing, in milliseconds. */
const LONGEST_SILENCE = 10_000;

/** Answers the requests of a server, one a connection. Gives what closes it. */
function keepConnections(server: Server, respond: AnswerRequest): OpenServer["close"] {
  /** Those that are open, and whether an answer is under way. */
  const sockets = new Map<Socket, boolean>();
  server.on("connection", (socket) => {
    sockets.set(socket, false);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("request", (request, response) => {
    sockets.set(request.socket, true);
    response.shouldKeepAlive = false;
    void respond(request, response);
  });
  const cut = () => {
    for (const socket of sockets.keys()) socket.destroy();
  };
  return async (signal) => {
    const closed = once(server, "close");
    server.close();
    for (const [socket, isAnswered] of sockets) if (!isAnswered) socket.destroy();
    signal?.addEventListener("abort", cut, { once: true });
    if (signal?.aborted) cut();
    await closed;
    signal?.removeEventListener("abort", cut);
  };
}
