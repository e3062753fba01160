import { countBytes } from "../irc/split-text.js";

/**
 * Writes a line as bytes, with its end. What would be longer than a line can be is cut, between characters: a server cuts it
 * anyhow, or throws out who has sent it. Only a server can have us say so much, by what it asks us to repeat.
 */
export function encodeLine(line: string): Uint8Array {
  const bytes = ENCODER.encode(line);
  let end = Math.min(bytes.length, MAX_LINE);
  while (end < bytes.length && isInside(bytes[end])) end--;
  const encoded = new Uint8Array(end + END.length);
  encoded.set(bytes.subarray(0, end));
  encoded.set(END, end);
  return encoded;
}

/** Whether a line can be sent as a whole. */
export function isShort(line: string): boolean {
  return countBytes(line) <= MAX_LINE;
}

/** Whether a byte is in a character of UTF-8, and does not begin it. */
function isInside(byte = 0): boolean {
  return (byte & 0xc0) === 0x80;
}

/** What fits into a line (RFC 2812 2.3), without its end. */
export const MAX_LINE = 510;
const END: Uint8Array = Uint8Array.of(13, 10);
const ENCODER = new TextEncoder();
