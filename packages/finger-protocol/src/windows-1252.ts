/**
 * The characters of bytes 0x80 to 0x9F in windows-1252, as the WHATWG Encoding Standard lists them; the others are
 * those of latin-1. The table is ours because Node 20's `TextDecoder` gives C1 controls for all thirty-two.
 */
const HIGH =
  "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f" +
  "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

/** The character that `byte` is in windows-1252. */
export function fromWindows1252(byte: number): string {
  return byte >= 0x80 && byte <= 0x9f ? (HIGH[byte - 0x80] as string) : String.fromCharCode(byte);
}
