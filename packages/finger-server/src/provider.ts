import type { FingerUser } from "finger-protocol";

/** Where answers come from. Leave `list` out to refuse lists. */
export interface LookupProvider {
  /** Resolves to what is known of `name`, the name as it was asked for, or to `undefined` when it is not known here. */
  lookup(name: string, context: LookupContext): Promise<Answer | undefined>;
  /** Resolves to the users that a list shows (RFC 1288 2.5.1). */
  list?(context: LookupContext): Promise<readonly FingerUser[]>;
}

/** A record, which the server lays out; or a text, which it sends as it is. */
export type Answer = FingerUser | string;

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
  /** The IP address, without a zone; `undefined` where there is none, as on a pipe. */
  readonly address: string | undefined;
  readonly port: number | undefined;
}
