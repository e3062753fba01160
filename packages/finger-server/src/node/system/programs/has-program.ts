import { constants, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { FingerError } from "finger-protocol";
import { toSystemReason } from "../../system-reason.js";
import { holdFolder } from "../home/folder.js";

/**
 * Whether there is a program of that name in a folder of the operator's. Both have to be root's or the server's own, and nobody
 * else's to write to: a program may run as the server, who can read its store and its tokens. Not even a folder where each may
 * remove only what is theirs will do, as one can link there what root has elsewhere.
 *
 * A link is followed, to a file of which the same is asked. The program is run by its path, for an interpreter needs one: what
 * lies above the folder, or above where a link leads, is for the operator to see to.
 *
 * @throws `FingerError` `ERR_FINGER_PROVIDER` for one that is not to be run, or that cannot be looked at.
 */
export async function hasProgram(folder: string, name: string): Promise<boolean> {
  const path = join(folder, name);
  const seen = await look(folder, name);
  if (seen === undefined) return false;
  assertSafe(folder, seen.folder, `The programs of ${folder} are not run: the folder`);
  if (!seen.file.isFile())
    throw notRun(`The program ${path} is no file, and not run. Put a program there, or nothing.`);
  assertSafe(path, seen.file, `The program ${path} is not run: it`);
  return true;
}

/** What was found. */
interface Seen {
  readonly folder: Stats;
  readonly file: Stats;
}

async function look(folder: string, name: string): Promise<Seen | undefined> {
  try {
    const held = await holdFolder(folder);
    try {
      return { folder: held.stats, file: await held.at(name, (place) => stat(place)) };
    } finally {
      await held.close();
    }
  } catch (cause) {
    const { code = "" } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const what = `Cannot look at ${join(folder, name)}: ${toSystemReason(cause)}`;
    throw new FingerError("ERR_FINGER_PROVIDER", `${what}.`, { cause });
  }
}

function assertSafe(path: string, { uid, mode }: Stats, what: string): void {
  if (uid !== 0 && uid !== process.geteuid?.()) {
    throw notRun(
      `${what} belongs to user ${uid}, neither root nor the server's own. Mend that with chown root ${path}.`,
    );
  }
  if ((mode & OTHERS_WRITE) !== 0) {
    const rights = (mode & PERMISSIONS).toString(8).padStart(4, "0");
    throw notRun(`${what} has the mode ${rights}, by which others may write to it. Mend that with chmod go-w ${path}.`);
  }
}

function notRun(message: string): FingerError {
  return new FingerError("ERR_FINGER_PROVIDER", message);
}

const OTHERS_WRITE = constants.S_IWGRP | constants.S_IWOTH;
const PERMISSIONS = 0o7777;
