import { isIP } from "node:net";
import { FingerError } from "finger-protocol";
import ipaddr from "ipaddr.js";
import { matchHosts, normalizeHost } from "../host-names.js";
import { isIn, parseNetwork } from "../network.js";
import { nobodyWaits } from "../nobody-waits.js";

/** An address of a host. */
export interface HostAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Finds all addresses of a host; it rejects when there are none. */
export type LookupHost = (host: string) => Promise<readonly HostAddress[]>;

/** What may be connected to, although it is not public. */
export interface AllowList {
  readonly hasHost: (host: string) => boolean;
  readonly hasAddress: (address: string) => boolean;
}

/** How an address is guarded. */
export interface GuardOptions {
  /** @default only public addresses */
  readonly allow?: AllowList | undefined;
  /** @default what the system does, with its hosts file */
  readonly lookup?: LookupHost | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a list of what may be private: host names, `*.example.org` for all below one, addresses and networks; or `true`
 * for everything.
 *
 * @throws `TypeError` or `RangeError` when an entry is none of them.
 */
export function parseAllowList(entries: true | readonly string[]): AllowList {
  if (entries === true) return { hasHost: () => true, hasAddress: () => true };
  const isNetwork = (entry: string) => entry.includes("/") || isIP(entry) !== 0;
  const networks = entries.filter(isNetwork).map(parseNetwork);
  return {
    hasHost: matchHosts(entries.filter((entry) => !isNetwork(entry))),
    hasAddress: (address) => networks.some((network) => isIn(address, network)),
  };
}

/**
 * The addresses of a host, for the caller to connect to and to nothing else: a name that is looked up a second time may
 * lead to another place (DNS rebinding). One address that is not public, and the host is refused with all of them.
 *
 * @throws `FingerError` `ERR_FINGER_DENIED` for an address that is neither public nor allowed, and for a number that is no
 * address in its usual form; `ERR_FINGER_RESOLVE` when there is no such host; `ERR_FINGER_ABORTED`.
 */
export async function resolvePublic(host: string, options: GuardOptions = {}): Promise<readonly HostAddress[]> {
  const { allow, lookup = lookupHost, signal } = options;
  const name = normalizeHost(host);
  const addresses = await resolve(name, lookup, signal);
  if (allow?.hasHost(name)) return addresses;
  for (const { address } of addresses) {
    if (!isPublic(address) && !allow?.hasAddress(address)) throw denied(name, address);
  }
  return addresses;
}

/**
 * Tells whether everybody's packets can go to an address: a unicast address of the internet that is in none of the
 * special-purpose registries (RFC 6890), nor in a range through which IPv4 addresses are reached by IPv6. Text that is no
 * address in its usual form is not public, whatever inet_aton(3) makes of it.
 */
export function isPublic(address: string): boolean {
  if (isIP(address) === 0 || address.includes("%")) return false;
  const parsed = ipaddr.process(toCanonical(address));
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || isIn(address, GLOBAL_UNICAST);
}

/** ipaddr.js reads `::8.8.8.8` as the IPv4 address, which the system does not, but not `::808:808`. */
function toCanonical(address: string): string {
  return address.includes(":") ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

/** All of IPv6 that is given out; what lies beyond it is nobody's (RFC 4291 2.4). */
const GLOBAL_UNICAST = parseNetwork("2000::/3");

async function resolve(host: string, lookup: LookupHost, signal?: AbortSignal): Promise<readonly HostAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family: family === 4 ? 4 : 6 }];
  if (host === "") throw new FingerError("ERR_FINGER_RESOLVE", "What is no host name cannot be looked up.");
  if (isNumber(host)) throw oddAddress(host);
  let addresses: readonly HostAddress[];
  try {
    addresses = await untilAborted(lookup(host), signal);
  } catch (cause) {
    throw signal?.aborted ? nobodyWaits(signal) : notFound(host, cause);
  }
  if (addresses.length === 0) throw notFound(host, undefined);
  return addresses;
}

/** What the system does: all addresses of a host. */
export async function lookupHost(host: string): Promise<readonly HostAddress[]> {
  const { lookup } = await import("node:dns/promises");
  const found = await lookup(host, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 4 ? 4 : 6 }));
}

/** A look-up cannot be stopped, so what it finds too late is dropped. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(nobodyWaits(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    work.finally(() => signal.removeEventListener("abort", onAbort)).then(resolve, reject);
    if (signal.aborted) onAbort();
  });
}

/** What ends in a number is an address to many programs: `127.1`, `0x7f.1`, `010.8.8.8`, `2130706433` (WHATWG URL 3.5). */
function isNumber(host: string): boolean {
  return /^(?:\d+|0x[\da-f]*)$/.test(host.slice(host.lastIndexOf(".") + 1));
}

function denied(host: string, address: string): FingerError {
  const what = host === address ? address : `${host} (${address})`;
  return new FingerError("ERR_FINGER_DENIED", `${what} is not on the public internet; allow it if you mean to ask it.`);
}

function oddAddress(host: string): FingerError {
  return new FingerError("ERR_FINGER_DENIED", `${host} is no address in its usual form, such as 192.0.2.1.`);
}

function notFound(host: string, cause: unknown): FingerError {
  const isLater = cause instanceof Error && "code" in cause && cause.code === "EAI_AGAIN";
  const what = isLater ? `${host} cannot be looked up now; check the network.` : `There is no host ${host}.`;
  return new FingerError("ERR_FINGER_RESOLVE", what, { cause });
}
