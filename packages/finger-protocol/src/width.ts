import { ENCODER } from "./bytes.js";

/** How many bytes `text` has in UTF-8: what printf(3) counts. */
export function countBytes(text: string): number {
  return /[^\0-\x7f]/.test(text) ? ENCODER.encode(text).length : text.length;
}

/** The most whole characters of `text` that fit into `bytes`: printf(3) `%.*s`, which would cut one in two. */
export function cutBytes(text: string, bytes: number): string {
  return countBytes(text) > bytes ? text.slice(0, ENCODER.encodeInto(text, new Uint8Array(bytes)).read) : text;
}

/** How many columns of a terminal `text` takes: two for a wide character, none for a combining one. */
export function countColumns(text: string): number {
  let columns = 0;
  for (const char of text) columns += COMBINING.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return columns;
}

/** `text` with blanks behind it, to make it `width` long: printf(3) `%-*s` when bytes are counted. */
export function pad(text: string, width: number, count: (text: string) => number = countBytes): string {
  return text + " ".repeat(Math.max(0, width - count(text)));
}

/** Marks and format characters take no column. */
const COMBINING = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** The blocks that are wide as a whole (Unicode Standard Annex 11): East Asian scripts and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
