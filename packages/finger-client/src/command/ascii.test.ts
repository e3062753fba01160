import fc from "fast-check";
import { expect, it } from "vitest";
import { toAscii } from "./ascii.js";

const TEXTS: ReadonlyArray<readonly [text: string, ascii: string, why: string]> = [
  ["Happy & well\n\t~", "Happy & well\n\t~", "ASCII stays"],
  ["Café, naïve, Ångström", "Cafe, naive, Angstrom", "letters lose their accents"],
  ["Cafe\u0301", "Cafe", "wherever the accents stand"],
  ["Straße, Æsop, Łódź, smørrebrød", "Strasse, AEsop, Lodz, smorrebrod", "letters that are no others with an accent"],
  ["„So“ ‘it’ “is” «here»", '"So" \'it\' "is" <<here>>', "quotes"],
  ["a–b—c−d‐e", "a-b--c-d-e", "dashes"],
  ["→ ← • · …", "-> <- * . ...", "signs that typewriters had no key for"],
  ["5 € © ✓ ™", "5 EUR (c) v TM", "words for signs"],
  ["½ ² ﬁ №", "1/2 2 fi No", "what is another way to write it"],
  ["a\u00a0b\u2003c", "a b c", "blanks of any width"],
  ["日本 한글 שלום", "?? ?? ????", "other scripts: one sign, one question mark"],
  ["😀", "?", "a sign beyond the first 65536 is one, too"],
  ["❤\ufe0f", "?", "and so is one with a variation selector"],
  ["\x1b[31mred\x1b[0m", "\x1b[31mred\x1b[0m", "colours that were kept are ASCII"],
  ["", "", "nothing"],
];

it.each(TEXTS)("writes %j as %j: %s", (text, ascii) => {
  expect(toAscii(text)).toBe(ascii);
});

it("writes ASCII, whatever comes, and keeps the lines", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const ascii = toAscii(text);
      expect(ascii).toMatch(/^[\n\t\x1b -~]*$/);
      expect(ascii.split("\n")).toHaveLength(text.split("\n").length);
    }),
  );
});
