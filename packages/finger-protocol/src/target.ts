import { FingerError, show } from "./error.js";
import { isHost, isIPv6, toHostname } from "./host.js";
import { formatQuery, parseQuery, REFUSALS, type ValidQuery } from "./query.js";

/** Where to connect, and what to ask there. */
export interface FingerTarget {
  /** What to send. */
  readonly query: ValidQuery;
  /**
   * Where to connect: a host name in ASCII, an IPv4 address, or an IPv6 address without its brackets.
   * `undefined` when the target named no host, as `alice` does.
   */
  readonly host: string | undefined;
  /** The TCP port, 1 to 65535; 79 unless the target named another. */
  readonly port: number;
}

/** The port of the finger protocol (RFC 1288 2.1). */
export const FINGER_PORT = 79;

/**
 * Reads what a person types to say whom to ask: `alice@host`, `@host`, `alice@h1@h2`, `alice@[::1]:7979`,
 * `host/alice`, a `finger://` URL, or a name alone. The last host is the one to connect to; it may carry a port,
 * the others may not (RFC 1288 2.3, 2.4). A `/W` before the name asks for more.
 *
 * In a URL the path is the request, percent-encoded (draft-ietf-uri-url-finger-02): `finger://host:79/%2FW%20alice`.
 * What Lynx and others take is read too: `finger://alice@host`, `/w/alice`, `/alice/w` and `?W`.
 *
 * @throws {@link FingerError} `ERR_FINGER_TARGET`; the message names the part that is wrong.
 *
 * @example
 * ```ts
 * parseTarget("alice@h1@h2:7979");
 * // { query: { kind: "forward", user: "alice", hosts: ["h1"], verbose: false }, host: "h2", port: 7979 }
 * ```
 */
export function parseTarget(text: string): FingerTarget {
  refuseControls(text, text);
  const target = text.trim();
  if (target === "") throw wrong(text, "it is empty; write alice@host or @host");
  if (/^finger:|^[a-zA-Z]+:\/\//.test(target)) return parseFingerUrl(target);
  const at = target.lastIndexOf("@");
  if (at !== -1) return { query: readRequest(target.slice(0, at), text), ...readPlace(target.slice(at + 1), text) };
  const slash = target.indexOf("/");
  if (slash > 0) {
    return { query: readRequest(target.slice(slash + 1), text), ...readPlace(target.slice(0, slash), text) };
  }
  return { query: readRequest(target, text), host: undefined, port: FINGER_PORT };
}

/**
 * Writes a target as the URL `finger://host[:port]/request`, which {@link parseTarget} reads back.
 *
 * @throws {@link FingerError} `ERR_FINGER_TARGET` when the target has no host, and `ERR_FINGER_QUERY` as
 * {@link formatQuery} does.
 *
 * @example
 * ```ts
 * formatFingerUrl(parseTarget("/W alice@host")); // "finger://host/%2FW%20alice"
 * ```
 */
export function formatFingerUrl({ query, host, port }: FingerTarget): string {
  const request = encodeURIComponent(formatQuery(query)).replaceAll("%40", "@").replaceAll("%3A", ":");
  if (host === undefined) throw wrong(request, "it has no host, and a finger URL needs one");
  const zoned = host.includes(":") ? `[${host.replace("%", "%25")}]` : host;
  return `finger://${zoned}${port === FINGER_PORT ? "" : `:${port}`}/${request}`;
}

function parseFingerUrl(url: string): FingerTarget {
  const match = /^finger:\/\/(?:([^/?#]*)@)?([^/?#]*)([/?][^#]*)?$/i.exec(url);
  if (match === null) throw wrong(url, 'it is no finger URL; write finger://host/alice, and "#" as %23');
  const [, userinfo = "", place = "", path = ""] = match;
  const request = path.replace(/^\/|\/$/g, "");
  const bare = userinfo !== "" && /^w$/i.test(request) ? "" : request.replace(/^w\/|[/?]w$/i, "");
  const [user, name] = [decodePercent(userinfo, url), decodePercent(bare, url)];
  if (user !== "" && name !== "" && user !== name) {
    throw wrong(url, `it asks for two users, ${show(user)} and ${show(name)}`);
  }
  const query = readRequest(user || name, url);
  return { query: bare === request ? query : { ...query, verbose: true }, ...readPlace(place, url) };
}

/** `host`, `host:port`, `[v6]` or `[v6]:port`. */
function readPlace(place: string, target: string): { host: string; port: number } {
  const [, host = place, port = "79"] = /^(\[[^\]]*\]|[^:]+)(?::([^:\]]*))?$/.exec(place) ?? [];
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (host === "") throw wrong(target, "there is no host in it; write alice@host");
  if (number < 1 || number > 65535) throw wrong(target, `${show(port)} is no port from 1 to 65535`);
  return { host: readHost(host, target), port: number };
}

function readHost(host: string, target: string): string {
  const [, address = "", zone = ""] = /^\[([^%]*)(?:%(?:25)?([\w.-]+))?\]$/.exec(host) ?? [];
  if (isIPv6(address)) return zone === "" ? address : `${address}%${zone}`;
  const name = isHost(host) && /[^\0-\x7f]/.test(host) ? toHostname(host) : host;
  if (name && isHost(name)) return name;
  throw wrong(target, `${show(host)} is no host; an IPv6 address stands in brackets, alice@[::1]`);
}

function readRequest(request: string, target: string): ValidQuery {
  const query = parseQuery(request);
  if (query.kind !== "invalid") return query;
  throw wrong(target, `${show(request)} cannot be asked for: ${REFUSALS[query.reason]}`);
}

function decodePercent(text: string, url: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw wrong(url, `${show(text)} is not percent-encoded UTF-8; write "%" as %25`);
  }
  refuseControls(decoded, url);
  return decoded;
}

/** Nothing that ends a line early, moves the cursor or turns the text around may stand in a target. */
function refuseControls(text: string, target: string): void {
  const [control] = (/[^ -~]/.test(text) && new RegExp(CONTROL, "u").exec(text)) || [];
  if (control !== undefined) throw wrong(target, `there is a control character in it, ${show(control)}; remove it`);
}

function wrong(target: string, why: string): FingerError {
  return new FingerError("ERR_FINGER_TARGET", `The target ${show(target)} cannot be read: ${why}.`);
}

/** No literal: the classes of Unicode take half a millisecond to load when it is read. */
const CONTROL = String.raw`[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]`;
