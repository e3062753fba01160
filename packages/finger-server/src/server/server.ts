import { FingerError, type FormatOptions } from "finger-protocol";
import { Exchange, type ExchangeRules } from "../exchange/exchange.js";
import { OpenExchanges } from "../exchange/open-exchanges.js";
import { type StreamPair, serveStreams } from "../exchange/streams.js";
import { type LookupFunction, type LookupProvider, NOBODY, type Peer, toProvider } from "../provider.js";
import { warn } from "../warn.js";
import type { AnswerRules } from "./answer.js";
import { createAsk } from "./ask.js";
import { createAudit, type QueryEvent } from "./audit.js";
import { type Limits, resolveLimits } from "./limits.js";
import { PeerAccounts } from "./peer-accounts.js";
import { createRespond, type Respond } from "./respond.js";
import type { Begin, Listener, Listening, ListenOptions, NodeDuplex, Runtime } from "./runtime.js";
import { type GivenTexts, resolveTexts } from "./texts.js";

/** What a finger server is made of. Only the provider is required. */
export interface FingerServerOptions {
  /** Where answers come from: a provider, or only its `lookup`. */
  readonly provider: LookupProvider | LookupFunction;
  /**
   * Who answers names with an `@`, such as `alice@h1@h2`: a `forwardProvider`, or any other that makes something of them
   * (RFC 1288 2.4). @default forwarding is refused
   */
  readonly forward?: LookupProvider | LookupFunction | undefined;
  /** Gives the list of users where the provider has one (RFC 1288 3.2.2). @default true */
  readonly list?: boolean | undefined;
  /**
   * What is told of a name that means several users (RFC 1288 2.5.3): nothing (3.2.6), a list of them, or all that is
   * known of each. @default "refuse"
   */
  readonly ambiguity?: "refuse" | "list" | "all" | undefined;
  /** What to say instead of an answer. @default the texts that the RFC suggests and fingerd(8) uses */
  readonly texts?: GivenTexts | undefined;
  /** How records are laid out. */
  readonly format?: FormatOptions | undefined;
  /** Bounds on bytes, time, connections and queries. */
  readonly limits?: Limits | undefined;
  /** Tells whether to talk to a peer at all; one that is turned away gets no byte. @default everybody is welcome */
  readonly accept?: ((peer: Peer) => boolean) | undefined;
  /** Hears what became of each query (RFC 1288 3.2.7), when its connection is closed. */
  readonly onQuery?: ((event: QueryEvent) => void) | undefined;
  /** Keeps names and addresses out of the events: they tell how a query ended, and from which network. @default false */
  readonly redactEvents?: boolean | undefined;
  /** Hears of whatever goes wrong; the peer does not. @default a warning of the process, which Node prints */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A server that answers finger queries (RFC 1288). */
export interface FingerServer extends AsyncDisposable {
  /**
   * The answer to a query under all rules of the server: a text whose lines end in LF, or the stream that the provider
   * gives. Never rejects: when the provider fails, the text says so.
   *
   * @param peer - Who asks; one without an address is not counted.
   */
  readonly respond: Respond;
  /**
   * Serves one connection that somebody else opened: web streams, or a `Duplex` of Node. Resolves when it is closed.
   *
   * @param peer - The other end. @default the remote address of a socket, and nobody else's
   */
  handle(connection: StreamPair | NodeDuplex, peer?: Peer): Promise<void>;
  /**
   * Listens, and resolves to where that is. A server may listen in several places.
   *
   * @throws `FingerError` `ERR_FINGER_LISTEN`, with the way out where there is one.
   */
  listen(options?: ListenOptions): Promise<Listening>;
  /**
   * Stops listening, lets the answers under way finish, and resolves when every connection is closed. Who has asked
   * nothing yet is sent away. The server may listen again.
   *
   * @throws `RangeError` when `drain` is no number from 0.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** How a server is closed. */
export interface CloseOptions {
  /**
   * How long answers may still take, in milliseconds, before they are cut off; `Infinity` waits for them. @default 5_000
   */
  readonly drain?: number | undefined;
}

/** Makes a server out of its options and of what the runtime has. */
export function createServer(options: FingerServerOptions, runtime: Runtime): FingerServer {
  const { accept = welcomeAll } = options;
  const onError = toSafe(options.onError ?? warn);
  const limits = resolveLimits(options.limits);
  const rules = resolveRules(options);
  const accounts = new PeerAccounts(limits);
  const ask = createAsk(rules, accounts, onError);
  const audit = createAudit(options.onQuery, options.redactEvents === true, onError);
  const open = new OpenExchanges(limits, accounts);
  const shared: ExchangeRules = { limits, texts: rules.texts, audit, onError, ask, open };
  const listeners = new Set<Listener>();
  /** How often it was closed; it may listen again. */
  let closes = 0;
  let isClosed = false;

  const isWelcome = (peer: Peer): boolean => {
    try {
      return !isClosed && accept(peer) !== false;
    } catch (error) {
      onError(error);
      return false;
    }
  };

  const begin: Begin = (wire, peer) => {
    const exchange = new Exchange(wire, peer, shared);
    if (!open.add(exchange)) exchange.makeRoom();
    else if (!isWelcome(peer)) exchange.turnAway("denied");
    return exchange;
  };

  const listen = async (where: ListenOptions = {}): Promise<Listening> => {
    const before = closes;
    const listener = await runtime.listen({ begin, open, limits, onError }, where);
    if (closes !== before) {
      await listener.close();
      throw new FingerError("ERR_FINGER_LISTEN", "The server was closed before it listened; listen again.");
    }
    isClosed = false;
    listeners.add(listener);
    return listener.address;
  };

  const close = async ({ drain = 5_000 }: CloseOptions = {}): Promise<void> => {
    if (!(drain >= 0)) throw new RangeError(`drain must be a number of milliseconds, but is ${String(drain)}.`);
    closes++;
    isClosed = true;
    const ports = [...listeners].map((port) => port.close());
    listeners.clear();
    await Promise.all([open.drain(drain), ...ports]);
  };

  return {
    respond: createRespond(shared),
    handle: (connection, peer) =>
      isStreamPair(connection)
        ? serveStreams(connection, begin, peer ?? NOBODY)
        : runtime.serveDuplex(connection, begin, peer),
    listen,
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

function resolveRules(options: FingerServerOptions): AnswerRules {
  const { provider, forward, list = true, ambiguity = "refuse", format = {}, texts } = options;
  if (!AMBIGUITIES.includes(ambiguity)) {
    throw new TypeError(`ambiguity must be one of ${AMBIGUITIES.join(", ")}, but is ${String(ambiguity)}.`);
  }
  return {
    provider: toProvider(provider),
    forward: forward === undefined ? undefined : toProvider(forward),
    texts: resolveTexts(texts),
    list,
    ambiguity,
    format,
  };
}

const AMBIGUITIES = ["refuse", "list", "all"];

/** Tells web streams from a `Duplex` of Node, which has booleans of the same names. */
function isStreamPair(connection: StreamPair | NodeDuplex): connection is StreamPair {
  return typeof connection.readable === "object";
}

function welcomeAll(): boolean {
  return true;
}

/** An error of the one who hears of errors is told as a warning; there is nobody else. */
function toSafe(onError: (error: unknown) => unknown): (error: unknown) => void {
  return (error) => {
    try {
      Promise.resolve(onError(error)).catch(warn);
    } catch (another) {
      warn(another);
    }
  };
}
