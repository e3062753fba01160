import { decodeReply } from "finger-protocol";

/**
 * Cuts what a server sends into lines, and reads them as text: UTF-8, and each byte that is in no valid UTF-8 as
 * windows-1252. It goes by bytes, for servers cut long lines inside a character, which must not spoil the rest.
 *
 * CRLF, LF and CR end a line; NULs and empty lines are left out, and lines longer than {@link MAX_LINE_BYTES}, in
 * constant memory. Never throws.
 *
 * @example new LineDecoder().push(bytes) // ["PING :one", "PING :two"]
 */
export class LineDecoder {
  private readonly line: Uint8Array = new Uint8Array(MAX_LINE_BYTES);
  /** Of the line so far; greater than {@link MAX_LINE_BYTES} in one that is passed over. */
  private length = 0;

  /** The lines that the next bytes end. */
  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    for (const byte of bytes) {
      if (byte === CR || byte === LF) lines.push(this.takeLine());
      else if (byte !== NUL) this.line[this.length++] = byte; // behind its end an array of bytes takes none
    }
    return lines.filter((line) => line !== "");
  }

  private takeLine(): string {
    const length = this.length;
    this.length = 0;
    return length > MAX_LINE_BYTES ? "" : decodeReply(this.line.subarray(0, length));
  }
}

/** 8191 bytes of tags (IRCv3 message tags, size limit), and 512 of the rest (RFC 2812 2.3). */
const MAX_LINE_BYTES = 8191 + 512;
const NUL = 0;
const LF = 10;
const CR = 13;
