import { LONGEST_TIME } from "./connection/clock.js";
import type { TlsOptions } from "./connection/dial.js";
import type { Connect } from "./connection/dial-streams.js";
import type { LookupRules } from "./connection/lookup.js";

/** How to connect, and how long to wait. */
export interface ConnectionOptions {
  /** The port to ask when the target names none, or 79. @default 79 */
  readonly port?: number | undefined;
  /** Asks only addresses of IPv4 or of IPv6. @default both, each when the one before has not answered for half a second */
  readonly family?: 4 | 6 | undefined;
  /** Longest wait for the next bytes, in milliseconds. @default 10_000 */
  readonly timeout?: number | undefined;
  /** Longest wait for the connection, in milliseconds. @default what `timeout` is */
  readonly connectTimeout?: number | undefined;
  /** Ends the lookup when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Speaks TLS, and nothing else if that fails. No standard says that finger servers do, or on which port. That a connection
   * is cut off is not told from its end, for Node does not tell.
   * @default false
   */
  readonly tls?: boolean | TlsOptions | undefined;
  /**
   * The URL of a SOCKS5 proxy, `socks5://[user:password@]host[:port]`, which is told the name of the host and looks it up.
   * It needs the package `socks`. @default connects directly
   */
  readonly proxy?: string | undefined;
  /**
   * Makes the connections, on a runtime that has its own, such as `Deno.connect` or that of `cloudflare:sockets`, or in a
   * test. What concerns the connection itself (`family`, `tls`, `proxy`) is then up to it, and not to be given.
   * @default TCP of Node
   */
  readonly connect?: Connect | undefined;
  /**
   * The target is a link that somebody else wrote: another port than 79 in it is refused, so that a page cannot have you
   * talk to services of your network. @default false
   */
  readonly fromLink?: boolean | undefined;
}

/** How to ask. */
export interface FingerOptions extends ConnectionOptions {
  /**
   * Asks for more with `/W` (RFC 1288 2.5.4); the target can ask for it too. With `"auto"`, a server that takes the
   * switch for a part of the name is asked again without it. @default false
   */
  readonly verbose?: boolean | "auto" | undefined;
  /** Longest reply read, in bytes; the rest is cut off. @default 1_048_576 */
  readonly maxBytes?: number | undefined;
  /** Longest time for all of it, in milliseconds; `false` for no bound. @default 60_000 */
  readonly totalTime?: number | false | undefined;
}

/** How to ask for a reply that is read as it comes. */
export interface FingerStreamOptions extends Omit<FingerOptions, "maxBytes" | "totalTime"> {
  /** Longest reply read, in bytes; there the stream ends. @default a stream is as long as it likes */
  readonly maxBytes?: number | undefined;
  /** Longest time for all of it, in milliseconds. @default a stream takes as long as it likes */
  readonly totalTime?: number | false | undefined;
  /**
   * Leaves control characters in the text, for a caller who makes them harmless in a way of their own; the text then comes
   * at once, and not in whole lines. @default false
   */
  readonly raw?: boolean | undefined;
  /**
   * The IP addresses of the host, from a caller who has looked it up already: nothing is looked up then, and all are
   * tried, one after the other. The host is still what errors speak of. @default looks the host up
   */
  readonly addresses?: readonly string[] | undefined;
}

/** Options with their defaults. */
export interface ResolvedOptions extends LookupRules {
  readonly verbose: boolean | "auto";
  readonly port: number;
  readonly connect: Connect | undefined;
  readonly fromLink: boolean;
}

/** @throws `RangeError` when a number is not a positive whole number, or the port none; `TypeError` for a wrong proxy. */
export function resolveOptions(options: FingerOptions = {}): ResolvedOptions {
  const { verbose = false, port = 79, timeout = 10_000, connectTimeout = timeout, totalTime = 60_000 } = options;
  const { maxBytes = 1024 * 1024, family, signal, tls, proxy, connect, fromLink = false } = options;
  assertWhole("port", port, 65535);
  assertWhole("timeout", timeout, LONGEST_TIME);
  assertWhole("connectTimeout", connectTimeout, LONGEST_TIME);
  assertWhole("maxBytes", maxBytes, Number.MAX_SAFE_INTEGER);
  if (totalTime !== false) assertWhole("totalTime", totalTime, LONGEST_TIME);
  if (family !== undefined && family !== 4 && family !== 6)
    throw new RangeError(`The option family must be 4 or 6, but is ${String(family)}.`);
  if (proxy !== undefined) assertProxy(proxy);
  if (connect !== undefined && (tls || proxy !== undefined || family !== undefined))
    throw new TypeError("The options tls, proxy and family are for connections of our own, but connect makes them.");
  return {
    verbose,
    port,
    timeout,
    connectTimeout,
    totalTime: totalTime === false ? Number.POSITIVE_INFINITY : totalTime,
    maxBytes,
    signal,
    family,
    addresses: undefined,
    tls: tls === true ? {} : tls || undefined,
    proxy,
    connect,
    fromLink,
  };
}

/** @throws as {@link resolveOptions} does, and `RangeError` when `addresses` is empty. */
export function resolveStreamOptions(options: FingerStreamOptions = {}): ResolvedOptions & { readonly raw: boolean } {
  const { maxBytes = Number.MAX_SAFE_INTEGER, totalTime = false, raw = false, addresses } = options;
  if (addresses?.length === 0) throw new RangeError("The option addresses must have an IP address, but is empty.");
  if (addresses && (options.connect ?? options.proxy ?? options.family) !== undefined)
    throw new TypeError(
      "The option addresses goes with none of connect, proxy and family, which choose the address too.",
    );
  return { ...resolveOptions({ ...options, maxBytes, totalTime }), addresses, raw };
}

function assertWhole(name: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return;
  throw new RangeError(`The option ${name} must be a whole number from 1 to ${most}, but is ${value}.`);
}

/** The message has no part of the value, of which the password might be any. */
function assertProxy(url: string): void {
  try {
    const { protocol, hostname, username, password } = new URL(url);
    decodeURIComponent(username + password);
    if (/^socks5?h?:$/.test(protocol) && hostname !== "") return;
  } catch {
    // It is said below what is wrong.
  }
  throw new TypeError("The option proxy must be a URL such as socks5://user:password@127.0.0.1:1080, and is none.");
}
