import { FingerError } from "finger-protocol";
import type { OpenExchanges } from "../exchange/open-exchanges.js";
import { type StreamPair, serveStreams } from "../exchange/streams.js";
import { NOBODY, type Peer } from "../provider.js";
import type { ResolvedLimits } from "./limits.js";
import type { Begin, Converse, Host, Listener, Listening, ListenOptions, NodeDuplex, Runtime } from "./runtime.js";

/** Where connections arrive. */
export interface Surface extends AsyncDisposable {
  /**
   * Serves one connection that somebody else opened: web streams, or a `Duplex` of Node. Resolves when it is closed.
   *
   * @param peer - The other end. @default the remote address of a socket, and nobody else's
   */
  handle(connection: StreamPair | NodeDuplex, peer?: Peer): Promise<void>;
  /**
   * Listens, and resolves to where that is. It may be done in several places.
   *
   * @throws `FingerError` `ERR_FINGER_LISTEN`, with the way out where there is one.
   */
  listen(options?: ListenOptions): Promise<Listening>;
  /** How many connections are open now, without those that were turned away. */
  connections(): number;
  /**
   * Resolves when who has asked by now has been answered, or after so many milliseconds; nobody is cut off. Then what only they
   * could be answered from may be closed.
   */
  settle(ms: number): Promise<void>;
  /**
   * Stops listening, lets the answers under way finish, and resolves when every connection is closed. Who asks nothing
   * within a tenth of a second is sent away. It may listen again.
   *
   * @throws `RangeError` when `drain` is no number from 0.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** How a surface is closed. */
export interface CloseOptions {
  /**
   * How long answers may still take, in milliseconds, before they are cut off; `Infinity` waits for them. @default 5_000
   */
  readonly drain?: number | undefined;
}

/** What a surface is made of. */
export interface SurfaceRules {
  /** Begins to talk to a peer. */
  readonly converse: Converse;
  readonly open: OpenExchanges;
  readonly limits: ResolvedLimits;
  /** Tells whether to talk to a peer at all. @default everybody is welcome */
  readonly accept: ((peer: Peer) => boolean) | undefined;
  readonly onError: (error: unknown) => void;
  /** Who is at the other end of a connection that nothing is known of. @default nobody in particular */
  readonly stranger?: Peer | undefined;
}

/**
 * Makes a surface that is open nowhere yet.
 *
 * @param now - Gives the rules that hold now: for the connection that is opened, or the port.
 */
export function createSurface(now: () => SurfaceRules, runtime: Runtime): Surface {
  const listeners = new Set<Listener>();
  /** How often it was closed; it may listen again. */
  let closes = 0;
  let isClosed = false;

  const begin: Begin = (wire, peer, before) => {
    const rules = now();
    const { converse, open } = rules;
    const conversation = converse(wire, peer);
    // Who was let in before the close goes on.
    const isLate = isClosed && before === undefined;
    if (!open.add(conversation, before)) conversation.makeRoom();
    else if (isLate || !isWelcome(peer, rules)) conversation.turnAway("denied");
    return conversation;
  };

  const refuse: Begin = (wire, peer) => {
    const conversation = now().converse(wire, peer);
    conversation.turnAway("denied");
    return conversation;
  };

  /** What a port asks for, as it is then. */
  const host: Host = {
    begin,
    refuse,
    get open() {
      return now().open;
    },
    get limits() {
      return now().limits;
    },
    onError: (error) => now().onError(error),
  };

  const listen = async (where: ListenOptions = {}): Promise<Listening> => {
    const before = closes;
    const listener = await runtime.listen(host, where);
    if (closes !== before) {
      await listener.close();
      throw new FingerError("ERR_FINGER_LISTEN", "The server was closed before it listened; listen again.");
    }
    isClosed = false;
    listeners.add(listener);
    const closeOne = async () => {
      // The port is free at once; what is awaited is the end of its connections.
      if (listeners.delete(listener)) listener.close().catch(host.onError);
    };
    return { ...listener.address, close: closeOne };
  };

  const close = async ({ drain = 5_000 }: CloseOptions = {}): Promise<void> => {
    if (!(drain >= 0)) throw new RangeError(`drain must be a number of milliseconds, but is ${String(drain)}.`);
    closes++;
    isClosed = true;
    const ports = [...listeners].map((port) => port.close());
    listeners.clear();
    await Promise.all([now().open.drain(drain), ...ports]);
  };

  return {
    handle(connection, peer) {
      const { stranger = NOBODY } = now();
      return isStreamPair(connection)
        ? serveStreams(connection, begin, peer ?? stranger)
        : runtime.serveDuplex(connection, begin, peer, stranger);
    },
    listen,
    connections: () => now().open.size,
    settle: (ms) => now().open.settle(ms),
    close,
    [Symbol.asyncDispose]: () => close(),
  };
}

/** Tells web streams from a `Duplex` of Node, which has booleans of the same names. */
function isStreamPair(connection: StreamPair | NodeDuplex): connection is StreamPair {
  return typeof connection.readable === "object";
}

function isWelcome(peer: Peer, { accept, onError }: SurfaceRules): boolean {
  try {
    return accept === undefined || accept(peer) !== false;
  } catch (error) {
    onError(error);
    return false;
  }
}
