import type { OtherProtocol } from "../server/texts.js";

/**
 * Recognises a connection that begins in another protocol, from its first bytes: a TLS ClientHello (RFC 8446 5.1), or
 * the header of version 2 of the PROXY protocol, whose CRLF would otherwise pass for the query of a list.
 */
export function recognizeOpening(bytes: Uint8Array): OtherProtocol | undefined {
  if (bytes[0] === TLS_HANDSHAKE && bytes[1] === TLS_VERSION) return "TLS";
  // A list, CRLF, and a blank line behind it are no header: it takes the NUL to be one.
  return bytes[0] === CR && bytes[4] === 0 && agrees(bytes, PROXY_V2) ? "PROXY" : undefined;
}

/** Recognises a line that was no name: a request of HTTP (RFC 9112 3), or a PROXY header of version 1. */
export function recognizeLine(name: string): OtherProtocol | undefined {
  if (name.startsWith("HTTP/", name.lastIndexOf(" ") + 1) && name.includes(" ")) return "HTTP";
  return name.startsWith("PROXY ") && PROXY_V1.test(name) ? "PROXY" : undefined;
}

/** Tells whether the two are the same as far as both go. */
function agrees(bytes: Uint8Array, opening: readonly number[]): boolean {
  const most = Math.min(bytes.length, opening.length);
  for (let index = 0; index < most; index++) if (bytes[index] !== opening[index]) return false;
  return true;
}

const TLS_HANDSHAKE = 0x16;
const TLS_VERSION = 0x03;
const CR = 0x0d;
const PROXY_V2 = [...new TextEncoder().encode("\r\n\r\n\0\r\nQUIT\n")];
const PROXY_V1 = /^PROXY (?:TCP4 |TCP6 |UNKNOWN)/;
