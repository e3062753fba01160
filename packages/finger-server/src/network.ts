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

/** ipaddr.js takes `127.1` and `0x7f.1` for addresses, as inet_aton(3) does; nobody's peer is written so. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const isAddress = text.includes(":") ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
  return isAddress ? ipaddr.process(text) : undefined;
}

function noNetwork(text: string): RangeError {
  return new RangeError(`${JSON.stringify(text)} is no network; write one such as 10.0.0.0/8 or 2001:db8::/32.`);
}
