/**
 * Tells whether `host` may stand behind an `@`: a host name of letters, digits, `-` and `_` in labels of at
 * most 63 characters (RFC 1123 2.1; international letters are let through), an IPv4 address, or an IPv6
 * address in brackets. There is no port on the wire (RFC 1288 2.3).
 */
export function isHost(host: string): boolean {
  if (host.startsWith("[")) return host.endsWith("]") && isIPv6(host.slice(1, -1));
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  return name.length <= 253 && isDottedName(name);
}

/** Tells whether `text` is an IPv6 address (RFC 4291 2.2), without brackets and without a zone. */
export function isIPv6(text: string): boolean {
  return /^[\da-f:.]{2,45}$/i.test(text) && toHostname(`[${text}]`) !== undefined;
}

/** The host as DNS knows it, international names in ASCII (UTS 46); `undefined` when there is no such host. */
export function toHostname(host: string): string | undefined {
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined;
  }
}

function isDottedName(name: string): boolean {
  let labelStart = 0;
  for (let index = 0; index <= name.length; index++) {
    const atEnd = index === name.length || name.charCodeAt(index) === DOT;
    if (!atEnd && !isNameChar(name, index)) return false;
    if (!atEnd) continue;
    const length = index - labelStart;
    if (length === 0 || length > 63) return false;
    if (name.charCodeAt(labelStart) === HYPHEN || name.charCodeAt(index - 1) === HYPHEN) return false;
    labelStart = index + 1;
  }
  return true;
}

function isNameChar(name: string, index: number): boolean {
  const code = name.charCodeAt(index);
  if (code >= 0x80) return INTERNATIONAL.test(String.fromCodePoint(name.codePointAt(index) as number));
  const letter = code | LOWER_CASE;
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === HYPHEN || code === UNDERSCORE;
}

/** One character at a time, so that no input can make it slow. */
const INTERNATIONAL = /^[\p{L}\p{M}\p{N}]$/u;
const HYPHEN = 0x2d;
const DOT = 0x2e;
const UNDERSCORE = 0x5f;
const LOWER_CASE = 0x20;
