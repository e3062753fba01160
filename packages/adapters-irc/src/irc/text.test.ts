import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toLines, toSayable } from "./text.js";

const TEXTS: ReadonlyArray<readonly [text: string, said: string, why: string]> = [
  ["On the train, 12:30 — 日本 👩‍👩‍👧", "On the train, 12:30 — 日本 👩‍👩‍👧", "text stays as it is"],
  ["\x02b\x02 \x1di\x1d \x1fu\x1f \x1es\x1e \x11m\x11 \x16r\x16\x0f", "b i u s m r", "each format of mIRC"],
  ["\x034red\x03", "red", "a colour of one digit"],
  ["\x0304red", "red", "of two"],
  ["\x03041 more", "1 more", "and no more than two"],
  ["\x034,5x\x0304,15y", "xy", "with a background"],
  ["\x034,x", ",x", "a comma that begins no background"],
  ["\x03,5x", ",5x", "a background alone is none"],
  ["\x04FF0000red\x04", "red", "a colour in hex"],
  ["\x04ff0000,00FF00x", "x", "with a background"],
  ["\x04ff00x", "ff00x", "digits too few for one"],
  ["a\r\nQUIT :b", "a QUIT :b", "a line end ends no line"],
  ["a\nb\rc\u2028d\u2029e", "a b c d e", "nor any other"],
  ["a\0b\x01VERSION\x01\x07", "abVERSION", "control characters go"],
  ["Login: ada\t\t\tName: Ada", "Login: ada  Name: Ada", "tabs become blanks"],
  ["a\u202eb\u2066c", "abc", "bidi controls go"],
  ["\x1b[31mred\x1b]0;title\x07\u009b0m", "red", "escape sequences of terminals go whole"],
  ["\x1b\x0304[31mx", "x", "also when a colour was hidden in one"],
  ["\x03\x030404x", "04x", "what is left of one colour makes no other"],
  ["a\ud800b", "ab", "half a character goes"],
];

it.each(TEXTS)("says %j as %j: %s", (text, said) => {
  expect(toSayable(text)).toBe(said);
});

const LINES: ReadonlyArray<readonly [text: string, lines: readonly string[], why: string]> = [
  ["", [], "nothing"],
  ["\n \r\n\t\n\x02\n", [], "nothing to be seen"],
  ["a\n\nb\r\nc\rd\n", ["a", "b", "c", "d"], "each line end"],
  ["  a  \n\tb", ["  a", "  b"], "indentation stays, blanks at the end go"],
  ["a\x1b]0;one\ntwo\x07b\nc", ["ab", "c"], "a sequence over two lines goes whole"],
];

it.each(LINES)("cuts %j into the lines %j: %s", (text, lines) => {
  expect(toLines(text)).toEqual(lines);
});

describe("whatever the text", () => {
  const codes = fc.constantFrom(
    "\x02",
    "\x03",
    "\x04",
    "4",
    ",",
    "\x1b",
    "[",
    "]",
    "\x07",
    "\r",
    "\n",
    "\t",
    "\x01",
    "\0",
  );
  const text = fc.array(fc.oneof(codes, fc.string({ unit: "binary" }))).map((parts) => parts.join(""));
  const UNSAYABLE = /[\p{Cc}\p{Bidi_Control}\p{Surrogate}\u2028\u2029]/u;

  it("says nothing that is more than text", () => {
    fc.assert(fc.property(text, (each) => void expect(toSayable(each)).not.toMatch(UNSAYABLE)));
  });

  it("says it as the same when it is made sayable again", () => {
    fc.assert(fc.property(text, (each) => void expect(toSayable(toSayable(each))).toBe(toSayable(each))));
  });

  it("has lines that are all sayable, and not empty", () => {
    fc.assert(fc.property(text, (each) => toLines(each).every((line) => /\S/.test(line) && !UNSAYABLE.test(line))));
  });
});
