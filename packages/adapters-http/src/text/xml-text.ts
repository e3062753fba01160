/**
 * Writes a text so that it can stand in an element or an attribute of XML 1.0, and is read back as it was. What XML has no way
 * to say, such as most control characters and halves of surrogate pairs, is left out.
 *
 * @example escapeXml("<b> & \x1b"); // "&lt;b&gt; &amp; "
 */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r]/g, (char) => ESCAPES.get(char) ?? char).replace(NO_CHARACTER, "");
}

/** A character that no document may have, not even as a reference (XML 1.0, 2.2). Half a surrogate pair is one. */
export const NO_CHARACTER: RegExp = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
  // A bare one would be read as a line end (XML 1.0, 2.11).
  ["\r", "&#13;"],
]);
