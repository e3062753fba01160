import type { FingerUser } from "finger-protocol";

/** Where answers come from. What is left out is not offered: without `list`, lists are refused. */
export interface LookupProvider {
  /**
   * Resolves to what is known of `name`, the name as it was asked for, or to `undefined` when it is not known here.
   *
   * To refuse an answer by policy rather than for want of one, reject with a `FingerError` `ERR_FINGER_DENIED`.
   */
  lookup(name: string, context: LookupContext): Promise<Answer | undefined>;
  /** Resolves to the users that a list shows (RFC 1288 2.5.1). */
  list?(context: LookupContext): Promise<readonly FingerUser[]>;
  /** Yields who has changed, until `signal` is aborted, and then ends. */
  watch?(signal: AbortSignal): AsyncIterable<UserChange>;
}

/** The simplest provider: only its `lookup`, and it may answer at once. */
export type LookupFunction = (name: string, context: LookupContext) => Answer | undefined | Promise<Answer | undefined>;

/**
 * What a provider knows of a name:
 * - a record, which the server lays out;
 * - a text, which it sends as it is;
 * - a stream of text, which it sends piece by piece, for hours if need be, as fast as the peer reads;
 * - several records, when the name means several users (RFC 1288 2.5.3): what is then told is the server's policy.
 */
export type Answer = FingerUser | string | AsyncIterable<string> | readonly FingerUser[];

/** Who asks, and how. */
export interface LookupContext {
  /** `/W` was asked for (RFC 1288 2.5.4). */
  readonly verbose: boolean;
  readonly peer: Peer;
  /** Aborted when nobody waits for the answer any more: the peer went away, or the time is over. */
  readonly signal: AbortSignal;
}

/** The other end of the connection. */
export interface Peer {
  /**
   * The IP address, without a zone; `undefined` where there is none, as on a pipe or a Unix socket; empty when the peer had
   * gone before it could be asked.
   */
  readonly address: string | undefined;
  readonly port: number | undefined;
  /** Who that is, where the carrier knows: the user whom a Unix socket is for, or whose account on IRC that is. */
  readonly login?: string | undefined;
}

/** The same peer, for when its connection is closed: a socket does not know it any more then. */
export function toLastingPeer({ address, port, login }: Peer): Peer {
  return login === undefined ? { address, port } : { address, port, login };
}

/** Who asks when nobody in particular does. */
export const NOBODY: Peer = { address: undefined, port: undefined };

/** A hint that what is known of a user has changed; look it up to learn what. */
export interface UserChange {
  /** `undefined` when anybody may have changed. */
  readonly login: string | undefined;
}

/** Takes a function for the provider that it is. */
export function toProvider(source: LookupProvider | LookupFunction): LookupProvider {
  return typeof source === "function" ? { lookup: async (name, context) => source(name, context) } : source;
}
