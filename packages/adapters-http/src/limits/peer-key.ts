import type { Peer } from "finger-server";

/**
 * What tells one peer from another: its IPv4 address, or the first 64 bits of its IPv6 address, for a single host has as many of
 * those as it likes. `undefined` for who is not counted: a peer without an address, and one of this machine, which may be a
 * proxy in front with everybody behind it.
 */
export function toPeerKey({ address }: Peer): string | undefined {
  if (address === undefined || address === "" || address === "::1") return undefined;
  const [, mapped = address] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  if (mapped.startsWith("127.")) return undefined;
  return mapped.includes(":") ? toNetwork(mapped) : mapped;
}

/** The first four groups, as the system writes addresses (RFC 5952). */
function toNetwork(address: string): string {
  const [left = "", right] = address.split("::");
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}
