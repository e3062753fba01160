import { constants } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { FingerError } from "finger-protocol";
import { type Identity, resolveIdentity } from "../../daemon/identity.js";
import { toSystemReason } from "../../system-reason.js";
import { ENVIRONMENT } from "./environment.js";
import type { ProgramsRules } from "./options.js";
import type { FoundProgram } from "./run-rules.js";

/** What may be in the folder. */
export type FolderProgramName = "list" | "luser" | "nouser";

/** The programs of the operator. */
export interface ProgramFolder {
  /**
   * The program of that name, if there is one.
   *
   * @throws `FingerError` `ERR_FINGER_PROVIDER` for one that is not to be run, `ERR_FINGER_CONFIG` for a user who is not there.
   */
  find(name: FolderProgramName): Promise<FoundProgram | undefined>;
}

/** The folder of these rules, which is looked into anew each time: what is installed later counts. */
export function createFolder({ folder, user, group }: Pick<ProgramsRules, "folder" | "user" | "group">): ProgramFolder {
  const isServer = user === undefined && group === undefined;
  let identity: Promise<Identity> | undefined;

  /** One who was not found is looked for again. */
  const findIdentity = () => {
    identity ??= resolveIdentity({ user, group }).catch((error: unknown) => {
      identity = undefined;
      throw error;
    });
    return identity;
  };

  return {
    async find(name) {
      if (folder === undefined) return undefined;
      const path = join(folder, name);
      if (!(await isProgram(path))) return undefined;
      const { uid, gid } = isServer ? { uid: process.geteuid?.(), gid: 0 } : await findIdentity();
      if (uid === 0) throw refused(path, "is not run by root", "Give the option user, of somebody with few rights");
      return {
        title: path,
        command: [path],
        env: ENVIRONMENT,
        user: isServer || uid === undefined ? undefined : { uid, gid },
      };
    },
  };
}

async function isProgram(path: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw refused(path, "is no file, and not run", "Put a program there, or nothing");
    if ((stats.mode & constants.S_IWOTH) !== 0) {
      throw refused(path, "may be written to by everybody, and is not run", "Take that right away with chmod o-w");
    }
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    if (FingerError.is(error)) throw error;
    throw new FingerError("ERR_FINGER_PROVIDER", `Cannot look at ${path}: ${toSystemReason(error)}.`, { cause: error });
  }
}

function refused(path: string, what: string, remedy: string): FingerError {
  return new FingerError("ERR_FINGER_PROVIDER", `The program ${path} ${what}. ${remedy}.`);
}
