import { isAskable } from "./login.js";
import { type Mistakes, quote } from "./mistakes.js";

/** What the two sides of a line are called. */
export interface EntryWords {
  readonly key: string;
  readonly value: string;
}

/**
 * Reads lines of `key: value`, split at the first colon, blanks around both dropped; blank lines and lines that begin
 * with `#` say nothing. Of two lines with one key the later counts. What cannot be read is noted as a mistake.
 *
 * @param check - What is wrong with a value; nothing when it gives `undefined`.
 */
export function readEntryLines(
  text: string,
  source: string,
  words: EntryWords,
  mistakes: Mistakes,
  check: (value: string) => string | undefined = () => undefined,
): Map<string, string> {
  const entries = new Map<string, string>();
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || line.trim().startsWith("#")) continue;
    const colon = line.indexOf(":");
    const [key, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    const why =
      colon === -1 ? `it has no colon; write \`${words.key}: ${words.value}\`` : (whyNot(key, words) ?? check(value));
    if (why === undefined) entries.set(key, value);
    else mistakes.add(`${source}, line ${index + 1}: ${quote(line)} cannot be read: ${why}.`);
  }
  return entries;
}

function whyNot(key: string, words: EntryWords): string | undefined {
  return isAskable(key) ? undefined : `nobody can ask for the ${words.key} before its colon`;
}
