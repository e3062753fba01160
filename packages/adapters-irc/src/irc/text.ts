import { sanitize } from "finger-protocol";
import { trimBlanks } from "./split-text.js";

/**
 * Makes one line of a text, which may come from anyone, that is safe to say: no colours and formats of mIRC, no
 * control characters, no escape sequences, no bidi controls. Ends of lines and tabs become blanks. Takes linear time.
 *
 * @example toSayable("\x02On\x02 the\n\x0304,01train\x03") // "On the train"
 */
export function toSayable(text: string): string {
  return toPlain(text).replace(LINE_END, " ");
}

/**
 * The lines of a text, each as {@link toSayable} makes it, without blanks at its end. Empty ones are left out, for
 * servers refuse them.
 */
export function toLines(text: string): string[] {
  // A sequence may go on over the end of a line, so the whole is cleaned before it is cut.
  const lines = toPlain(text).split(LINE_END);
  return lines.map(trimBlanks).filter((line) => line !== "");
}

/** A text without what {@link toSayable} takes out, with its lines as they were. */
export function toPlain(text: string): string {
  return sanitize(text.replace(COLOR, "")).replace(/\t+/g, "  ");
}

/**
 * What takes digits with it: colours of the palette (0x03) and in hex (0x04). The other codes of mIRC, which are bold,
 * italic, underline, strikethrough, monospace, reverse and reset, are control characters and nothing more.
 */
const COLOR = /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[\da-f]{6}(?:,[\da-f]{6})?)?/gi;

const LINE_END = /[\n\u2028\u2029]/g;
