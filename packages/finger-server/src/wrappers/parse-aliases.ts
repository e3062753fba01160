import { FingerError, formatQuery } from "finger-protocol";

/**
 * Reads the text of a finger.conf(5), as FreeBSD has it: `alias:target` on each line, split at the first colon, blanks
 * around both dropped; blank lines and lines that begin with `#` say nothing. Of two lines with one alias the later
 * counts. The order of lines does not matter.
 *
 * A target that begins with `/` names a file whose text is the answer. {@link alias} reads no files: put a function in its
 * place, as here.
 *
 * @param source - How to name the file in an error.
 * @throws `FingerError` `ERR_FINGER_USERS_FILE`, with the number of the line that cannot be read.
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
  const aliases = new Map<string, string>();
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || line.trim().startsWith("#")) continue;
    const colon = line.indexOf(":");
    const [name, target] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    if (colon === -1) throw wrong(source, index, line, "it has no colon; write `alias:target`");
    if (!isAskable(name)) throw wrong(source, index, line, "nobody can ask for the alias before its colon");
    if (target === "") throw wrong(source, index, line, "there is no target behind its colon");
    aliases.set(name, target);
  }
  return Object.fromEntries(aliases);
}

/** A name that no query line can carry would never be found. */
function isAskable(name: string): boolean {
  try {
    formatQuery({ kind: "user", user: name, verbose: false });
    return true;
  } catch {
    return false;
  }
}

function wrong(source: string, index: number, line: string, why: string): FingerError {
  const shown = JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line);
  return new FingerError("ERR_FINGER_USERS_FILE", `${source}, line ${index + 1}: ${shown} cannot be read: ${why}.`);
}
