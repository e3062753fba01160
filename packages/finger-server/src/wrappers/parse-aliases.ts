import { readEntryLines } from "../users/entry-lines.js";
import { collectMistakes } from "../users/mistakes.js";

/**
 * Reads the text of a finger.conf(5), as FreeBSD has it: `alias:target` on each line, split at the first colon, blanks
 * around both dropped; blank lines and lines that begin with `#` say nothing. Of two lines with one alias the later
 * counts. The order of lines does not matter.
 *
 * A target that begins with `/` names a file whose text is the answer. {@link alias} reads no files: put a function in its
 * place, as here.
 *
 * @param source - How to name the file in an error.
 * @throws `FingerError` `ERR_FINGER_USERS_FILE`, with the number of each line that cannot be read.
 *
 * @example
 * ```ts
 * parseAliases("# staff\njohn.smith:john\nmotd:/etc/motd\n"); // { "john.smith": "john", motd: "/etc/motd" }
 * ```
 *
 * @example
 * ```ts no-run
 * import { readFile } from "node:fs/promises";
 *
 * const entries = Object.entries(parseAliases(await readFile("/etc/finger.conf", "utf8")));
 * const table = Object.fromEntries(
 *   entries.map(([name, target]) => [name, target.startsWith("/") ? () => readFile(target, "utf8") : target]),
 * );
 * const provider = alias(memoryProvider({ john: "Here" }), table);
 * ```
 */
export function parseAliases(text: string, source = "finger.conf"): Readonly<Record<string, string>> {
  const mistakes = collectMistakes(source);
  const entries = readEntryLines(text, source, { key: "alias", value: "target" }, mistakes, (target) =>
    target === "" ? "there is no target behind its colon" : undefined,
  );
  mistakes.refuse();
  return Object.fromEntries(entries);
}
