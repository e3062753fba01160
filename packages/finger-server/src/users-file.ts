import { FingerError, type FingerUser, formatQuery } from "finger-protocol";

/**
 * Reads the text of a users file: `login: status` on each line, split at the first colon, blanks around both dropped;
 * blank lines and lines that begin with `#` say nothing. Of two lines with one login the later counts.
 *
 * @param source - How to name the file in an error.
 * @throws `FingerError` `ERR_FINGER_USERS_FILE`, with the number of the line that cannot be read.
 *
 * @example
 * ```ts
 * parseUsersFile("# staff\nalice: Happy and well\n"); // [{ login: "alice", status: "Happy and well" }]
 * ```
 */
export function parseUsersFile(text: string, source = "users file"): FingerUser[] {
  const users = new Map<string, FingerUser>();
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || line.trim().startsWith("#")) continue;
    const colon = line.indexOf(":");
    const login = line.slice(0, colon).trim();
    if (colon === -1) throw wrong(source, index, line, "it has no colon; write `login: status`");
    if (!isAskable(login)) throw wrong(source, index, line, "nobody can ask for the login before its colon");
    users.set(login, { login, status: line.slice(colon + 1).trim() });
  }
  return [...users.values()];
}

/** A name that no query line can carry would never be found. */
function isAskable(login: string): boolean {
  try {
    formatQuery({ kind: "user", user: login, verbose: false });
    return true;
  } catch {
    return false;
  }
}

function wrong(source: string, index: number, line: string, why: string): FingerError {
  const shown = JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}…` : line);
  return new FingerError("ERR_FINGER_USERS_FILE", `${source}, line ${index + 1}: ${shown} cannot be read: ${why}.`);
}
