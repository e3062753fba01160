import fc from "fast-check";
import {
  encodeQuery,
  type FingerQuery,
  formatQuery,
  parseQuery,
  QueryDecoder,
  type QueryDecoderOptions,
} from "finger-protocol";
import { describe, expect, it } from "vitest";
import vectors from "../../../tests/vectors/queries.json" with { type: "json" };

const ascii = (text: string) => Buffer.from(text, "latin1");
const utf8 = (text: string) => Buffer.from(text, "utf8");

/** Pushes the pieces, ends the input, and gives the first query that came. */
function decode(pieces: readonly Uint8Array[], options?: QueryDecoderOptions): FingerQuery | undefined {
  const decoder = new QueryDecoder(options);
  for (const piece of pieces) {
    const query = decoder.push(piece);
    if (query !== undefined) return query;
  }
  return decoder.end();
}

function* cuts(bytes: Uint8Array): Iterable<Uint8Array[]> {
  yield [bytes];
  yield Array.from(bytes, (byte) => Uint8Array.of(byte));
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
}

const user = (name: string, verbose = false): FingerQuery => ({ kind: "user", user: name, verbose });
const forward = (name: string, ...hosts: string[]): FingerQuery => ({
  kind: "forward",
  user: name,
  hosts,
  verbose: false,
});
const list = (verbose = false): FingerQuery => ({ kind: "list", verbose });
const invalid = (reason: "too-long" | "control" | "empty-host" | "bad-host"): FingerQuery => ({
  kind: "invalid",
  reason,
});

describe("the shared vectors", () => {
  it.each(vectors.map((row) => [row.text.slice(0, 60), row] as const))("reads %s however it is cut", (_, row) => {
    const expected = row.expect.kind === "none" ? undefined : row.expect;
    for (const pieces of cuts(Buffer.from(row.bytes, "hex"))) {
      const decoder = new QueryDecoder();
      let query: FingerQuery | undefined;
      for (const piece of pieces) query ??= decoder.push(piece);
      if (row.eof) query ??= decoder.end();
      expect(query).toEqual(expected);
    }
  });
});

const LENIENT: ReadonlyArray<readonly [bytes: Uint8Array, query: FingerQuery | undefined, why: string]> = [
  [ascii("alice\r"), user("alice"), "a CR alone ends a line"],
  [ascii("alice\r\0"), user("alice"), "telnet's CR NUL ends a line"],
  [ascii("alice\rbob\r\n"), user("alice"), "what follows the CR is another line"],
  [ascii("   "), list(), "blanks, ended by the end of input"],
  [ascii("\xff\xfb\x0aalice\r\n"), user("alice"), "an option that looks like LF ends no line"],
  [ascii("al\xff\xfd\x0dice\r\n"), user("alice"), "nor does one that looks like CR"],
  [ascii("\xff\xfa\x18\r\n\xff\xff\x00\xff\xf0alice\r\n"), user("alice"), "a subnegotiation runs to its SE"],
  [ascii("\xff\xf4\xff\xfd\x06alice\r\n"), user("alice"), "telnet's Ctrl-C"],
  [ascii("alice\xff\xfb"), user("alice"), "a command that the end cuts off"],
  [ascii("\xff\xfb\x1f"), undefined, "nothing but commands asks nothing"],
  [ascii("\xff\xfb\x1f\r\n"), list(), "commands and an empty line ask for the list"],
  [ascii("\xff\xff\r\n"), user("ÿ"), "IAC IAC is the byte 255"],
  [ascii("\xffalice\r\n"), user("ÿalice"), "an IAC that opens no command is a latin-1 letter"],
  [ascii("jos\xff\r\n"), user("josÿ"), "so it is before the line end"],
  [ascii("\xa0\r\n"), user("\u00a0"), "a no-break space is no blank, and no list"],
  [utf8("\u2003\r\n"), user("\u2003"), "nor is an em space"],
  [ascii("ali\tce\r\n"), user("ali ce"), "a tab inside is a space"],
  [ascii("alice\x7f\r\n"), invalid("control"), "DEL"],
  [utf8("\u009b31m\r\n"), invalid("control"), "CSI in UTF-8"],
  [ascii("\x9b31m\r\n"), invalid("control"), "CSI as a byte"],
  [ascii("\x0b\r\n"), invalid("control"), "VT is no blank, and no list"],
  [ascii("\x0c\r\n"), invalid("control"), "nor is FF"],
  [ascii("alice\0\r\n"), invalid("control"), "NUL behind a name"],
  [utf8("zoe\u0308\r\n"), user("zoë"), "names are composed"],
  [utf8("\ufeff\r\n"), list(), "a byte order mark alone"],
  [utf8("\ufeff/W alice\r\n"), user("alice", true), "a byte order mark before the switch"],
  [ascii("\xe9\xc3\xa9\r\n"), user("éÃ©"), "a line is latin-1 as a whole"],
  [ascii("/W/W\r\n"), list(true), "a switch glued to a switch"],
  [ascii("/W /w alice /W /w\r\n"), user("alice", true), "switches at both ends"],
  [ascii("alice /W liddell\r\n"), user("alice /W liddell"), "a switch in the middle belongs to the name"],
  [ascii("/W@h1\r\n"), { kind: "forward", user: "", hosts: ["h1"], verbose: true }, "a switch glued to a host"],
  [
    ascii("alice@host /W\r\n"),
    { kind: "forward", user: "alice", hosts: ["host"], verbose: true },
    "RFC 1194, forwarded",
  ],
  [ascii("alice @host\r\n"), forward("alice", "host"), "blanks before the @"],
  [ascii("alice@ host\r\n"), invalid("bad-host"), "no blank in a host"],
  [ascii("alice@host bob\r\n"), invalid("bad-host"), "nor behind one"],
  [ascii("alice@ \r\n"), invalid("empty-host"), "only blanks behind the @"],
  [ascii(`${"@".repeat(500)}\r\n`), invalid("empty-host"), "the bomb of 1995"],
  [ascii("a@h:79@\r\n"), invalid("empty-host"), "an empty host counts before a malformed one"],
  [ascii("a@[::1]@h\r\n"), forward("a", "[::1]", "h"), "IPv6 on the way"],
  [ascii("a@[::ffff:192.0.2.1]\r\n"), forward("a", "[::ffff:192.0.2.1]"), "IPv4 in IPv6"],
  [ascii("a@[::1\r\n"), invalid("bad-host"), "a bracket left open"],
  [ascii("a@[]\r\n"), invalid("bad-host"), "nothing in brackets"],
  [ascii("a@[fe80::1%eth0]\r\n"), invalid("bad-host"), "a zone means nothing to another host"],
  [ascii("a@::1\r\n"), invalid("bad-host"), "IPv6 without brackets"],
  [ascii("a@[1:2:3]\r\n"), invalid("bad-host"), "too few groups"],
  [ascii("a@h_1.example.\r\n"), forward("a", "h_1.example."), "an underscore, and the dot of the root"],
  [ascii("a@a..b\r\n"), invalid("bad-host"), "an empty label"],
  [ascii("a@.\r\n"), invalid("bad-host"), "only a dot"],
  [ascii("a@-h\r\n"), invalid("bad-host"), "a hyphen first would be an option to a program"],
  [ascii("a@h-\r\n"), invalid("bad-host"), "a hyphen last"],
  [ascii(`a@${"h".repeat(63)}\r\n`), forward("a", "h".repeat(63)), "the longest label"],
  [ascii(`a@${"h".repeat(64)}\r\n`), invalid("bad-host"), "a longer one"],
  [ascii("a@h/x\r\n"), invalid("bad-host"), "a slash in a host"],
  [ascii(`a@${"h.".repeat(126)}h\r\n`), forward("a", `${"h.".repeat(126)}h`), "the longest name, 253 characters"],
  [ascii(`a@${"h.".repeat(127)}h\r\n`), invalid("bad-host"), "a longer one"],
  [utf8("a@𠮷野家.jp\r\n"), forward("a", "𠮷野家.jp"), "a letter beyond the first 65536"],
  [utf8("a@☃.example\r\n"), invalid("bad-host"), "a symbol is no letter"],
  [utf8("a＠h\r\n"), user("a＠h"), "a full-width @ is no @"],
  [utf8("／W alice\r\n"), user("／W alice"), "nor a full-width slash a slash"],
  [utf8("/W\u0301alice\r\n"), user("/Ẃalice"), "a W with an accent is no W"],
  [utf8("\u212a\r\n"), user("K"), "the Kelvin sign is a K in normal form C"],
  [utf8(" \ufeff /W\r\n"), list(true), "a byte order mark among blanks"],
  [utf8("/W \ufeff\r\n"), user("\ufeff", true), "behind the switch it is no mark of byte order, and no list"],
  [ascii("\xef\xbb\r\n"), user("ï»"), "two bytes of a byte order mark are latin-1"],
  [ascii("\xc0\x80\r\n"), invalid("control"), "an overlong NUL"],
  [utf8("a\u0085b\r\n"), invalid("control"), "NEL ends no line"],
  [utf8("a\u2028b\r\n"), user("a\u2028b"), "nor does LINE SEPARATOR"],
  [ascii("/W\t@h1\t\r\n"), { kind: "forward", user: "", hosts: ["h1"], verbose: true }, "tabs around a host"],
  [ascii("/W/x\r\n"), user("/x", true), "what is glued to the switch is the name"],
  [ascii("/\r\n"), user("/"), "half a switch"],
  [ascii("[::1]@h\r\n"), forward("[::1]", "h"), "only a host is an address"],
  [ascii("a@[::1].\r\n"), invalid("bad-host"), "a dot behind the bracket"],
  [ascii("a@[192.0.2.1]\r\n"), invalid("bad-host"), "IPv4 in brackets"],
  [ascii("a@[1::2::3]\r\n"), invalid("bad-host"), "two gaps"],
  [ascii("a@@\r\n"), invalid("empty-host"), "two hosts, both empty"],
  [ascii("alice\xff"), user("aliceÿ"), "an IAC that the end leaves alone"],
  [ascii("\xff\xfaalice\r\n"), undefined, "a subnegotiation that never ends has swallowed the line"],
  [ascii("\xff\xfa\xff\xf1\xff\xf0alice\r\n"), user("alice"), "only SE ends one"],
  [ascii("\xff\xfe\xffalice\r\n"), user("alice"), "an option numbered 255 is no IAC"],
  [ascii("\xff\xf1".repeat(513)), invalid("too-long"), "telnet commands count"],
  [utf8("a@bücher.example\r\n"), forward("a", "bücher.example"), "an international host"],
  [ascii(`${"A".repeat(1024)}\r\n`), user("A".repeat(1024)), "the longest line"],
  [ascii("A".repeat(1025)), invalid("too-long"), "one byte more"],
  [ascii(`${" ".repeat(1025)}\r\n`), invalid("too-long"), "blanks count"],
];

it.each(LENIENT)("reads %j as %j: %s", (bytes, query) => {
  for (const pieces of cuts(bytes)) expect(decode(pieces)).toEqual(query);
});

const STRICT: ReadonlyArray<readonly [bytes: Uint8Array, query: FingerQuery | undefined, why: string]> = [
  [ascii("alice\r\n"), user("alice"), "the rule that the RFC forgot"],
  [ascii("\r\n"), list(), "{C}"],
  [ascii("/W\r\n"), list(true), "{W}"],
  [ascii("/W  alice\r\n"), user("alice", true), "{W}{S}{U}"],
  [ascii("/W @h1@h2\r\n"), { kind: "forward", user: "", hosts: ["h1", "h2"], verbose: true }, "{Q2}"],
  [ascii("/w alice\r\n"), user("/w alice"), "no small switch"],
  [ascii("/Walice\r\n"), user("/Walice"), "no glued switch"],
  [ascii("alice /W\r\n"), user("alice /W"), "no switch behind the name"],
  [ascii(" alice \r\n"), user(" alice "), "blanks belong to the name"],
  [ascii("alice\n"), invalid("control"), "LF alone is a control character"],
  [ascii("alice\rbob\r\n"), invalid("control"), "so is CR"],
  [ascii("/W\talice\r\n"), invalid("control"), "so is TAB"],
  [ascii("alice"), undefined, "without CRLF it is no query"],
  [ascii("alice\r"), undefined, "nor with half of one"],
];

it.each(STRICT)("reads %j strictly as %j: %s", (bytes, query) => {
  for (const pieces of cuts(bytes)) expect(decode(pieces, { strict: true })).toEqual(query);
});

it("says nothing more once it has given its query", () => {
  const decoder = new QueryDecoder();
  expect(decoder.push(ascii("alice\r\nbob\r\n"))).toEqual(user("alice"));
  expect(decoder.push(ascii("carol\r\n"))).toBeUndefined();
  expect(decoder.end()).toBeUndefined();
});

it("keeps the bytes of the line as they came", () => {
  for (const pieces of cuts(ascii("\xff\xfb\x1fjos\xe9\r\n"))) {
    const decoder = new QueryDecoder();
    for (const piece of pieces) decoder.push(piece);
    expect(Buffer.from(decoder.raw)).toEqual(ascii("\xff\xfb\x1fjos\xe9"));
  }
});

it("gives a copy of those bytes, though the chunk is read into again", () => {
  const chunk = ascii("alice\r\n");
  const decoder = new QueryDecoder();
  decoder.push(chunk);
  const { raw } = decoder;
  chunk.fill(0);
  expect(Buffer.from(raw).toString()).toBe("alice");
});

it("refuses a limit that is no positive whole number", () => {
  for (const maxBytes of [0, -1, 1.5, Number.NaN]) expect(() => new QueryDecoder({ maxBytes })).toThrow(RangeError);
});

it("refuses a megabyte of any one byte, or has had its line by then", () => {
  for (let byte = 0; byte < 256; byte++) {
    const query = new QueryDecoder().push(new Uint8Array(1024 * 1024).fill(byte));
    expect(query).toEqual(byte === 0x0a || byte === 0x0d ? list() : invalid("too-long"));
  }
});

/** Bytes that make trouble more often than chance would. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "/W",
        "/w",
        " ",
        "\t",
        "@",
        "\r\n",
        "\n",
        "\r",
        "\xff",
        "\xff\xfb",
        "\xff\xfa",
        "\xff\xf0",
        "\ufeff",
        "\0",
        "alice",
        "h.example",
        "[::1]",
        "-",
        ":",
        "\u0301",
        "\xa0",
      ),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .chain((parts) => fc.constantFrom(ascii(parts.join("")), utf8(parts.join(""))));

it("reads the same query from the same bytes however they are cut", () => {
  fc.assert(
    fc.property(hostile, fc.array(fc.nat(40)), fc.boolean(), (bytes, places, strict) => {
      const at = [0, ...places.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b), bytes.length];
      const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      expect(decode(pieces, { strict })).toEqual(decode([bytes], { strict }));
    }),
    { numRuns: 2000 },
  );
});

it("takes nothing for a list but blanks, switches and byte order marks", () => {
  fc.assert(
    fc.property(hostile, (bytes) => {
      const decoder = new QueryDecoder();
      const query = decoder.push(bytes) ?? decoder.end();
      if (query?.kind !== "list") return;
      const text = Buffer.from(decoder.raw)
        .toString("latin1")
        .replace(/\xff\xfa(?:[^\xff]|\xff[^\xf0])*(?:\xff\xf0|\xff?$)|\xff[\xfb-\xfe][\s\S]?|\xff[\xf0-\xf9]/g, "");
      expect(text.replaceAll("\xef\xbb\xbf", "")).toMatch(/^[ \t]*(\/w[ \t]*)*$/i);
    }),
    { numRuns: 2000 },
  );
});

it.each([false, true])("writes what it has read so that it reads the same again (strict: %s)", (strict) => {
  fc.assert(
    fc.property(hostile, (bytes) => {
      const query = decode([bytes], { strict });
      if (query === undefined || query.kind === "invalid") return;
      const line = formatQuery(query, { strict });
      expect(parseQuery(line, { strict })).toEqual(query);
      expect(formatQuery(query, { strict })).toBe(line);
    }),
    { numRuns: 2000 },
  );
});

it("reads what encodeQuery wrote", () => {
  for (const query of [list(), list(true), user("josé"), user("a b", true), forward("a", "h1", "[::1]")]) {
    if (query.kind !== "invalid") expect(decode([encodeQuery(query)])).toEqual(query);
  }
});

it("reads the shared vectors from any segments", () => {
  fc.assert(
    fc.property(fc.constantFrom(...vectors), fc.array(fc.nat(1100), { maxLength: 6 }), (row, places) => {
      const bytes = Buffer.from(row.bytes, "hex");
      const at = [0, ...places.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b), bytes.length];
      const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
      expect(decode(pieces)).toEqual(row.expect.kind === "none" ? undefined : row.expect);
    }),
    { numRuns: 500 },
  );
});

it("refuses a line at the first byte that is too many, and keeps no more", () => {
  const decoder = new QueryDecoder({ maxBytes: 5 });
  expect(decoder.push(ascii("alice"))).toBeUndefined();
  expect(decoder.push(ascii(""))).toBeUndefined();
  expect(decoder.push(ascii("x"))).toEqual(invalid("too-long"));
  expect(decoder.push(ascii("\r\nbob\r\n"))).toBeUndefined();
  expect(decoder.end()).toBeUndefined();
  expect(decoder.raw).toHaveLength(5);
  expect(new QueryDecoder({ maxBytes: 5 }).push(ascii("alice\r\n"))).toEqual(user("alice"));
});

it("takes telnet commands for characters in strict reading", () => {
  expect(decode([ascii("\xff\xfbalice\r\n")], { strict: true })).toEqual(user("ÿûalice"));
});

it("reads from bytes what parseQuery reads from their text", () => {
  const line = fc
    .array(
      fc.oneof(
        fc.constantFrom("/W", "/w", " ", "\t", "@", "\r", "\n", "\ufeff", "\u0301", "/", "h.x", "[::1]", "-", "\0"),
        fc.string({ unit: "binary", maxLength: 3 }),
      ),
      { maxLength: 10 },
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(line, (text) => {
      expect(decode([utf8(`${text}\r\n`)])).toEqual(parseQuery(text));
    }),
    { numRuns: 1000 },
  );
});
