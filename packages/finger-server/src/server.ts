import type { FingerQuery, FormatOptions } from "finger-protocol";
import { answer } from "./answer.js";
import { withDeadline } from "./deadline.js";
import { type Limits, resolveLimits } from "./limits.js";
import type { Address, Listener, ListenOptions } from "./node/tcp.js";
import type { LookupProvider, Peer } from "./provider.js";
import { DEFAULT_TEXTS, type Texts } from "./texts.js";

/** What a finger server is made of. Only the provider is required. */
export interface FingerServerOptions {
  /** Where answers come from. */
  readonly provider: LookupProvider;
  /** Gives the list of users where the provider has one (RFC 1288 3.2.2). @default true */
  readonly list?: boolean | undefined;
  /** What to say instead of an answer. @default the texts that the RFC suggests and fingerd(8) uses */
  readonly texts?: Partial<Texts> | undefined;
  /** How records are laid out. */
  readonly format?: FormatOptions | undefined;
  /** Bounds on bytes, time and connections. */
  readonly limits?: Limits | undefined;
  /** Tells whether to talk to a peer at all; one that is turned away gets no byte. @default everybody is welcome */
  readonly accept?: ((peer: Peer) => boolean) | undefined;
  /** Hears of whatever goes wrong; the peer does not. @default a warning of the process, which Node prints */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A server that answers finger queries (RFC 1288). */
export interface FingerServer extends AsyncDisposable {
  /** The text of the answer to a query. Never rejects: when the provider fails, the text says so. */
  respond(query: FingerQuery, peer?: Peer): Promise<string>;
  /**
   * Listens on a TCP port, and resolves to where that is.
   *
   * @throws `FingerError` `ERR_FINGER_LISTEN`, with the way out where there is one.
   */
  listen(options?: ListenOptions): Promise<Address>;
  /** Stops listening, lets the answers under way finish, and resolves when every connection is closed. */
  close(options?: CloseOptions): Promise<void>;
}

/** How a server is closed. */
export interface CloseOptions {
  /** How long answers may still take, in milliseconds, before their connections are cut. @default 5_000 */
  readonly drain?: number | undefined;
}

/**
 * Makes a finger server. It binds nothing and starts nothing until it is told to listen.
 *
 * @throws `RangeError` when a limit is not a positive whole number.
 *
 * @example
 * ```ts
 * const server = createFingerServer({ provider: memoryProvider({ alice: "Happy and well" }) });
 * const { host, port } = await server.listen({ port: 0 });
 * ```
 */
export function createFingerServer(options: FingerServerOptions): FingerServer {
  const { provider, list = true, format = {}, accept, onError = warn } = options;
  const rules = { provider, list, format, texts: { ...DEFAULT_TEXTS, ...options.texts } };
  const limits = resolveLimits(options.limits);
  const listeners = new Set<Listener>();

  const respond = async (query: FingerQuery, peer: Peer = NOBODY, gone?: AbortSignal): Promise<string> => {
    try {
      const verbose = query.kind !== "invalid" && query.verbose;
      return await withDeadline(limits.lookupTime, gone, (signal) => answer(query, { verbose, peer, signal }, rules));
    } catch (error) {
      if (gone?.aborted !== true) onError(error);
      return rules.texts.internalError;
    }
  };

  const close = async ({ drain = 5_000 }: CloseOptions = {}): Promise<void> => {
    const open = [...listeners];
    listeners.clear();
    await Promise.all(open.map((listener) => listener.close(drain)));
  };

  return {
    respond,
    async listen(where) {
      const { listenTcp } = await import("./node/tcp.js");
      const listener = await listenTcp({ respond, limits, accept, onError }, where);
      listeners.add(listener);
      return listener.address;
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** Who asks when there is no connection. */
const NOBODY: Peer = { address: undefined, port: undefined };

/** A library prints nothing by itself, and swallows nothing. Where there is no process the error is the runtime's. */
function warn(error: unknown): void {
  const warning = error instanceof Error ? error : new Error(String(error));
  if (typeof process === "undefined") queueMicrotask(() => Promise.reject(warning));
  else process.emitWarning(warning);
}
