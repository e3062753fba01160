import { DECODER, NOTHING } from "./bytes.js";
import { toLF } from "./escape.js";
import { fromWindows1252 } from "./windows-1252.js";

/**
 * Reads the bytes of a reply as text: UTF-8, and each byte that is in no valid UTF-8 sequence as windows-1252, so that
 * one old plan in a list does not spoil the others. CRLF, CR and LF become LF; a byte order mark at the start is
 * dropped. Nothing is sanitised here: pass the text to {@link sanitize} before a terminal sees it.
 *
 * @example
 * ```ts
 * decodeReply(Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x0d, 0x0a)); // "café\n"
 * ```
 */
export function decodeReply(bytes: Uint8Array): string {
  return toLF(decode(bytes).replace(/^\ufeff/, ""));
}

/**
 * {@link decodeReply} for a reply that comes in pieces: the text is the same wherever the pieces are cut.
 *
 * @example
 * ```ts
 * const decoder = new ReplyDecoder();
 * decoder.push(Uint8Array.of(0xc3)); // ""
 * decoder.push(Uint8Array.of(0xa9, 0x0d)); // "é\n"
 * decoder.push(Uint8Array.of(0x0a)); // ""
 * decoder.end(); // ""
 * ```
 */
export class ReplyDecoder {
  private started = false;
  private afterCR = false;
  /** The start of a UTF-8 sequence that was cut. */
  private cut: Uint8Array = NOTHING;

  /** The text of the next bytes. */
  push(bytes: Uint8Array): string {
    const all = this.cut.length === 0 ? bytes : concat(this.cut, bytes);
    const end = findCut(all);
    this.cut = new Uint8Array(all.subarray(end)); // slice() of a Buffer is no copy
    return this.toText(decode(all.subarray(0, end)));
  }

  /** The text of a sequence that the reply broke off in. */
  end(): string {
    const rest = Array.from(this.cut, fromWindows1252).join("");
    this.cut = NOTHING;
    return this.toText(rest);
  }

  private toText(decoded: string): string {
    if (decoded === "") return "";
    let text = this.started ? decoded : decoded.replace(/^\ufeff/, "");
    this.started = true;
    if (this.afterCR && text.startsWith("\n")) text = text.slice(1);
    this.afterCR = decoded.endsWith("\r");
    return toLF(text);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    return decodeMixed(bytes);
  }
}

function decodeMixed(bytes: Uint8Array): string {
  let text = "";
  let valid = 0;
  let index = 0;
  while (index < bytes.length) {
    const length = measureSequence(bytes, index);
    if (length > 0) {
      index += length;
      continue;
    }
    text += DECODER.decode(bytes.subarray(valid, index)) + fromWindows1252(bytes[index] as number);
    index++;
    valid = index;
  }
  return text + DECODER.decode(bytes.subarray(valid));
}

/** Where a sequence begins that the end of `bytes` cuts off; their length when none does. */
function findCut(bytes: Uint8Array): number {
  for (let index = Math.max(0, bytes.length - 3); index < bytes.length; index++) {
    if (measureSequence(bytes, index) === CUT) return index;
  }
  return bytes.length;
}

/** How many bytes the UTF-8 sequence at `index` has (RFC 3629 4): 0 when it is invalid, {@link CUT} when it is cut off. */
function measureSequence(bytes: Uint8Array, index: number): number {
  const lead = bytes[index] as number;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let offset = 1; offset < length; offset++) {
    const byte = bytes[index + offset];
    if (byte === undefined) return CUT;
    const low = offset > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const high = offset > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (byte < low || byte > high) return 0;
  }
  return length;
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

const CUT = -1;
