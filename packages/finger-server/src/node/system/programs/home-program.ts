import { constants, type Stats } from "node:fs";
import { FingerError } from "finger-protocol";
import type { Account } from "../accounts/account.js";
import { holdFolder } from "../home/folder.js";
import { FILES } from "../home/home-files.js";
import { toHomePath } from "../home/home-path.js";
import { lookAt } from "../look-at.js";
import { ENVIRONMENT } from "./environment.js";
import type { FoundProgram } from "./run-rules.js";

/** Why the program of a user is not run. */
export interface DoubtfulProgram {
  readonly doubt: FingerError;
}

/**
 * Finds `~/.efingerd` of an account; `undefined` when there is none, or it is not meant to be run.
 *
 * It is run by its path, for an interpreter needs one, and may be another by then: whoever can put it there is the user, who
 * gains nothing, as it runs with no more than the user's rights. The doubts are for the user's sake: nobody else is to be able
 * to.
 *
 * @throws `FingerError` `ERR_FINGER_TIMEOUT` when the disk of the home hangs, `ERR_FINGER_PROVIDER` when it fails.
 */
export async function findHomeProgram(
  account: Account,
  minUid: number,
): Promise<FoundProgram | DoubtfulProgram | undefined> {
  const home = toHomePath(account.directory);
  const seen = home === undefined ? undefined : await look(home);
  if (home === undefined || seen === undefined || !isMeantToBeRun(seen.file)) return undefined;
  const title = `${home}/${NAME}`;
  const why = findDoubt(seen, account, minUid);
  if (why === undefined) return { title, ...toCommand(account, home), user: undefined };
  return {
    doubt: new FingerError("ERR_FINGER_PROVIDER", `The program ${title} of ${account.login} is not run: ${why}.`),
  };
}

/** What was found in a home. */
interface Seen {
  readonly folder: Stats;
  readonly file: Stats;
}

function look(home: string): Promise<Seen | undefined> {
  return lookAt(home, async () => {
    const folder = await holdFolder(home);
    try {
      return { folder: folder.stats, file: await folder.at(NAME, FILES.lstat) };
    } finally {
      await folder.close();
    }
  });
}

/** A file that its owner cannot run is one that was put away. */
function isMeantToBeRun(file: Stats): boolean {
  return !file.isFile() || (file.mode & constants.S_IXUSR) !== 0;
}

/** Why it is not run, if anything speaks against it. The rules for the home are those of sshd for its keys. */
function findDoubt({ folder, file }: Seen, { uid }: Account, minUid: number): string | undefined {
  if (process.geteuid?.() !== 0) return "only a server that runs as root can become its user";
  if (uid === 0 || uid < minUid) return `its user has the number ${uid}, and the first that may is ${minUid}`;
  if (folder.uid !== uid && folder.uid !== 0) return "the home is another user's";
  if ((folder.mode & OTHERS_WRITE) !== 0) return "others may write to the home";
  if (!file.isFile()) return "it is a link or no file at all";
  if (file.uid !== uid) return "it is another user's";
  if ((file.mode & OTHERS_WRITE) !== 0) return "others may write to it";
  if (file.nlink !== 1) return "it has several links, any of which may be another's file";
  return undefined;
}

/**
 * Two tools of the system go before it. setpriv(1) makes the process the user, with all groups of the number's first login, no
 * capability, and no way to more by programs with rights of their own; env(1), by then the user, enters the home, which may
 * hang: a directory or a program that Node itself is to enter or run would hang all of the server. A "+" says that a number is
 * none of the logins that are digits alone.
 *
 * setpriv looks up groups by the number alone. Another login that shares it gets those of the first, and not its own, which is
 * no right more than it has: each can trace the processes of the other, and so act with its groups.
 */
function toCommand({ uid, gid, login }: Account, home: string): Pick<FoundProgram, "command" | "env"> {
  const become = ["--reuid", `+${uid}`, "--regid", `+${gid}`, "--init-groups"];
  const without = ["--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs"];
  return {
    command: ["setpriv", ...become, ...without, "--", "env", "-C", home, "--", `./${NAME}`],
    env: { ...ENVIRONMENT, HOME: home, USER: login, LOGNAME: login },
  };
}

const NAME = ".efingerd";
const OTHERS_WRITE = constants.S_IWGRP | constants.S_IWOTH;
