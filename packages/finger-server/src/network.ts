import ipaddr from "ipaddr.js";

/** A network of IPv4 or IPv6 addresses, such as `10.0.0.0/8`; made by {@link parseNetwork}. */
export interface Network {
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  readonly bits: number;
}

/**
 * Reads a network in CIDR notation, or a single address (RFC 4632 3.1). An IPv4 address mapped into IPv6 is that IPv4
 * address.
 *
 * @throws `RangeError` when the text is neither.
 */
export function parseNetwork(text: string): Network {
  const [address = "", bits, ...rest] = text.split("/");
  const parsed = parseAddress(address);
  const most = parsed?.kind() === "ipv4" ? 32 : 128;
  if (parsed === undefined || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) throw noNetwork(text);
  const length = bits === undefined ? most : Number(bits) - (address.includes(":") && most === 32 ? 96 : 0);
  if (length < 0 || length > most) throw noNetwork(text);
  return { address: parsed, bits: length };
}

/** Tells whether an address lies in a network; text that is no address lies in none. */
export function isIn(address: string, { address: base, bits }: Network): boolean {
  const parsed = parseAddress(address);
  return parsed !== undefined && parsed.kind() === base.kind() && parsed.match(base as never, bits);
}

/**
 * An address that somebody else wrote, as the system writes it (RFC 5952): without a zone, and an IPv4 address that is mapped
 * into IPv6 as that IPv4 address. `undefined` for what is no address of that kind in a usual form.
 */
export function normalizeAddress(text: string, kind: "ipv4" | "ipv6"): string | undefined {
  if (kind === "ipv4") return ipaddr.IPv4.isValidFourPartDecimal(text) ? text : undefined;
  const hex = toHex(text);
  return !text.includes("%") && ipaddr.IPv6.isValid(hex) ? ipaddr.process(hex).toString() : undefined;
}

/** Writes an address of 4 or 16 bytes, in the same way. */
export function formatAddress(bytes: Uint8Array): string {
  const address = ipaddr.fromByteArray([...bytes]);
  return "isIPv4MappedAddress" in address && address.isIPv4MappedAddress()
    ? address.toIPv4Address().toString()
    : address.toString();
}

/** Whether an address is of this machine alone (RFC 1122 3.2.1.3, RFC 4291 2.5.3). */
export function isLoopback(address: string): boolean {
  return LOOPBACK.some((network) => isIn(address, network));
}

/**
 * What tells one peer from another: its IPv4 address, or the first 64 bits of its IPv6 address, for a single host has as
 * many of those as it likes. `undefined` where there is no address. It runs for each connection, so it parses nothing
 * that the system did not write (RFC 5952).
 */
export function toPeerKey(address: string | undefined): string | undefined {
  if (address === undefined || !address.includes(":")) return address;
  if (address.startsWith("::ffff:") && address.includes(".")) return address.slice("::ffff:".length);
  const [left = "", right] = address.split("::");
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}

/** ipaddr.js takes `::8.8.8.8` for 8.8.8.8, and `08` for a number, in an IPv6 address that ends in an IPv4 address. */
function toHex(text: string): string {
  if (!text.includes(".")) return text;
  const start = text.lastIndexOf(":") + 1;
  const dotted = text.slice(start);
  if (!ipaddr.IPv4.isValidFourPartDecimal(dotted)) return "";
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(dotted).octets;
  return `${text.slice(0, start)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

/** ipaddr.js takes `127.1` and `0x7f.1` for addresses, as inet_aton(3) does; nobody's peer is written so. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const isAddress = text.includes(":") ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
  return isAddress ? ipaddr.process(text) : undefined;
}

function noNetwork(text: string): RangeError {
  return new RangeError(`${JSON.stringify(text)} is no network; write one such as 10.0.0.0/8 or 2001:db8::/32.`);
}

const LOOPBACK: readonly Network[] = ["127.0.0.0/8", "::1"].map(parseNetwork);
