import type { RefusalReason } from "finger-protocol";

/** Protocols whose opening bytes are recognised on the port of finger, and refused. */
export type OtherProtocol = "HTTP" | "TLS" | "PROXY";

/** What the server says when it has no answer. Each is a line of its own. */
export interface Texts {
  /** For a user who is not known, is hidden or does not want to be found: all the same. */
  readonly noSuchUser: (name: string) => string;
  /** For the list of users (RFC 1288 3.2.2). */
  readonly listDenied: string;
  /** For a query to be passed on to another host (RFC 1288 3.2.1). */
  readonly forwardingDenied: string;
  /** For a query that was to be passed on to a host that does not answer. */
  readonly unreachable: string;
  /** For a line that is no query. */
  readonly badQuery: (reason: RefusalReason) => string;
  /** For what is another protocol. */
  readonly notFinger: (protocol: OtherProtocol) => string;
  /** For a peer that asked too often of late. */
  readonly tooManyQueries: string;
  /** For a connection too many, of this peer or of all. */
  readonly tooManyConnections: string;
  /** Behind an answer that had to be cut off. */
  readonly cutOff: (bytes: number) => string;
  /** Behind an answer that was not complete when the server closed. */
  readonly closing: string;
  /** For a provider that failed or took too long; the reason goes to `onError` alone. */
  readonly internalError: string;
}

const DEFAULT_TEXTS: Texts = {
  noSuchUser: (name) => `finger: ${name}: no such user.`,
  listDenied: "Finger online user list denied",
  forwardingDenied: "Finger forwarding service denied",
  unreachable: "Could not connect to remote host",
  badQuery: (reason) => `Finger query refused: ${REASONS[reason]}`,
  notFinger: (protocol) => `This is a finger server; it does not speak ${protocol}.`,
  tooManyQueries: "Too many queries from your address; please try again in a minute.",
  tooManyConnections: "Too many connections; please try again later.",
  cutOff: (bytes) => `[The rest is cut off: an answer has at most ${bytes} bytes.]`,
  closing: "[The rest is cut off: the server is closing.]",
  internalError: "Internal error in server",
};

/** Texts to be said instead of the usual ones. */
export type GivenTexts = { readonly [Name in keyof Texts]?: Texts[Name] | undefined };

/** The texts given, and the usual ones for those that are not. */
export function resolveTexts(texts: GivenTexts = {}): Texts {
  const given = Object.entries(texts).filter(([, text]) => text !== undefined);
  return { ...DEFAULT_TEXTS, ...Object.fromEntries(given) };
}

const REASONS: Readonly<Record<RefusalReason, string>> = {
  "too-long": "it is too long",
  control: "there is a control character in it",
  "empty-host": "there is an @ without a host behind it",
  "bad-host": "what stands behind an @ is no host name",
};
