import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32c } from "./crc32c.js";
import { type HeaderProgress, ProxyHeaderReader } from "./proxy-header.js";

const encode = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const decode = (bytes: Uint8Array) => String.fromCharCode(...bytes);

/** Reads pieces up to the first of them that ends the header; what comes behind belongs to the rest. */
function read(...pieces: readonly Uint8Array[]): HeaderProgress {
  const reader = new ProxyHeaderReader();
  for (const [index, piece] of pieces.entries()) {
    const progress = reader.push(piece);
    if (progress.kind === "mistake") return progress;
    if (progress.kind === "header") return { ...progress, rest: join(progress.rest, ...pieces.slice(index + 1)) };
  }
  return { kind: "more" };
}

function join(...pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** What a header of version 2 consists of. */
interface Binary {
  readonly command?: number;
  readonly family?: number;
  readonly block?: readonly number[];
  readonly extras?: ReadonlyArray<readonly [type: number, value: readonly number[]]>;
  readonly length?: number;
}

function binary({ command = 0x21, family = 0x11, block = IPV4, extras = [], length }: Binary = {}): Uint8Array {
  const more = extras.flatMap(([type, value]) => [type, value.length >> 8, value.length & 255, ...value]);
  const size = length ?? block.length + more.length;
  const signature = encode("\r\n\r\n\0\r\nQUIT\n");
  return Uint8Array.of(...signature, command, family, size >> 8, size & 255, ...block, ...more);
}

/** Puts the right sum into a header that ends in the place for one. */
function sign(header: Uint8Array): Uint8Array {
  new DataView(header.buffer).setUint32(header.length - 4, crc32c(header));
  return header;
}

const IPV4 = [192, 0, 2, 1, 192, 0, 2, 2, 0xdc, 0x04, 0, 79];
const IPV6 = [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1, 0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 2, 0xdc, 4, 0, 79];
const MAPPED = [
  ...Array(10).fill(0),
  255,
  255,
  192,
  0,
  2,
  1,
  ...Array(10).fill(0),
  255,
  255,
  192,
  0,
  2,
  2,
  1,
  0,
  0,
  79,
];
const UNIX = Array(216).fill(47);
const SUM = [3, [0, 0, 0, 0]] as const;

const HEADERS: ReadonlyArray<readonly [header: string | Uint8Array, source: string, why: string]> = [
  ["PROXY TCP4 192.0.2.1 192.0.2.2 56324 79\r\n", "192.0.2.1 56324", "version 1"],
  ["PROXY TCP6 2001:DB8::1 2001:db8::2 56324 79\r\n", "2001:db8::1 56324", "of IPv6"],
  ["PROXY TCP6 ::ffff:192.0.2.1 ::1 1 79\r\n", "192.0.2.1 1", "a mapped address is that IPv4 address"],
  ["PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n", "0.0.0.0 0", "the least and the most"],
  ["PROXY UNKNOWN\r\n", "proxy", "the proxy speaks for itself"],
  [`PROXY UNKNOWN ${"x".repeat(91)}\r\n`, "proxy", "and says what has no meaning, up to 107 bytes"],
  ["PROXY UNKNOWN PROXY TCP4 192.0.2.1\r\n", "proxy", "whatever that is"],
  [binary(), "192.0.2.1 56324", "version 2"],
  [binary({ family: 0x21, block: IPV6 }), "2001:db8::1 56324", "of IPv6"],
  [binary({ family: 0x21, block: MAPPED }), "192.0.2.1 256", "a mapped address is that IPv4 address"],
  [binary({ family: 0x31, block: UNIX }), "proxy", "who opened a Unix socket there comes from where the proxy is"],
  [binary({ command: 0x20, family: 0, block: [] }), "proxy", "a check of health"],
  [binary({ command: 0x20 }), "proxy", "addresses of a check have no meaning"],
  [binary({ command: 0x20, family: 0xff, block: [1] }), "proxy", "nor has its family"],
  [binary({ family: 0, block: [] }), "proxy", "no family"],
  [binary({ family: 0x01, block: [1, 2, 3] }), "proxy", "no family, and a block of no meaning"],
  [binary({ family: 0x10 }), "proxy", "no transport protocol"],
  [binary({ extras: [[5, []]] }), "192.0.2.1 56324", "an extra without a value, as HAProxy sends"],
  [
    binary({
      extras: [
        [0xe0, [1, 2, 3]],
        [4, [0]],
      ],
    }),
    "192.0.2.1 56324",
    "extras that nobody knows",
  ],
  [sign(binary({ extras: [[5, [65]], SUM] })), "192.0.2.1 56324", "a checksum"],
  [sign(binary({ family: 0x21, block: IPV6, extras: [SUM] })), "2001:db8::1 56324", "one of IPv6"],
  [binary({ extras: [[0xe0, Array(16_384 - 16 - 12 - 3).fill(0)]] }), "192.0.2.1 56324", "the longest"],
];

const toBytes = (header: string | Uint8Array) => (typeof header === "string" ? encode(header) : header);
const toText = (header: string | Uint8Array) => JSON.stringify(decode(toBytes(header))).slice(0, 200);

describe.each(HEADERS.map(([header, source, why]) => [toText(header), source, why, toBytes(header)] as const))(
  "%s",
  (_text, source, _why, header) => {
    it(`comes from ${source}: ${_why}`, () => {
      expect(toSource(read(header))).toBe(source);
    });

    it("leaves what stands behind it", () => {
      const progress = read(join(header, encode("alice\r\n")));
      expect(progress.kind === "header" && decode(progress.rest)).toBe("alice\r\n");
    });

    it("may be split at any byte, and may not end before its end", () => {
      for (let at = 0; at < header.length; at += header.length > 300 ? 97 : 1) {
        expect(read(header.slice(0, at))).toEqual({ kind: "more" });
        expect(read(header.slice(0, at), header.slice(at))).toEqual(read(header));
      }
      expect(read(...Array.from(header, (byte) => Uint8Array.of(byte)))).toEqual(read(header));
    });
  },
);

function toSource(progress: HeaderProgress): string {
  if (progress.kind !== "header") return JSON.stringify(progress);
  return progress.source === "proxy" ? "proxy" : `${progress.source.address} ${progress.source.port}`;
}

const MISTAKES: ReadonlyArray<readonly [header: string | Uint8Array, what: string, why: string]> = [
  ["alice\r\n", 'the connection begins with "a"', "a query"],
  ["\r\n", 'the connection begins with "\\x0d\\x0aX"', "a list, and something behind it"],
  ["PROXYTCP4", 'the connection begins with "PROXYT"', "no blank"],
  ["proxy ", 'the connection begins with "p"', "small letters"],
  ["\x16\x03\x01", 'the connection begins with "\\x16"', "TLS"],
  ["PROXY \r\n", '"" is none of TCP4, TCP6 and UNKNOWN', "no protocol"],
  ["PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n", '"UDP4" is none of', "another protocol"],
  ["PROXY tcp4 192.0.2.1 192.0.2.2 1 2\r\n", '"tcp4" is none of', "small letters"],
  ["PROXY UNKNOWNX\r\n", '"UNKNOWNX" is none of', "a longer word"],
  ["PROXY constructor 192.0.2.1 192.0.2.2 1 2\r\n", '"constructor" is none of', "what every object has"],
  ["PROXY \x1b[2J\x9b\r\n", '"\\x1b[2J\\x9b" is none of', "what could upset a terminal is spelt out"],
  ["PROXY TCP4\r\n", "there are 0 fields behind TCP4, and not 4", "no addresses"],
  ["PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n", "there are 3 fields", "no port"],
  ["PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n", "there are 5 fields", "one more"],
  ["PROXY TCP4 192.0.2.1  192.0.2.2 1 2\r\n", "there are 5 fields", "two blanks"],
  ["PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n", "there are 5 fields", "a blank at the end"],
  ["PROXY TCP4\t192.0.2.1 192.0.2.2 1 2\r\n", '"TCP4\\x09192.0.2.1" is none of', "a tabulator"],
  ["PROXY TCP4 2001:db8::1 192.0.2.2 1 2\r\n", '"2001:db8::1" is no TCP4 address', "the other family"],
  ["PROXY TCP6 192.0.2.1 2001:db8::2 1 2\r\n", '"192.0.2.1" is no TCP6 address', "the other family"],
  ["PROXY TCP4 192.0.2.1 2001:db8::2 1 2\r\n", '"2001:db8::2" is no TCP4 address', "the other family, behind it"],
  ["PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n", '"192.0.2.01" is no TCP4 address', "a zero in front"],
  ["PROXY TCP4 192.0.513 192.0.2.2 1 2\r\n", '"192.0.513" is no TCP4 address', "what only inet_aton(3) takes"],
  ["PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n", '"fe80::1%eth0" is no TCP6 address', "a zone"],
  ["PROXY TCP4 localhost 192.0.2.2 1 2\r\n", '"localhost" is no TCP4 address', "a name"],
  ["PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n", '"65536" is no port', "too much"],
  ["PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n", '"65536" is no port', "too much, behind it"],
  ["PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n", '"01" is no port', "a zero in front"],
  ["PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n", '"-1" is no port', "a sign"],
  ["PROXY TCP4 192.0.2.1 192.0.2.2 1e3 2\r\n", '"1e3" is no port', "what JavaScript takes"],
  ["PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n", "its line has half of a line end", "LF alone"],
  ["PROXY TCP4 192.0.2.1 192.0.2.2 1 2\ralice", "its line has half of a line end", "CR alone"],
  ["PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\r\n", "its line has half of a line end", "two CRs"],
  [`PROXY UNKNOWN ${"x".repeat(92)}\r\n`, "its line has more than 107 bytes", "one byte too many"],
  [`PROXY UNKNOWN ${"x".repeat(93)}`, "its line has more than 107 bytes", "no line end"],
  [binary({ command: 0x11 }), "it is of version 1, and 1 and 2 are known", "the binary form of version 1"],
  [binary({ command: 0x31 }), "it is of version 3, and 1 and 2 are known", "a version to come"],
  [binary({ command: 0x22 }), "it has the unknown command 2", "a command to come"],
  [binary({ family: 0x41 }), "it has the unknown address family 4", "a family to come"],
  [binary({ family: 0x13 }), "it has the unknown transport protocol 3", "a protocol to come"],
  [binary({ family: 0x12 }), "it speaks for datagrams, and finger has none", "UDP over IPv4"],
  [binary({ family: 0x22, block: IPV6 }), "it speaks for datagrams", "UDP over IPv6"],
  [binary({ family: 0x32, block: UNIX }), "it speaks for datagrams", "datagrams of a Unix socket"],
  [binary({ length: 11 }), "it has 27 bytes, and its addresses need 28", "no room for IPv4"],
  [binary({ family: 0x21 }), "it has 28 bytes, and its addresses need 52", "no room for IPv6"],
  [binary({ family: 0x31, block: IPV6 }), "it has 52 bytes, and its addresses need 232", "no room for paths"],
  [binary({ block: [] }), "it has 16 bytes, and its addresses need 28", "no addresses"],
  [binary({ length: 16_369 }), "it has 16385 bytes, and 16384 are the most", "one byte too many"],
  [binary({ command: 0x20, length: 65_535 }), "it has 65551 bytes", "a check may have no more either"],
  [binary({ block: [...IPV4, 5] }), "what stands behind its addresses goes on behind its end", "an extra cut"],
  [binary({ block: [...IPV4, 5, 0] }), "what stands behind its addresses goes on behind its end", "an extra cut"],
  [binary({ block: [...IPV4, 5, 0, 1] }), "what stands behind its addresses goes on behind its end", "no value"],
  [binary({ extras: [SUM] }), "its checksum is wrong", "zeros"],
  [binary({ extras: [[3, [0, 0, 0]]] }), "its checksum is not one of 4 bytes", "three bytes"],
  [sign(binary({ extras: [SUM, SUM] })), "its checksum is not one of 4 bytes", "two sums"],
];

it.each(MISTAKES.map(([header, what, why]) => [toText(header), what, why, toBytes(header)] as const))(
  "refuses %s, because %s: %s",
  (_text, what, _why, header) => {
    expect(read(header, encode("X"))).toMatchObject({ kind: "mistake", what: expect.stringContaining(what) });
  },
);

it("knows whether it was given a byte", () => {
  const reader = new ProxyHeaderReader();
  reader.push(new Uint8Array());
  expect(reader.hasBegun).toBe(false);
  reader.push(encode("P"));
  expect(reader.hasBegun).toBe(true);
});

it("reads one header, and leaves a second one", () => {
  const progress = read(join(binary(), binary()));
  expect(progress.kind === "header" && progress.rest).toEqual(binary());
});

const port = fc.integer({ min: 0, max: 65_535 });
const extras = fc.array(fc.tuple(fc.integer({ min: 0xe0, max: 0xef }), fc.uint8Array({ maxLength: 400 })), {
  maxLength: 5,
});
const toWords = (bytes: Uint8Array) => Array.from(bytes, (_, at) => (at % 2 ? undefined : toWord(bytes, at)));
const toWord = (bytes: Uint8Array, at: number) =>
  (((bytes[at] as number) << 8) | (bytes[at + 1] as number)).toString(16);
const toIpv6 = (bytes: Uint8Array) => toWords(bytes).filter(Boolean).join(":");

it("reads what a proxy writes, in either version, with or without a checksum, and split anywhere", () => {
  const address = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
  );
  fc.assert(
    fc.property(address, port, extras, fc.boolean(), fc.nat(), (from, number, more, isSigned, cut) => {
      const isIpv4 = from.length === 4;
      const text = isIpv4 ? from.join(".") : toIpv6(from);
      const line = encode(`PROXY ${isIpv4 ? "TCP4" : "TCP6"} ${text} ${text} ${number} 79\r\n`);
      const block = [...from, ...from, number >> 8, number & 255, 0, 79];
      const all = [...more.map(([type, value]) => [type, [...value]] as const), ...(isSigned ? [SUM] : [])];
      const unsigned = binary({ family: isIpv4 ? 0x11 : 0x21, block, extras: all });
      const header = isSigned ? sign(unsigned) : unsigned;
      const at = cut % header.length;
      const progress = read(header.slice(0, at), header.slice(at), encode("bob\r\n"));
      expect(progress).toEqual(read(line, encode("bob\r\n")));
      expect(progress).toMatchObject({ kind: "header", source: { port: number }, rest: encode("bob\r\n") });
    }),
  );
});

it("never throws, whatever bytes come, and says the same wherever they are cut", () => {
  const beginning = fc.constantFrom(
    "",
    "PROXY ",
    "PROXY TCP4 192.0.2.1 ",
    decode(binary()),
    decode(binary()).slice(0, 13),
  );
  fc.assert(
    fc.property(beginning, fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (start, pieces) => {
      expect(read(encode(start), ...pieces)).toEqual(read(join(encode(start), ...pieces)));
    }),
    { numRuns: 500 },
  );
});

it.each([
  ["IPv4", sign(binary({ extras: [[5, [1, 2, 3]], SUM] }))],
  ["IPv6", sign(binary({ family: 0x21, block: IPV6, extras: [SUM] }))],
  ["a Unix socket", sign(binary({ family: 0x31, block: UNIX, extras: [SUM] }))],
])("takes no header of %s with a checksum and a wrong byte for one of another peer", (_, header) => {
  for (let at = 0; at < header.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const wrong = Uint8Array.from(header);
      wrong[at] = (wrong[at] as number) ^ (1 << bit);
      const progress = read(wrong);
      // A bit may turn it into a header that waits for more, that speaks for no peer, or that has no checksum.
      if (progress.kind === "header") expect(["proxy", toSource(read(header))]).toContain(toSource(progress));
    }
  }
});

it("takes no line with a wrong byte for a header of another family, and says what is wrong in at most 200 characters", () => {
  const line = encode("PROXY TCP4 192.0.2.1 192.0.2.2 56324 79\r\n");
  for (let at = 0; at < line.length; at++) {
    for (let byte = 0; byte < 256; byte++) {
      const wrong = Uint8Array.from(line);
      wrong[at] = byte;
      const progress = read(wrong, encode("alice\r\n"));
      if (progress.kind === "header") expect(toSource(progress)).toMatch(/^[\d.]+ \d+$/);
      if (progress.kind === "mistake") expect(progress.what.length).toBeLessThan(200);
    }
  }
});
