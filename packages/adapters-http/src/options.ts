import type { FingerUser } from "finger-protocol";
import type { LookupFunction, LookupProvider, Setter, StatusStore } from "finger-server";
import type { Pages } from "./pages/pages.js";

/** What answers on the web are made of. Only the provider is required. */
export interface FingerHandlerOptions {
  /** Where answers come from: a provider, or only its `lookup`. */
  readonly provider: LookupProvider | LookupFunction;
  /**
   * Where the pages are: a path such as `/finger`. WebFinger stays at the root, where RFC 7033 has it. @default where this is
   * mounted
   */
  readonly base?: string | undefined;
  /**
   * The scheme and the host that people reach this at, such as `https://plan.example`: what a peer says of it is not believed.
   * @default feeds have no absolute links, and WebFinger answers for the host that is asked
   */
  readonly origin?: string | undefined;
  /** The hosts whose accounts WebFinger tells of. @default that of `origin` */
  readonly hosts?: readonly string[] | undefined;
  /** What the list of users is called. @default "Users" */
  readonly title?: string | undefined;
  /** Gives the list of users where the provider has one. @default true */
  readonly list?: boolean | undefined;
  /** What is told of a name that means several users (RFC 1288 2.5.3): nothing (3.2.6), or a list of them. @default "refuse" */
  readonly ambiguity?: "refuse" | "list" | undefined;
  /**
   * Where the statuses are kept that the provider tells: feeds and pages then know of past ones. @default what the provider
   * tells is all there is
   */
  readonly store?: Pick<StatusStore, "get" | "history"> | undefined;
  /**
   * Sets statuses, with a token, by `PUT`, `DELETE` and a form on the page. It needs `store` for `If-Match`. @default nobody
   * can
   */
  readonly setter?: Pick<Setter, "set" | "delete"> | undefined;
  /**
   * Answers `/@host/alice` by asking other servers, such as a `forwardProvider`, which asks none but public ones. @default
   * that is not found
   */
  readonly gateway?: LookupProvider | LookupFunction | undefined;
  /** More of a user, for WebFinger. @default the page here is all there is */
  readonly links?: ((user: FingerUser) => PersonLinks | undefined) | undefined;
  /** Other templates, or another style. @default ours */
  readonly pages?: Partial<Pages> | undefined;
  /**
   * The origins whose pages may read, and with a token set: `"*"` is all. WebFinger is for all always (RFC 7033 5). @default none
   */
  readonly cors?: "*" | readonly string[] | undefined;
  /** Bounds on bytes, time, streams and queries. */
  readonly limits?: HttpLimits | undefined;
  /** Hears of whatever goes wrong; the peer does not. @default a warning, which Node prints */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Where else a user is on the web: absolute URLs. */
export interface PersonLinks {
  /** The page about the user (`http://webfinger.net/rel/profile-page`). @default the page here */
  readonly profile?: string | undefined;
  /** A picture (`http://webfinger.net/rel/avatar`). */
  readonly avatar?: string | undefined;
  /** The actor of ActivityPub (`self`, `application/activity+json`). */
  readonly activityPub?: string | undefined;
}

/**
 * Bounds on what one peer, or all of them together, can take. `false` switches one off; `undefined` leaves the default. A peer is
 * an IPv4 address, or an IPv6 network of 64 bits; who has no address, or one of this machine, as a proxy has, is not counted. Each
 * process counts for itself.
 */
export interface HttpLimits {
  /** Time for a provider to answer, in milliseconds. @default 10_000 */
  readonly lookupTime?: number | false | undefined;
  /** Longest body of a request, in bytes. @default 65_536 */
  readonly bodyBytes?: number | false | undefined;
  /** Names a minute of one peer that are not known, a third of them in one burst (RFC 1288 3.2.6). @default 60 */
  readonly misses?: number | false | undefined;
  /** Lookups a minute of one peer at other servers, a third of them in one burst. @default 30 */
  readonly gateway?: number | false | undefined;
  /** Streams of events at a time. @default 16_384 */
  readonly streams?: number | false | undefined;
  /** Streams of events at a time of one peer. @default 16 */
  readonly streamsPerPeer?: number | false | undefined;
}
