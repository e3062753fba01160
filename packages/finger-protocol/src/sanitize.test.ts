import fc from "fast-check";
import { sanitize } from "finger-protocol";
import { expect, it } from "vitest";

const TEXTS: ReadonlyArray<readonly [text: string, clean: string, why: string]> = [
  ["Happy\n\tand well — 🙂 日本 👩‍👩‍👧", "Happy\n\tand well — 🙂 日本 👩‍👩‍👧", "text stays as it is"],
  ["a\r\nb\rc\n", "a\nb\nc\n", "line ends become LF"],
  ["a\b\x07\0\x7fb", "ab", "C0 and DEL go"],
  ["a\u0080\u009fb", "ab", "C1 goes"],
  ["\x1b[1;31mred\x1b[0m", "red", "colour"],
  ["\x1b[2J\x1b[?25l\x1b[>c\x1b[!px", "x", "CSI with parameters and intermediates"],
  ["\u009b31mred", "red", "CSI as a C1"],
  ["\x1b]0;title\x07x", "x", "OSC, ended by BEL"],
  ["\x1b]52;c;cm0=\x1b\\x", "x", "OSC, ended by ST"],
  ["\u009d0;t\u009cx", "x", "OSC and ST as C1"],
  ["\x1b]8;;http://evil\x07click\x1b]8;;\x07", "click", "a link"],
  ["\x1bPq#0\nrest\x1b\\x", "x", "DCS over lines"],
  ["\x1bXa\x1b\\\x1b^b\x1b\\\x1b_c\x1b\\x", "x", "SOS, PM and APC"],
  ["\x1bPa\x07b\x1b\\x", "x", "BEL ends nothing but OSC"],
  ["\x1b]0;a\x18x", "x", "CAN breaks a string off"],
  ["\x1bc\x1b(B\x1b#8\x1b7x", "x", "other escape sequences"],
  ["\x1b\x1b[31mx", "x", "an ESC before another"],
  ["x\x1b", "x", "an ESC at the end"],
  ["x\x1b[31", "x", "a CSI at the end"],
  ["\x1b]0;never ended\nplan", "0;never ended\nplan", "a string without an end hides nothing"],
  ["\x1bPone\x1b]two\x07three", "onethree", "nor one that another sequence cuts"],
  ["a\u202eb\u2066c\u2069\u200f\u061cd", "abcd", "bidi controls"],
  ["a\ud800b\udc00c", "abc", "lone surrogates"],
];

it.each(TEXTS)("makes %j into %j: %s", (text, clean) => {
  expect(sanitize(text)).toBe(clean);
});

const COLORS: ReadonlyArray<readonly [text: string, clean: string, why: string]> = [
  ["\x1b[1;31mred\x1b[0m", "\x1b[1;31mred\x1b[0m", "colour"],
  ["\x1b[mx", "\x1b[mx", "the shortest"],
  ["\u009b38:2::1:2:3mx", "\x1b[38:2::1:2:3mx", "a C1 becomes 7-bit"],
  ["\x1b[?1mx\x1b[>4;2mx\x1b[1 mx", "xxx", "what only ends in m is none"],
  ["\x1b[2J\x1b]0;t\x07x", "x", "all else goes"],
];

it.each(COLORS)("keeps the colour of %j and nothing more, %j: %s", (text, clean) => {
  expect(sanitize(text, { color: true })).toBe(clean);
});

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "\x1b",
        "[",
        "]",
        "P",
        "\x07",
        "\x1b\\",
        "\u009b",
        "\u009d",
        "\u009c",
        "31m",
        ";",
        "\r",
        "\ud83d",
        "\ude42",
        "\u202e",
      ),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
  )
  .map((parts) => parts.join(""));

const FORBIDDEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\p{Bidi_Control}\p{Surrogate}]/u;

it("lets no forbidden character through, and changes nothing the second time", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const clean = sanitize(text);
      expect(clean).not.toMatch(FORBIDDEN);
      expect(sanitize(clean)).toBe(clean);
    }),
    { numRuns: 2000 },
  );
});

it("lets only well-formed colour through when colour is kept", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const clean = sanitize(text, { color: true });
      expect(clean.replace(/\x1b\[[\d;:]*m/g, "")).not.toMatch(FORBIDDEN);
    }),
    { numRuns: 2000 },
  );
});

it.each(["\x1b]", "\x1bP", "\u009d", "\x1b[", "\x1b[1;", "\x1b", "\x1b(", "\x07", "\x1b]x\x07"])(
  "takes a megabyte of %j",
  (piece) => {
    expect(sanitize(piece.repeat((1024 * 1024) / piece.length))).not.toMatch(FORBIDDEN);
  },
);

it("changes nothing of colour that it has kept", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const clean = sanitize(text, { color: true });
      expect(sanitize(clean, { color: true })).toBe(clean);
    }),
    { numRuns: 2000 },
  );
});

it("leaves text alone in which nothing is forbidden", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }).filter((text) => !FORBIDDEN.test(text)),
      (text) => {
        expect(sanitize(text)).toBe(text);
      },
    ),
  );
});
