import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { FingerError, type FingerUser } from "finger-protocol";
import { isAskable } from "../../users/login.js";
import type { Mistakes } from "../../users/mistakes.js";
import { toUser } from "../../users/users-record.js";
import { inBatches } from "../in-batches.js";
import { listUserFiles } from "./glance.js";
import { decodeText, parseValue, toTextFormat } from "./parse-text.js";
import { readRegularFile, type UsersFile } from "./read-file.js";
import { refused, unreadable } from "./unreadable.js";

/**
 * Reads a directory in which each file is a user: `alice` and `alice.txt` hold a status, `alice.json` and `alice.yaml` a
 * record. Hidden files and the backups of editors are left out. Two files for one user are a mistake.
 *
 * @throws `FingerError` `ERR_FINGER_USERS_FILE` for a directory or a FIFO in it, and for a link that leads out of it.
 */
export async function readUserDirectory(directory: UsersFile, mistakes: Mistakes): Promise<FingerUser[]> {
  const names = await listUserFiles(directory.path);
  const root = await realpath(directory.path);
  const users = await inBatches(names, async (name) => {
    const file = { ...directory, path: join(directory.path, name), source: join(directory.source, name) };
    return readUserFile(name, file.source, await readInside(root, file), mistakes);
  });
  const known = users.filter((user) => user !== undefined);
  noteDoubles(known, directory.source, mistakes);
  return known;
}

/** A link may lead to another place in the directory, as those do that Kubernetes makes. */
async function readInside(root: string, file: UsersFile): Promise<Uint8Array> {
  try {
    return await readRegularFile(file, (realPath) => {
      if (isOutside(root, realPath)) throw refused(file.source, "its link leads out of the directory");
    });
  } catch (cause) {
    throw FingerError.is(cause) ? cause : unreadable(file.source, cause);
  }
}

function isOutside(root: string, target: string): boolean {
  const way = relative(root, target);
  return way === "" || way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
}

async function readUserFile(
  name: string,
  source: string,
  bytes: Uint8Array,
  mistakes: Mistakes,
): Promise<FingerUser | undefined> {
  const login = name.replace(/\.(?:txt|json|ya?ml)$/i, "");
  if (!isAskable(login)) mistakes.add(`${source}: nobody can ask for the login that the name of the file gives.`);
  const text = decodeText(bytes, source, mistakes);
  if (text === undefined) return undefined;
  const format = toTextFormat(name);
  if (format === "plain") return { login, status: text.trimEnd() };
  const value = await parseValue(text, format, source, mistakes);
  return value === undefined ? undefined : toUser(login, value, source, mistakes);
}

function noteDoubles(users: readonly FingerUser[], source: string, mistakes: Mistakes): void {
  const seen = new Set<string>();
  for (const { login } of users) {
    if (seen.has(login)) mistakes.add(`${source}: ${login} has two files there; remove one.`);
    seen.add(login);
  }
}
