import { formatAddress, normalizeAddress } from "../network.js";
import type { Peer } from "../provider.js";
import { toLogText } from "../server/audit.js";
import { crc32c } from "./crc32c.js";

/** How far the header at the beginning of a connection has been read. */
export type HeaderProgress =
  | { readonly kind: "more" }
  /** The header is there: who is behind the proxy, and the bytes behind the header. */
  | { readonly kind: "header"; readonly source: HeaderSource; readonly rest: Uint8Array }
  /** It is no header, or a wrong one; `what` goes on from "sent no proper PROXY header:". */
  | { readonly kind: "mistake"; readonly what: string };

/** Whom a proxy speaks for: itself, as for a check of health, or a peer. */
type HeaderSource = "proxy" | Peer;

/** What a byte leads to: nothing yet, a mistake in words, or the end of the header. */
type Step = undefined | { readonly mistake: string } | { readonly source: HeaderSource };

/**
 * Reads the header of the PROXY protocol, version 1 or 2, that a connection begins with: HAProxy's proxy-protocol.txt is its
 * standard. It takes bytes in whatever pieces they come, never throws on them, and is of no use behind its first header.
 */
export class ProxyHeaderReader {
  private bytes = new Uint8Array(LONGEST_LINE);
  private length = 0;
  /** Where a header of version 2 ends; until its length is known, where that stands. */
  private end = BEGINNING;

  /** Whether there was a byte at all. */
  get hasBegun(): boolean {
    return this.length > 0;
  }

  push(chunk: Uint8Array): HeaderProgress {
    for (let index = 0; index < chunk.length; index++) {
      const step = this.take(chunk[index] as number);
      if (step === undefined) continue;
      if ("mistake" in step) return { kind: "mistake", what: step.mistake };
      return { kind: "header", source: step.source, rest: chunk.subarray(index + 1) };
    }
    return MORE;
  }

  private take(byte: number): Step {
    this.bytes[this.length++] = byte;
    return this.bytes[0] === SIGNATURE[0] ? this.takeBinary(byte) : this.takeText(byte);
  }

  private takeText(byte: number): Step {
    const { bytes, length } = this;
    if (length <= WORD.length) return byte === WORD[length - 1] ? undefined : this.toNoHeader();
    const isBehindCr = bytes[length - 2] === CR;
    if (isBehindCr && byte === LF) return readLine(String.fromCharCode(...bytes.subarray(0, length - 2)));
    if (isBehindCr || byte === LF) return { mistake: "its line has half of a line end" };
    return length < LONGEST_LINE ? undefined : { mistake: `its line has more than ${LONGEST_LINE} bytes` };
  }

  private takeBinary(byte: number): Step {
    const { bytes, length } = this;
    if (length <= SIGNATURE.length) return byte === SIGNATURE[length - 1] ? undefined : this.toNoHeader();
    if (length === COMMAND_AT + 1) return checkCommand(byte);
    if (length === FAMILY_AT + 1) return bytes[COMMAND_AT] === LOCAL ? undefined : checkFamily(byte);
    if (length === BEGINNING) {
      const mistake = this.findEnd();
      if (mistake !== undefined) return mistake;
    }
    return length < this.end ? undefined : readBinary(bytes.subarray(0, length));
  }

  /** Makes room for a header whose length is known now. */
  private findEnd(): Step {
    const { bytes } = this;
    this.end = BEGINNING + readUint16(bytes, LENGTH_AT);
    if (this.end > LONGEST_HEADER) return { mistake: `it has ${this.end} bytes, and ${LONGEST_HEADER} are the most` };
    const least = BEGINNING + (toLayout(bytes)?.size ?? 0);
    if (this.end < least) return { mistake: `it has ${this.end} bytes, and its addresses need ${least}` };
    if (this.end <= bytes.length) return undefined;
    this.bytes = new Uint8Array(this.end);
    this.bytes.set(bytes);
    return undefined;
  }

  private toNoHeader(): Step {
    return { mistake: `the connection begins with ${quote(this.bytes.subarray(0, this.length))}` };
  }
}

/** Reads the line of version 1, without its line end (2.1). */
function readLine(line: string): Step {
  const [, protocol = "", ...fields] = line.split(" ");
  // Whatever stands behind it has no meaning.
  if (protocol === "UNKNOWN") return { source: "proxy" };
  const kind = KINDS.get(protocol);
  if (kind === undefined) return { mistake: `${quote(protocol)} is none of TCP4, TCP6 and UNKNOWN` };
  const [source = "", destination = "", port = "", ownPort = ""] = fields;
  if (fields.length !== 4) return { mistake: `there are ${fields.length} fields behind ${protocol}, and not 4` };
  for (const address of [source, destination]) {
    if (normalizeAddress(address, kind) === undefined)
      return { mistake: `${quote(address)} is no ${protocol} address` };
  }
  for (const number of [port, ownPort]) if (!isPort(number)) return { mistake: `${quote(number)} is no port` };
  return { source: { address: normalizeAddress(source, kind), port: Number(port) } };
}

/** Without zeros in front, which could mean an octal number. */
function isPort(text: string): boolean {
  return /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;
}

/** Version 2, and on behalf of itself or another (2.2). */
function checkCommand(byte: number): Step {
  if (byte >> 4 !== 2) return { mistake: `it is of version ${byte >> 4}, and 1 and 2 are known` };
  return byte === LOCAL || byte === PROXY ? undefined : { mistake: `it has the unknown command ${byte & 15}` };
}

function checkFamily(byte: number): Step {
  const [family, protocol] = [byte >> 4, byte & 15];
  if (family > UNIX) return { mistake: `it has the unknown address family ${family}` };
  if (protocol > DATAGRAM) return { mistake: `it has the unknown transport protocol ${protocol}` };
  return protocol === DATAGRAM ? { mistake: "it speaks for datagrams, and finger has none" } : undefined;
}

/** Where the two addresses of a header are, the source first. */
interface Layout {
  /** Bytes of an address. */
  readonly each: number;
  /** Bytes of both, with their ports where they have some. */
  readonly size: number;
}

/** `undefined` where the block has no meaning: who sends it may fill it as it likes. */
function toLayout(bytes: Uint8Array): Layout | undefined {
  const byte = bytes[FAMILY_AT] as number;
  if (bytes[COMMAND_AT] === LOCAL || (byte & 15) !== STREAM) return undefined;
  return LAYOUTS[byte >> 4];
}

/** Reads a whole header of version 2, of which all but the block behind its length is checked. */
function readBinary(bytes: Uint8Array): Step {
  const layout = toLayout(bytes);
  if (layout === undefined) return { source: "proxy" };
  const mistake = checkExtras(bytes, BEGINNING + layout.size);
  if (mistake !== undefined) return { mistake };
  // Whoever opened a Unix socket at the proxy's machine is not on this one because of that.
  if (bytes[FAMILY_AT] === UNIX_STREAM) return { source: "proxy" };
  const address = formatAddress(bytes.subarray(BEGINNING, BEGINNING + layout.each));
  return { source: { address, port: readUint16(bytes, BEGINNING + 2 * layout.each) } };
}

/** Walks over what stands behind the addresses, each a type, a length and a value (2.2); only the checksum matters here. */
function checkExtras(bytes: Uint8Array, start: number): string | undefined {
  let sumAt: number | undefined;
  for (let at = start; at < bytes.length; ) {
    const value = at + 3;
    const length = value <= bytes.length ? readUint16(bytes, at + 1) : 0;
    if (value + length > bytes.length) return "what stands behind its addresses goes on behind its end";
    if (bytes[at] === CHECKSUM) {
      if (length !== 4 || sumAt !== undefined) return "its checksum is not one of 4 bytes";
      sumAt = value;
    }
    at = value + length;
  }
  return sumAt === undefined ? undefined : checkSum(bytes, sumAt);
}

/** The sum is that of the header with zeros in its own place; the bytes are ours to write them there. */
function checkSum(bytes: Uint8Array, at: number): string | undefined {
  const sum = readUint16(bytes, at) * 0x1_0000 + readUint16(bytes, at + 2);
  bytes.fill(0, at, at + 4);
  return crc32c(bytes) === sum ? undefined : "its checksum is wrong";
}

function readUint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function quote(text: Uint8Array | string): string {
  return `"${toLogText(typeof text === "string" ? text : String.fromCharCode(...text))}"`;
}

const MORE: HeaderProgress = { kind: "more" };
const KINDS: ReadonlyMap<string, "ipv4" | "ipv6"> = new Map([
  ["TCP4", "ipv4"],
  ["TCP6", "ipv6"],
]);
const CR = 0x0d;
const LF = 0x0a;
/** What a header of version 1 begins with, and one of version 2. */
const WORD: Uint8Array = new TextEncoder().encode("PROXY ");
const SIGNATURE: Uint8Array = new TextEncoder().encode("\r\n\r\n\0\r\nQUIT\n");
/** The longest line of version 1, with its line end (2.1). */
const LONGEST_LINE = 107;
/** The most that we read of version 2: all that fits the buffer of HAProxy (`tune.bufsize`), certificates and all. */
const LONGEST_HEADER = 16_384;
/** Where in a header of version 2 stand its command, its family and its length, and how long it is at least. */
const COMMAND_AT = 12;
const FAMILY_AT = 13;
const LENGTH_AT = 14;
const BEGINNING = 16;
const LOCAL = 0x20;
const PROXY = 0x21;
const STREAM = 1;
const DATAGRAM = 2;
const UNIX = 3;
const UNIX_STREAM = 0x31;
const CHECKSUM = 0x03;
/** By address family: none, IPv4, IPv6, Unix. */
const LAYOUTS: ReadonlyArray<Layout | undefined> = [
  undefined,
  { each: 4, size: 12 },
  { each: 16, size: 36 },
  { each: 108, size: 216 },
];
