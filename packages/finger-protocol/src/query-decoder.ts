import { DECODER, ENCODER, NOTHING } from "./bytes.js";
import { type FingerQuery, formatQuery, parseQuery, type QueryOptions, type ValidQuery } from "./query.js";
import { isText, nextTelnetState, OUTSIDE, removeTelnetCommands, type TelnetState } from "./telnet.js";

/** How a query is read from bytes. */
export interface QueryDecoderOptions extends QueryOptions {
  /** Longest line read, in bytes, its end not counted. A longer one is refused before its end. @default 1024 */
  readonly maxBytes?: number | undefined;
}

/**
 * Reads the one query of a connection, however its bytes are cut into chunks: netkit's client sends three.
 *
 * A line ends in CRLF, LF, CR or the end of input; what follows is never a second query (RFC 1288 2.1). Telnet
 * commands are skipped. The text is UTF-8, or latin-1 when it is not valid UTF-8. In `strict` reading only CRLF
 * ends a line, a CR or LF alone is a control character, and telnet commands are characters like others.
 *
 * Nothing here throws on bytes; time is linear in the bytes, and memory is bounded by `maxBytes`.
 *
 * @example
 * ```ts
 * const decoder = new QueryDecoder();
 * decoder.push(new TextEncoder().encode("/W al")); // undefined: more is needed
 * decoder.push(new TextEncoder().encode("ice\r\n")); // { kind: "user", user: "alice", verbose: true }
 * ```
 */
export class QueryDecoder {
  // TypeScript's `private`: `#` fields make the whole decoder take half as long again on Node 20.
  private readonly maxBytes: number;
  private readonly strict: boolean;
  private line: Uint8Array = NOTHING;
  private length = 0;
  private telnet: TelnetState = OUTSIDE;
  private sawCR = false;
  private done = false;

  /** @throws `RangeError` when `maxBytes` is not a positive whole number. */
  constructor({ maxBytes = 1024, strict = false }: QueryDecoderOptions = {}) {
    if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) {
      throw new RangeError(`maxBytes must be a positive whole number, but is ${maxBytes}.`);
    }
    this.maxBytes = maxBytes;
    this.strict = strict;
  }

  /** A copy of the line as it came, telnet commands and all, without its end: for a log or a relay. */
  get raw(): Uint8Array {
    return new Uint8Array(this.line.subarray(0, this.length)); // slice() of a Buffer is no copy
  }

  /** Takes the next bytes. Gives the query as soon as it is complete or refused, and `undefined` until then. */
  push(chunk: Uint8Array): FingerQuery | undefined {
    if (this.done) return undefined;
    if (this.length === 0) {
      const query = this.readAtOnce(chunk);
      if (query !== undefined) return query;
    }
    for (const byte of chunk) {
      const query = this.take(byte);
      if (query !== undefined) return query;
    }
    return undefined;
  }

  /** The input has ended. Gives the query that had no line end, and `undefined` when nothing was asked. */
  end(): FingerQuery | undefined {
    if (this.done || this.strict) return undefined;
    const text = this.text();
    return text.length === 0 ? undefined : this.read(decodeText(text));
  }

  /** The usual case: a line of plain ASCII, all in one chunk. One pass, and no copy of its bytes. */
  private readAtOnce(chunk: Uint8Array): FingerQuery | undefined {
    if (this.strict || this.telnet !== OUTSIDE) return undefined;
    const most = Math.min(chunk.length - 1, this.maxBytes);
    let text = "";
    let length = 0;
    for (; length <= most; length++) {
      const byte = chunk[length] as number;
      if (byte < SPACE || byte > TILDE) break;
      text += String.fromCharCode(byte);
    }
    if (length > most || (chunk[length] !== CR && chunk[length] !== LF)) return undefined;
    this.line = chunk;
    this.length = length;
    return this.read(text);
  }

  private take(byte: number): FingerQuery | undefined {
    if (this.strict) {
      if (byte === LF) return this.sawCR ? this.read(decodeText(this.text())) : this.refuse("control");
      if (this.sawCR) return this.refuse("control");
      if (byte === CR) {
        this.sawCR = true;
        return undefined;
      }
    } else {
      if ((byte === CR || byte === LF) && isText(this.telnet)) return this.read(decodeText(this.text()));
      this.telnet = nextTelnetState(this.telnet, byte);
    }
    if (this.length === this.maxBytes) return this.refuse("too-long");
    if (this.length === 0) this.line = new Uint8Array(this.maxBytes);
    this.line[this.length++] = byte;
    return undefined;
  }

  private text(): Uint8Array {
    const line = this.line.subarray(0, this.length);
    return this.strict ? line : removeTelnetCommands(line);
  }

  private read(line: string): FingerQuery {
    this.done = true;
    return parseQuery(line, { strict: this.strict });
  }

  private refuse(reason: "too-long" | "control"): FingerQuery {
    this.done = true;
    return { kind: "invalid", reason };
  }
}

/**
 * Writes a query as the bytes that ask it, CRLF and all, to be sent in one piece: some servers read only once.
 *
 * @throws {@link FingerError} `ERR_FINGER_QUERY`, as {@link formatQuery} does.
 */
export function encodeQuery(query: ValidQuery): Uint8Array {
  return ENCODER.encode(`${formatQuery(query)}\r\n`);
}

function decodeText(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""); // latin-1: a byte is a character
  }
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TILDE = 0x7e;
