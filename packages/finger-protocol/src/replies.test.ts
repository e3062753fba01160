import fc from "fast-check";
import { decodeReply, encodeReply, ReplyDecoder, ReplyEncoder } from "finger-protocol";
import { expect, it } from "vitest";

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");

const ENCODED: ReadonlyArray<readonly [reply: string, bytes: string, why: string]> = [
  ["", "", "nothing is nothing"],
  ["Happy and well", "Happy and well\r\n", "the last line is ended"],
  ["a\nb\n", "a\r\nb\r\n", "LF"],
  ["a\r\nb\r\n", "a\r\nb\r\n", "CRLF stays one"],
  ["a\rb", "a\r\nb\r\n", "CR"],
  ["a\n\rb", "a\r\n\r\nb\r\n", "LF and CR are two"],
  ["\x1b[31m\x07\x7f\u009b\t", "^[[31m^G^?M-^[\t\r\n", "controls but TAB are made visible"],
  ["zoë 🙂", "zoë 🙂\r\n", "UTF-8"],
  ["a\ud800", "a\ufffd\r\n", "a lone surrogate"],
];

it.each(ENCODED)("sends %j as %j: %s", (reply, bytes) => {
  expect(text(encodeReply(reply))).toBe(bytes);
});

const reply = fc
  .array(
    fc.oneof(
      fc.constantFrom("\r", "\n", "\r\n", "é", "🙂", "\ud83d", "\ude42", "\x1b"),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
  )
  .map((parts) => parts.join(""));

it("sends the same bytes wherever a reply is cut", () => {
  fc.assert(
    fc.property(reply, fc.array(fc.nat(30)), (whole, places) => {
      const at = [0, ...places.map((place) => Math.min(place, whole.length)).sort((a, b) => a - b), whole.length];
      const encoder = new ReplyEncoder();
      const pieces = at.slice(1).map((end, index) => encoder.push(whole.slice(at[index], end)));
      const bytes = Buffer.concat([...pieces, encoder.end()]);
      expect(text(bytes)).toBe(text(encodeReply(whole)));
      expect(text(bytes).replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    }),
    { numRuns: 2000 },
  );
});

it("reads back the lines that it sent", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: "grapheme" }).filter((line) => !/[\p{Cc}\ufeff]/u.test(line)),
        { minLength: 1 },
      ),
      (lines) => {
        const whole = `${lines.join("\n")}\n`;
        expect(decodeReply(encodeReply(whole))).toBe(whole);
      },
    ),
  );
});

const DECODED: ReadonlyArray<readonly [bytes: readonly number[], reply: string, why: string]> = [
  [[0x63, 0x61, 0x66, 0xc3, 0xa9, 0x0d, 0x0a], "café\n", "UTF-8"],
  [[0x63, 0x61, 0x66, 0xe9, 0x0d, 0x0a], "café\n", "latin-1"],
  [[0xc3, 0xa9, 0x0a, 0xe9, 0x0a], "é\né\n", "one of each"],
  [[0x93, 0x68, 0x69, 0x94, 0x20, 0x80], "“hi” €", "windows-1252"],
  [[0xef, 0xbb, 0xbf, 0x61], "a", "a byte order mark"],
  [[0x61, 0x0d, 0x62, 0x0a, 0x0d, 0x63], "a\nb\n\nc", "line ends"],
  [[0xc0, 0xaf], "À¯", "an overlong sequence is no UTF-8"],
  [[0xe0, 0x80, 0xaf], "à€¯", "nor a longer one"],
  [[0xed, 0xa0, 0x80], "í\u00a0€", "nor a surrogate"],
  [[0xf4, 0x90, 0x80, 0x80], "ô\u0090€€", "nor what lies above U+10FFFF"],
  [[0xf0, 0x9f, 0x99, 0x82], "🙂", "four bytes"],
  [[0xf0, 0x9f, 0x99], "ðŸ™", "a sequence that the end cuts off"],
  [[0xe2, 0x82, 0x41], "â‚A", "one that a letter cuts off"],
  [[0xe2, 0xe2, 0x82, 0xac], "â€", "one that another cuts off"],
  [[0xe9, 0xef, 0xbb, 0xbf, 0x61], "é\ufeffa", "a byte order mark inside is a character"],
  [[0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], "\ufeff", "only the first is dropped"],
  [[0xef, 0xbb, 0xbf, 0x0d], "\n", "a line end behind it"],
  [[0x0d, 0x0d, 0x0a, 0x0a], "\n\n\n", "CR, CRLF and LF"],
  [[0x1b, 0x5b, 0x00], "\x1b[\0", "nothing is sanitised yet"],
];

it.each(DECODED)("reads %j as %j: %s", (bytes, expected) => {
  expect(decodeReply(Uint8Array.from(bytes))).toBe(expected);
});

it("reads each byte as windows-1252 has it", () => {
  const high = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";
  for (let byte = 0x80; byte < 0x100; byte++) {
    expect(decodeReply(Uint8Array.of(byte))).toBe(byte < 0xa0 ? high[byte - 0x80] : String.fromCharCode(byte));
  }
});

it("keeps the half of a character that it waits with, though the chunk is read into again", () => {
  const decoder = new ReplyDecoder();
  const chunk = Buffer.of(0xc3);
  decoder.push(chunk);
  chunk.fill(0);
  expect(decoder.push(Buffer.of(0xa9))).toBe("é");
});

it("reads the same text wherever the bytes are cut", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    reply.map((whole) => new Uint8Array(Buffer.from(whole))),
  );
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(30)), (whole, places) => {
      const at = [0, ...places.map((place) => Math.min(place, whole.length)).sort((a, b) => a - b), whole.length];
      const decoder = new ReplyDecoder();
      const pieces = at.slice(1).map((end, index) => decoder.push(whole.subarray(at[index], end)));
      expect(pieces.join("") + decoder.end()).toBe(decodeReply(whole));
    }),
    { numRuns: 2000 },
  );
});

it("makes each control character visible but TAB and line ends", () => {
  for (const code of [...Array(32).keys(), ...Array.from({ length: 33 }, (_, index) => 0x7f + index)]) {
    if ([0x09, 0x0a, 0x0d].includes(code)) continue;
    const shown = `${code < 0x80 ? "" : "M-"}^${code % 0x80 === 0x7f ? "?" : String.fromCharCode((code % 0x80) + 64)}`;
    expect(text(encodeReply(String.fromCharCode(code)))).toBe(`${shown}\r\n`);
  }
});

it("brings every character there is across", () => {
  for (let first = 0xa0; first < 0x110000; first += 0x1000) {
    const codes = Array.from({ length: Math.min(0x1000, 0x110000 - first) }, (_, index) => first + index);
    const whole = String.fromCodePoint(...codes.filter((code) => code < 0xd800 || code > 0xdfff), 0x0a);
    expect(decodeReply(encodeReply(whole))).toBe(whole);
  }
});

it("owes nothing at the end, and nothing twice", () => {
  expect(text(new ReplyEncoder().end())).toBe("");
  const encoder = new ReplyEncoder();
  expect(text(encoder.push("\ud83d"))).toBe("");
  expect(text(encoder.push(""))).toBe("");
  expect(text(encoder.end())).toBe("\ufffd\r\n");
  expect(text(encoder.end())).toBe("");
  const decoder = new ReplyDecoder();
  expect(decoder.push(Uint8Array.of(0xe2, 0x82)) + decoder.end() + decoder.end()).toBe("â‚");
});
