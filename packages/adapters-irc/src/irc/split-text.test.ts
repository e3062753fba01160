import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpuTime } from "../../../../tests/support/cpu-time.js";
import { countBytes, splitText } from "./split-text.js";

const FAMILY = "👩‍👩‍👧"; // 18 bytes
const LONG = `e${"\u0301".repeat(20)}`; // 41 bytes

const TEXTS: ReadonlyArray<readonly [text: string, room: number, pieces: readonly string[], why: string]> = [
  ["", 10, [], "nothing"],
  ["     ", 4, [], "blanks alone"],
  ["abc", 10, ["abc"], "what fits"],
  ["abcdefghij", 10, ["abcdefghij"], "what just fits"],
  ["abcdefghijk", 10, ["abcdefghij", "k"], "one byte more"],
  ["abcdefgh ijk", 10, ["abcdefgh", "ijk"], "at a blank"],
  ["abcdefghij klm", 10, ["abcdefghij", "klm"], "at a blank behind the last byte"],
  ["a b c d e f g", 6, ["a b c", "d e f", "g"], "at the last blank"],
  ["ab cdefghijkl", 10, ["ab cdefghi", "jkl"], "at none that would leave a third of the room empty"],
  ["abcdefgh    ijk", 10, ["abcdefgh", "ijk"], "blanks at the seam are left out"],
  ["  a  b  ", 10, ["  a  b"], "and at the end, but not before the text"],
  ["éééééé", 5, ["éé", "éé", "éé"], "never inside a character of two bytes"],
  ["日本日本", 8, ["日本", "日本"], "of three"],
  ["🙂🙂🙂", 8, ["🙂🙂", "🙂"], "of four"],
  ["abcé", 4, ["abc", "é"], "nor for one byte"],
  [`abc${FAMILY}`, 20, ["abc", FAMILY], "never inside a family"],
  ["aaae\u0301x", 4, ["aaa", "e\u0301x"], "never between a letter and its accent"],
  ["aaaae\u0301", 5, ["aaaa", "e\u0301"], "also where the accent alone does not fit"],
  ["aaaa👍🏽", 8, ["aaaa", "👍🏽"], "nor its colour"],
  ["a🇩🇪🇫🇷", 10, ["a🇩🇪", "🇫🇷"], "nor between the halves of a flag"],
  ["abc \u0301d", 4, ["abc", " \u0301d"], "a blank with an accent is none"],
  [FAMILY, 11, ["👩‍👩", "‍👧"], "inside a family that is longer than all the room"],
  [LONG, 21, [`e${"\u0301".repeat(10)}`, "\u0301".repeat(10)], "and inside a letter with a tower of accents"],
];

it.each(TEXTS)("splits %j for %i bytes into %j: %s", (text, room, pieces) => {
  expect(splitText(text, room)).toEqual(pieces);
});

it.each([3, 0, -1, 4.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses room for %d bytes", (room) => {
  expect(() => splitText("abc", room)).toThrow(RangeError);
});

describe("whatever the text", () => {
  const unit = fc.oneof(
    fc.constantFrom(" ", "  ", FAMILY, "e\u0301", "🇩🇪", "👍🏽", "日", "\u200d", "\u0301", "\ufe0f"),
    fc.string({ unit: "grapheme" }),
  );
  const text = fc.array(unit, { maxLength: 60 }).map((parts) => parts.join(""));
  const room = fc.integer({ min: 4, max: 60 });

  it("no piece is empty or longer than the room, and none ends inside a character of UTF-8", () => {
    fc.assert(
      fc.property(text, room, (each, bytes) => {
        for (const piece of splitText(each, bytes)) {
          expect(piece).not.toMatch(/^$| $/);
          expect(new TextEncoder().encode(piece).length).toBeLessThanOrEqual(bytes);
          expect(piece).not.toMatch(/\p{Surrogate}/u);
        }
      }),
    );
  });

  it("nothing but blanks is lost", () => {
    fc.assert(
      fc.property(text, room, (each, bytes) => {
        expect(splitText(each, bytes).join("").replaceAll(" ", "")).toBe(each.replaceAll(" ", ""));
      }),
    );
  });

  it("pieces end where characters do, when there is room for each", () => {
    const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
    fc.assert(
      fc.property(text, (each) => {
        const bounds = new Set([...graphemes.segment(each)].map(({ index }) => index).concat(each.length));
        const longest = Math.max(4, ...[...graphemes.segment(each)].map(({ segment }) => countBytes(segment)));
        let index = 0;
        for (const piece of splitText(each, longest)) {
          index = each.indexOf(piece, index);
          expect(bounds).toContain(index);
          index += piece.length;
          expect(bounds).toContain(index);
        }
      }),
    );
  });

  it("its bytes are counted as an encoder counts them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (each) => {
        expect(countBytes(each)).toBe(new TextEncoder().encode(each).length);
      }),
    );
  });
});

it.each([
  ["letters", "x"],
  ["blanks", " "],
  ["accents", "\u0301"],
  ["words", "ab "],
  ["flags", "🇩🇪"],
])("splits a megabyte of %s in linear time", async (_, unit) => {
  let pieces: readonly string[] = [];
  const time = await cpuTime(() => {
    pieces = splitText(`x${unit.repeat(1_000_000 / unit.length)}x`, 400);
  });
  expect(pieces.every((piece) => countBytes(piece) <= 400)).toBe(true);
  expect(time).toBeLessThan(10_000); // quadratic time would be minutes
});
