import type { ListeningPlace, ListenOptions, Service } from "finger-server";
import { createResponder } from "../create-responder.js";
import type { Responder } from "../http/responder.js";
import type { FingerHandlerOptions } from "../options.js";
import { createReadForwarded } from "./forwarded.js";
import { type Manner, type OpenServer, openServer } from "./http-server.js";
import { toReadTls } from "./secure.js";

/** What a service answers with, and where and how it is reached over HTTP. */
export interface HttpServiceOptions extends FingerHandlerOptions, HttpReach {}

/** Where and how a service is reached over HTTP. */
export interface HttpReach {
  /** Where to listen: on port 8000 of this machine, unless there is something else. With `tls`, HTTPS is spoken there. */
  readonly where?: HttpPlace | undefined;
  /**
   * For how many seconds browsers are to come by HTTPS alone (RFC 6797), which takes `where.tls`; 63072000 are two years. @default
   * they are not told
   */
  readonly hsts?: number | undefined;
  /**
   * The networks of the proxies in front, such as `["127.0.0.1", "10.0.0.0/8"]`, whose `X-Forwarded-For` and
   * `X-Forwarded-Proto` are believed; without them a proxy is itself the peer. @default no proxy is in front
   */
  readonly proxies?: readonly string[] | undefined;
  /** How long a peer may read nothing of what there is for it, in milliseconds; then its connection is cut. @default 30_000 */
  readonly idle?: number | undefined;
  /** What its group finds it by, and what messages call it. @default "http" */
  readonly name?: string | undefined;
}

/** Where to listen for HTTP. */
export type HttpPlace = Omit<ListenOptions, "login" | "proxyProtocol">;

/** Answers over HTTP. */
export interface HttpService extends Service {
  /** Where it listens; `undefined` while it does not. */
  readonly address: ListeningPlace | undefined;
  /**
   * Asks the function given as `tls` for its options again: connections to come are met with the new certificate, those that
   * are open stay. Rejects, and the old certificate stays, when it cannot be used.
   */
  reloadTls(): Promise<void>;
  /**
   * Answers by other options from now on; `where`, `idle` and `name` stay. Streams of events end, and who reads them comes again.
   * It is these options or the defaults, not the ones before.
   *
   * @throws as {@link httpService} does; then nothing has changed.
   */
  update(options: HttpServiceOptions): void;
}

/**
 * Answers over HTTP, or HTTPS, at a port of its own. Between `prepare` and `start` requests wait. When it stops, streams of events
 * end at once, and answers that are under way are let finish.
 *
 * `prepare` and `start` reject with a `FingerError`: `ERR_FINGER_LISTEN` when it cannot listen, `ERR_FINGER_ABORTED` when nobody
 * waits for it any more.
 *
 * @throws `TypeError` or `RangeError` for an option that is wrong.
 *
 * @example
 * ```ts
 * const web = httpService({ provider: memoryProvider({ alice: "Happy and well" }), where: { port: 8000 } });
 * await web.start();
 * ```
 */
export function httpService(options: HttpServiceOptions): HttpService {
  let now = createResponder(options);
  const service = createHttpService(
    {
      respond: (request) => now.respond(request),
      close: () => now.close(),
      onError: (error) => now.onError(error),
    },
    options,
  );
  const { update } = service;
  return Object.assign(service, {
    update(other: HttpServiceOptions) {
      const next = createResponder(other);
      update(other);
      now.close();
      now = next;
    },
  });
}

/** The same, of whatever answers; what that answers by stays. */
export function createHttpService(responder: Responder, options: HttpReach = {}): HttpService {
  const { name = "http", where = {}, idle = 30_000 } = options;
  let manner = toManner(options, where);
  assertPlace(where);
  assertIdle(idle);
  const readTls = toReadTls(where.tls);
  let open: OpenServer | undefined;
  let opening: Promise<void> | undefined;

  const listen = async (signal: AbortSignal | undefined) => {
    open = await openServer({ where, readTls, idle, responder, manner: () => manner }, signal);
  };
  const prepare = async (signal?: AbortSignal) => {
    if (open !== undefined) return;
    opening ??= listen(signal).finally(() => {
      opening = undefined;
    });
    await opening;
  };
  return {
    name,
    get address() {
      return open?.address;
    },
    reloadTls: async () => open?.reloadTls(),
    update: (other) => {
      manner = toManner(other, where);
    },
    prepare,
    start: async (signal) => {
      await prepare(signal);
      open?.begin();
    },
    stop: async (signal) => {
      // What has failed to start is told to who has started it.
      await opening?.catch(() => {});
      const closing = open;
      open = undefined;
      await closing?.close(signal);
    },
  };
}

function toManner({ hsts, proxies }: HttpReach, where: HttpPlace): Manner {
  return { hsts: toHsts(hsts, where), readForwarded: proxies && createReadForwarded(proxies) };
}

function toHsts(hsts: number | undefined, { tls }: HttpPlace): string | undefined {
  if (hsts === undefined) return undefined;
  if (tls === undefined) throw new TypeError("The option hsts is of HTTPS: give where.tls, too.");
  if (Number.isSafeInteger(hsts) && hsts >= 0) return `max-age=${hsts}`;
  throw new RangeError(`The option hsts must be a number of seconds, and is ${hsts}.`);
}

function assertIdle(idle: number): void {
  if (Number.isSafeInteger(idle) && idle >= 1 && idle <= LONGEST_TIME) return;
  throw new RangeError(`The option idle must be a time in ms, and is ${idle}.`);
}

/** What a timer of Node can wait for. */
const LONGEST_TIME = 2 ** 31 - 1;

/** What is not offered here would be missed without a word: a peer that nobody checks, or another one. */
function assertPlace(where: HttpPlace): void {
  for (const name of ["login", "proxyProtocol"]) {
    if ((where as Record<string, unknown>)[name] !== undefined)
      throw new TypeError(`The option where.${name} is not of HTTP: leave it out.`);
  }
  for (const name of ["mode", "owner"] as const) {
    if (where[name] !== undefined && where.path === undefined)
      throw new TypeError(`The option where.${name} is of a Unix socket: give where.path.`);
  }
}
