import fc from "fast-check";
import { expect, it } from "vitest";
import { LineDecoder } from "./line-decoder.js";

const STREAMS: ReadonlyArray<readonly [sent: string, lines: readonly string[], why: string]> = [
  ["PING a\r\nPING b\r\n", ["PING a", "PING b"], "CRLF"],
  ["a\nb\n", ["a", "b"], "LF alone, as some servers send"],
  ["a\rb\r", ["a", "b"], "CR alone, which RFC 1459 lets end a line"],
  ["a\r\n\r\n\n\rb\r\n", ["a", "b"], "empty lines are left out (RFC 2812 2.3)"],
  ["a\0b\r\n\0\r\n", ["ab"], "NULs are dropped"],
  ["a\r\nhalf", ["a"], "what nothing ends is no line yet"],
  ["caf\xc3\xa9\r\n", ["café"], "UTF-8"],
  ["caf\xe9\r\n", ["café"], "Latin-1"],
  ["\x80 \x93x\x94\r\n", ["€ “x”"], "windows-1252 where Latin-1 has controls"],
  ["\xc3\xa9 \xe9 \xc3\r\n", ["é é Ã"], "a line cut inside a character keeps the others"],
  ["\xff\xfe\r\n", ["ÿþ"], "bytes that UTF-8 never has"],
];

it.each(STREAMS)("cuts %j into %j: %s", (sent, lines) => {
  expect(new LineDecoder().push(toBytes(sent))).toEqual(lines);
});

it.each(STREAMS)("cuts %j into %j when it comes byte by byte: %s", (sent, lines) => {
  const decoder = new LineDecoder();
  expect([...toBytes(sent)].flatMap((byte) => decoder.push(Uint8Array.of(byte)))).toEqual(lines);
});

const LONGEST = 8191 + 512;

it("reads the longest line that a server may send", () => {
  const line = "x".repeat(LONGEST);
  expect(new LineDecoder().push(toBytes(`${line}\r\n`))).toEqual([line]);
});

it("passes over one that is longer, and reads the next", () => {
  const decoder = new LineDecoder();
  expect(decoder.push(toBytes("x".repeat(LONGEST + 1)))).toEqual([]);
  for (let count = 0; count < 100; count++) expect(decoder.push(toBytes("y".repeat(LONGEST)))).toEqual([]);
  expect(decoder.push(toBytes("z\r\nPING a\r\n"))).toEqual(["PING a"]);
});

it("keeps nothing of the chunks it was given, which a socket may use again", () => {
  const decoder = new LineDecoder();
  const chunk = toBytes("PING ");
  decoder.push(chunk);
  chunk.fill(0x21);
  expect(decoder.push(toBytes("a\r\n"))).toEqual(["PING a"]);
});

it("survives any bytes, in any pieces", () => {
  const bytes = fc.array(fc.oneof(fc.constantFrom(0, 10, 13, 0xc3, 0xa9, 0xf0), fc.integer({ min: 0, max: 255 })));
  fc.assert(
    fc.property(fc.array(bytes), (chunks) => {
      const decoder = new LineDecoder();
      const lines = chunks.flatMap((chunk) => decoder.push(Uint8Array.from(chunk)));
      expect(lines).toEqual(new LineDecoder().push(Uint8Array.from(chunks.flat())));
      for (const line of lines) expect(line).toMatch(/^[^\r\n\0]+$/);
    }),
  );
});

/** Each character is the byte of its code. */
function toBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
