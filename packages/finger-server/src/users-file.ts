import type { FingerUser } from "finger-protocol";
import { isAskable } from "./login.js";
import { collectMistakes, type Mistakes, quote } from "./mistakes.js";

/**
 * Reads the text of a users file: `login: status` on each line, split at the first colon, blanks around both dropped;
 * blank lines and lines that begin with `#` say nothing. Of two lines with one login the later counts.
 *
 * @param source - How to name the file in an error.
 * @throws `FingerError` `ERR_FINGER_USERS_FILE`, with the number of each line that cannot be read.
 *
 * @example
 * ```ts
 * parseUsersFile("# staff\nalice: Happy and well\n"); // [{ login: "alice", status: "Happy and well" }]
 * ```
 */
export function parseUsersFile(text: string, source = "users file"): FingerUser[] {
  const mistakes = collectMistakes(source);
  const users = readUserLines(text, source, mistakes);
  mistakes.refuse();
  return users;
}

/** Reads the lines that can be read, as {@link parseUsersFile} does, and notes the others as mistakes. */
export function readUserLines(text: string, source: string, mistakes: Mistakes): FingerUser[] {
  const users = new Map<string, FingerUser>();
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || line.trim().startsWith("#")) continue;
    const colon = line.indexOf(":");
    const login = line.slice(0, colon).trim();
    const why = whyNot(colon, login);
    if (why === undefined) users.set(login, { login, status: line.slice(colon + 1).trim() });
    else mistakes.add(`${source}, line ${index + 1}: ${quote(line)} cannot be read: ${why}.`);
  }
  return [...users.values()];
}

function whyNot(colon: number, login: string): string | undefined {
  if (colon === -1) return "it has no colon; write `login: status`";
  return isAskable(login) ? undefined : "nobody can ask for the login before its colon";
}
