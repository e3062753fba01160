import { constants, type Stats } from "node:fs";
import { assertWhole, LONGEST_TIME } from "../../../assert-whole.js";
import { nobodyWaits } from "../../../nobody-waits.js";
import type { Account } from "../accounts/account.js";
import { DISK_PATIENCE, type DiskTurns } from "../disk-turns.js";
import { isAbsent } from "../is-absent.js";
import { isFileName } from "../is-file-name.js";
import { lookAt } from "../look-at.js";
import { type Folder, holdFolder } from "./folder.js";
import type { Home } from "./home.js";
import { FILES, type HomeFiles } from "./home-files.js";
import { toHomePath } from "./home-path.js";
import { isForAll, readOwnFile } from "./read-own-file.js";

/** How homes are looked at. */
export interface HomeOptions {
  /** How long their disks are waited for, all that is asked of one home together, in milliseconds. @default 2_000 */
  readonly patience?: number | undefined;
  /** @default those of the process */
  readonly turns?: DiskTurns | undefined;
  /** @default node:fs */
  readonly files?: HomeFiles | undefined;
  /** Where the system shows what this process has open. @default "/proc/self/fd" */
  readonly descriptors?: string | undefined;
}

/**
 * Has a look into the home of an account; `undefined` when it has none. Of a home that is another's, or open to the writing of all,
 * nothing is read, but it can be asked what it has: who says there not to be shown is believed.
 *
 * A link may lead to it, as from `/home/alice` to another disk: whoever turns it elsewhere gains nothing, for what it leads to
 * must be the account's own.
 *
 * @param work - Looks at one thing after the other; the home is closed behind it.
 * @throws `FingerError` `ERR_FINGER_TIMEOUT` when its disk hangs, `ERR_FINGER_PROVIDER` when it fails, or the process is short
 * of something: nobody can say then what is in the home.
 */
export async function lookIntoHome<T>(
  account: Account,
  work: (home: Home) => Promise<T>,
  options: HomeOptions = {},
): Promise<T | undefined> {
  const { patience = DISK_PATIENCE, turns, files = FILES, descriptors } = options;
  assertWhole("patience", patience, LONGEST_TIME);
  const path = toHomePath(account.directory);
  if (path === undefined) return undefined;
  const look = async (signal: AbortSignal) => {
    const folder = await holdFolder(path, files, descriptors);
    let isClosed = false;
    try {
      return await work(createHome(account, folder, files, () => isClosed || signal.aborted));
    } finally {
      isClosed = true;
      await folder.close();
    }
  };
  return lookAt(path, look, { patience, turns });
}

/** @param isOver - Whether nobody waits any more: then nothing else is looked at. */
function createHome(account: Account, folder: Folder, files: HomeFiles, isOver: () => boolean): Home {
  const isReadable = isOwnFolder(folder.stats, account.uid);
  const at = async <T>(name: string, look: (path: string) => Promise<T>): Promise<T | undefined> => {
    if (isOver()) throw nobodyWaits();
    try {
      return await folder.at(name, look);
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  };
  return {
    async has(name) {
      assertName(name);
      return (await at(name, files.lstat)) !== undefined;
    },
    async read(name) {
      assertName(name);
      return isReadable ? at(name, (path) => readOwnFile(path, account.uid, files)) : undefined;
    },
  };
}

/** Where all may write, anybody could make a private file one that is shown; in a sticky folder none but its owner. */
function isOwnFolder(stats: Stats, uid: number): boolean {
  const { mode } = stats;
  const isOpen = (mode & constants.S_IWOTH) !== 0 && (mode & S_ISVTX) === 0;
  return stats.isDirectory() && (stats.uid === uid || stats.uid === 0) && !isOpen && isForAll(stats, constants.S_IXOTH);
}

/** "Sticky". */
const S_ISVTX = 0o1000;

/** Names are ours, never those of a peer. */
function assertName(name: string): void {
  if (isFileName(name)) return;
  throw new TypeError(`A file in a home is named, but not by a path such as ${JSON.stringify(name)}.`);
}
