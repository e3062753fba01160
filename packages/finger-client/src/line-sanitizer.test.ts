import fc from "fast-check";
import { sanitize } from "finger-protocol";
import { expect, it } from "vitest";
import { LineSanitizer } from "./line-sanitizer.js";

function push(...pieces: string[]): string[] {
  const sanitizer = new LineSanitizer();
  return [...pieces.map((piece) => sanitizer.push(piece)), sanitizer.end()];
}

const PIECES: ReadonlyArray<readonly [pieces: string[], texts: string[], why: string]> = [
  [["one\ntw", "o\n"], ["one\n", "two\n", ""], "a line comes when it is whole"],
  [["one"], ["", "one"], "the last line need not end"],
  [["a\x1b[3", "1mb\n"], ["", "ab\n", ""], "a sequence that was cut is removed as a whole"],
  [["a\x1b]0;x\nb\x07\n"], ["a0;x\nb\n", ""], "a sequence over a line end loses its introducer"],
  [[""], ["", ""], "nothing is nothing"],
];

it.each(PIECES)("makes %j into %j: %s", (pieces, texts) => {
  expect(push(...pieces)).toEqual(texts);
});

const COLORED: ReadonlyArray<readonly [pieces: string[], text: string, why: string]> = [
  [["a\x1b[3", "1mb\n"], "a\x1b[31mb\n", "a colour that was cut stays a colour"],
  [["\x9b1;32mb\n"], "\x1b[1;32mb\n", "that of C1 becomes that of ASCII, which every terminal reads as it is meant"],
  [["a\x1b[2J\x1b]0;t\x07\x1b[?25l\rb\n"], "a\nb\n", "nothing else stays"],
  [["\x1b[31", "\nm\n"], "\nm\n", "no colour goes on behind a line end"],
  [["a\x1b[8;31mb\x1b[08mc\x1b[0m\n"], "abc\x1b[0m\n", "what is hidden could be copied unseen"],
  [["\x1b[38;5;8ma\x1b[48:2::8:8:8mb\n"], "\x1b[38;5;8ma\x1b[48:2::8:8:8mb\n", "an 8 in a colour hides nothing"],
];

it.each(COLORED)("makes %j into %j where colours may stay: %s", (pieces, text) => {
  const sanitizer = new LineSanitizer({ color: true });
  expect(pieces.map((piece) => sanitizer.push(piece)).join("") + sanitizer.end()).toBe(text);
});

it("holds no more than 64 Ki characters back, and cuts none in two", () => {
  const [first = "", second] = push(`${"x".repeat(64 * 1024)}\ud83d`, "\ude00\n");
  expect(first).toBe("x".repeat(64 * 1024));
  expect(second).toBe("😀\n");
});

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom("\n", "\x1b", "\x1b[31m", "\x1b]0;t\x07", "\x9b", "\ud83d", "\ude00", "a@b"),
    fc.string({ unit: "binary" }),
  ),
);

it("gives the same text wherever the pieces are cut", () => {
  fc.assert(
    fc.property(pieces, (some) => {
      expect(push(...some).join("")).toBe(push(some.join("")).join(""));
    }),
  );
});

it("lets no control character out in any piece", () => {
  fc.assert(
    fc.property(pieces, (some) => {
      for (const text of push(...some)) expect(text).toBe(sanitize(text));
    }),
  );
});
