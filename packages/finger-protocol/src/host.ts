/**
 * Tells whether `host` may stand behind an `@`: a host name of letters, digits, `-` and `_` in labels of at
 * most 63 characters (RFC 1123 2.1; international letters are let through), an IPv4 address, or an IPv6
 * address in brackets. There is no port on the wire (RFC 1288 2.3).
 */
export function isHost(host: string): boolean {
  if (host.startsWith("[")) return host.endsWith("]") && isIPv6(host.slice(1, -1));
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  return (
    name.length <= 253 && name.split(".").every((label) => ASCII.test(label) || new RegExp(LABEL, "u").test(label))
  );
}

/** Tells whether `text` is an IPv6 address (RFC 4291 2.2), without brackets and without a zone. */
export function isIPv6(text: string): boolean {
  return /^[\da-fA-F:.]{2,45}$/.test(text) && toHostname(`[${text}]`) !== undefined;
}

/** The host as DNS knows it, international names in ASCII (UTS 46); `undefined` when there is no such host. */
export function toHostname(host: string): string | undefined {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined;
  }
}

/** Without nesting or overlap, so that no input can make it slow. */
const ASCII = /^(?!-)[\w-]{1,63}(?<!-)$/;
/** No literal: the classes of Unicode take half a millisecond to load when it is read, and few ever need them. */
const LABEL = String.raw`^(?!-)[\p{L}\p{M}\p{N}_-]{1,63}(?<!-)$`;
