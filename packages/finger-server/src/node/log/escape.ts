/**
 * The same JSON, of which nothing breaks a line, turns the direction of text, or steers a terminal. JSON itself leaves much
 * of that as it is.
 *
 * @example escapeJson('"\u202e"') // '"\\u202e"'
 */
export function escapeJson(json: string): string {
  return PLAIN.test(json) ? json : json.replace(UPSETTING, toJsonEscape);
}

/** A text on one line, with all that could upset a terminal spelt out; backslashes stay as they are. */
export function escapeLine(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UPSETTING, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** JSON knows no characters beyond 16 bits: those are written as two. */
function toJsonEscape(char: string): string {
  let spelt = "";
  for (let index = 0; index < char.length; index++) {
    spelt += `\\u${char.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return spelt;
}

/** What most lines are. */
const PLAIN = /^[\x20-\x7e]*$/;
/** Control and format characters, halves of characters, the separators of lines, and what has no meaning or a private one. */
const UPSETTING = /[\p{C}\p{Zl}\p{Zp}]/gu;
