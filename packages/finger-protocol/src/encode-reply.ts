import { ENCODER } from "./bytes.js";
import { toText } from "./escape.js";

/**
 * Writes the text of a reply as the bytes that go out: UTF-8, each line end CRLF exactly once whether it was LF, CR or
 * CRLF, the last line ended too (RFC 1288 2.2). Control characters but TAB leave as `^[` or `M-^[`, as netkit shows
 * them, so that no reply commands a terminal. A lone surrogate becomes U+FFFD.
 *
 * @example
 * ```ts
 * new TextDecoder().decode(encodeReply("Happy\nand well")); // "Happy\r\nand well\r\n"
 * ```
 */
export function encodeReply(text: string): Uint8Array {
  const wire = toWire(text);
  return ENCODER.encode(wire === "" || wire.endsWith("\n") ? wire : `${wire}\r\n`);
}

/**
 * {@link encodeReply} for a reply that comes in pieces: the bytes are the same wherever the pieces are cut.
 *
 * @example
 * ```ts
 * const encoder = new ReplyEncoder();
 * encoder.push("Happy\r"); // the bytes of "Happy\r\n"
 * encoder.push("\nand well"); // the bytes of "and well"
 * encoder.end(); // the bytes of "\r\n"
 * ```
 */
export class ReplyEncoder {
  /** The last character, which the next piece may complete: a CR, or the first half of a surrogate pair. */
  private last = "";

  /** The bytes of the next piece. */
  push(piece: string): Uint8Array {
    if (piece === "") return ENCODER.encode("");
    const isCut = isHalf(this.last);
    const text = isCut ? this.last + piece : this.last === "\r" && piece.startsWith("\n") ? piece.slice(1) : piece;
    this.last = piece.slice(-1);
    return ENCODER.encode(toWire(isHalf(this.last) ? text.slice(0, -1) : text));
  }

  /** The bytes that are still owed: the end of the last line. */
  end(): Uint8Array {
    const { last } = this;
    this.last = "";
    return ENCODER.encode((isHalf(last) ? last : "") + (/^[\r\n]?$/.test(last) ? "" : "\r\n"));
  }
}

function toWire(text: string): string {
  return toText(text).replaceAll("\n", "\r\n");
}

function isHalf(last: string): boolean {
  return last >= "\ud800" && last <= "\udbff";
}
