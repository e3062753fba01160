import type { FingerQuery } from "finger-protocol";
import ipaddr from "ipaddr.js";
import type { Peer } from "../provider.js";

/** How a query ended. */
export type Outcome =
  /** The provider's answer was sent. */
  | "answered"
  /** There is no such user, or not for this peer. */
  | "unknown"
  /** A policy forbids it: a list, a forwarding, an ambiguous name. */
  | "denied"
  /** It was no query. */
  | "invalid"
  /** This peer asked too often, or holds too many connections. */
  | "limited"
  /** The provider failed, or took too long. */
  | "failed"
  /** The peer left before the end. */
  | "aborted";

/** What became of one query (RFC 1288 3.2.7). */
export interface QueryEvent {
  /** When the connection began. */
  readonly at: Date;
  readonly peer: Peer;
  /** What was asked, on one line: what could upset a log or a terminal is written as `\xNN` or `\u{N}`. */
  readonly query: string;
  /** `undefined` when the connection was turned away before it asked. */
  readonly kind: FingerQuery["kind"] | undefined;
  readonly outcome: Outcome;
  /** Bytes of the answer that were handed to the network. */
  readonly bytes: number;
  /** From the beginning of the connection to its end, in milliseconds. */
  readonly duration: number;
}

/** The name of the `node:diagnostics_channel` that tells of each query: a {@link QueryEvent}. */
export const QUERY_CHANNEL = "finger-server:query";

/** Who hears of what happens. */
export interface Audit<Event> {
  /** Whether anybody listens now: an event that nobody hears is not made. */
  readonly isHeard: () => boolean;
  readonly tell: (event: Event) => void;
}

/** What the events of a kind have in common. */
export interface AuditRules<Event> {
  /** The name of the `node:diagnostics_channel` that tells of them, where the runtime has channels. */
  readonly channel: string;
  readonly listener: ((event: Event) => void) | undefined;
  /** What tells who asked, and for whom, is left out: of the address all but its network, /24 or /48. */
  readonly redacted: boolean;
  readonly redact: (event: Event) => Event;
}

/** Joins who listens: the function given, and the subscribers of the channel. */
export function createAudit<Event extends { readonly peer: Peer }>(
  { channel: name, listener, redacted, redact }: AuditRules<Event>,
  onError: (error: unknown) => void,
): Audit<Event> {
  const channel = findChannel(name);
  return {
    isHeard: () => listener !== undefined || channel?.hasSubscribers === true,
    tell(event) {
      const told = redacted ? { ...redact(event), peer: redactPeer(event.peer) } : event;
      channel?.publish(told);
      try {
        const heard: unknown = listener?.(told);
        if (heard instanceof Promise) heard.catch(onError);
      } catch (error) {
        onError(error);
      }
    },
  };
}

/** Found without an import, which a runtime without such modules could not resolve. */
function findChannel(name: string): { readonly hasSubscribers: boolean; publish(message: unknown): void } | undefined {
  if (typeof process === "undefined" || typeof process.getBuiltinModule !== "function") return undefined;
  return process.getBuiltinModule("node:diagnostics_channel")?.channel(name);
}

function redactPeer({ address }: Peer): Peer {
  return { address: toNetwork(address), port: undefined };
}

function toNetwork(address: string | undefined): string | undefined {
  if (address === undefined || !ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.process(address);
  const [kind, bits] = parsed.kind() === "ipv4" ? [ipaddr.IPv4, 24] : [ipaddr.IPv6, 48];
  return `${kind.networkAddressFromCIDR(`${parsed}/${bits}`)}/${bits}`;
}

/** What was asked, as one line of a log: the line as it came, or the name of a query that came without one. */
export function toLogText(asked: Uint8Array | string): string {
  let text = "";
  for (const char of typeof asked === "string" ? asked : UTF_8.decode(asked)) text += toLogCharacter(char);
  return text;
}

function toLogCharacter(char: string): string {
  if (char === "\\") return "\\\\";
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code >= 0xa0 && UPSETTING.test(char) ? `\\u{${code.toString(16)}}` : char;
}

/** Format characters, such as those that turn the direction of text, and the separators of lines. */
const UPSETTING = /[\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/u;
const UTF_8 = new TextDecoder();
