import { join } from "node:path";
import { FingerError } from "finger-protocol";
import { type Identity, resolveIdentity } from "../../daemon/identity.js";
import { ENVIRONMENT } from "./environment.js";
import { hasProgram } from "./has-program.js";
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
      if (folder === undefined || !(await hasProgram(folder, name))) return undefined;
      const path = join(folder, name);
      const { uid, gid } = isServer ? { uid: process.geteuid?.(), gid: 0 } : await findIdentity();
      if (uid === 0) throw runByRoot(path);
      return {
        title: path,
        command: [path],
        env: ENVIRONMENT,
        user: isServer || uid === undefined ? undefined : { uid, gid },
      };
    },
  };
}

function runByRoot(path: string): FingerError {
  const remedy = "Give the option user, of somebody with few rights";
  return new FingerError("ERR_FINGER_PROVIDER", `The program ${path} is not run by root. ${remedy}.`);
}
