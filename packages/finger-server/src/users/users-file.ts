import type { FingerUser } from "finger-protocol";
import { readEntryLines } from "./entry-lines.js";
import { collectMistakes, type Mistakes } from "./mistakes.js";

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
  const entries = readEntryLines(text, source, { key: "login", value: "status" }, mistakes);
  return Array.from(entries, ([login, status]) => ({ login, status }));
}
