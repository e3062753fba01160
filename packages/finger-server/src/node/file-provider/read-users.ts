import { FingerError, type FingerUser } from "finger-protocol";
import { collectMistakes, type Mistakes } from "../../users/mistakes.js";
import { readUserLines } from "../../users/users-file.js";
import { toUsers } from "../../users/users-record.js";
import type { Glance } from "./glance.js";
import { decodeText, parseValue, toTextFormat } from "./parse-text.js";
import { readRegularFile, type UsersFile } from "./read-file.js";
import { irregular, tooLarge, unreadable } from "./unreadable.js";
import { readUserDirectory } from "./user-directory.js";

/**
 * Reads a users file, or a directory of them.
 *
 * @param seen - What stands there.
 * @throws `FingerError` `ERR_FINGER_USERS_FILE`, with every mistake. Its `cause` is what the system says, if it does.
 */
export async function readUsers(file: UsersFile, seen: Glance): Promise<FingerUser[]> {
  if (seen.kind === "none") throw unreadable(file.source, seen.cause);
  if (seen.kind === "other") throw irregular(file.source);
  if (seen.bytes > file.maxBytes) throw tooLarge(file.source, file.maxBytes);
  const mistakes = collectMistakes(file.source);
  try {
    const users = await (seen.kind === "directory" ? readUserDirectory(file, mistakes) : readOneFile(file, mistakes));
    mistakes.refuse();
    return users;
  } catch (cause) {
    throw FingerError.is(cause) ? cause : unreadable(file.source, cause);
  }
}

async function readOneFile(file: UsersFile, mistakes: Mistakes): Promise<FingerUser[]> {
  const { path, source } = file;
  const text = decodeText(await readRegularFile(file), source, mistakes);
  if (text === undefined) return [];
  const format = toTextFormat(path);
  if (format === "plain") return readUserLines(text, source, mistakes);
  const value = await parseValue(text, format, source, mistakes);
  return value === undefined ? [] : toUsers(value, source, mistakes);
}
