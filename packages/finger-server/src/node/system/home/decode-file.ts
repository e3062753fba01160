import { ReplyDecoder } from "finger-protocol";

/**
 * Reads the bytes of a file as a reply is read, UTF-8 or else Windows-1252, but for its carriage returns, which are not made to ends of
 * lines: finger(1) shows them.
 *
 * @param isCut - Whether the file goes on, so that half a character at the end is none.
 */
export function decodeFile(bytes: Uint8Array, isCut = false): string {
  const pieces = splitAt(bytes, CR);
  return pieces.map((piece, index) => decode(piece, isCut && index === pieces.length - 1)).join("\r");
}

function decode(bytes: Uint8Array, isCut: boolean): string {
  const decoder = new ReplyDecoder();
  return decoder.push(bytes) + (isCut ? "" : decoder.end());
}

function splitAt(bytes: Uint8Array, separator: number): Uint8Array[] {
  const pieces = [];
  let start = 0;
  for (let end = bytes.indexOf(separator); end >= 0; end = bytes.indexOf(separator, start)) {
    pieces.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return [...pieces, bytes.subarray(start)];
}

const CR = 0x0d;
