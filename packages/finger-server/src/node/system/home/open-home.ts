import { constants, type Stats } from "node:fs";
import { assertWhole, LONGEST_TIME } from "../../../assert-whole.js";
import type { Account } from "../accounts/account.js";
import { DISK_PATIENCE, type DiskTurns } from "../disk-turns.js";
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
 * Opens the home of an account; `undefined` when it has none. Of a home that is another's, or open to the writing of all,
 * nothing is read, but it can be asked what it has: who says there not to be shown is believed.
 *
 * A link may lead to it, as from `/home/alice` to another disk: whoever turns it elsewhere gains nothing, for what it leads to
 * must be the account's own.
 *
 * @throws `FingerError` `ERR_FINGER_TIMEOUT` when its disk hangs, `ERR_FINGER_PROVIDER` when it fails, or the process is short
 * of something: nobody can say then what is in the home. So do the methods of the home.
 */
export async function openHome(account: Account, options: HomeOptions = {}): Promise<Home | undefined> {
  const { patience = DISK_PATIENCE, turns, files = FILES, descriptors } = options;
  assertWhole("patience", patience, LONGEST_TIME);
  const path = toHomePath(account.directory);
  if (path === undefined) return undefined;
  const take = createTakes(path, patience, turns);
  const folder = await take((signal) => holdInTime(path, files, descriptors, signal));
  return folder && createHome(account, folder, files, take);
}

/** One look at a home: `undefined` when what it looks for is not there. */
type Take = <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T | undefined>;

/** All looks at one home share its time. */
function createTakes(path: string, patience: number, turns: DiskTurns | undefined): Take {
  let left = patience;
  return async (work) => {
    const start = performance.now();
    try {
      return await lookAt(path, work, { patience: left, turns });
    } finally {
      left = Math.max(0, left - (performance.now() - start));
    }
  };
}

/** A folder that comes when nobody waits any more is let go. */
async function holdInTime(
  path: string,
  files: HomeFiles,
  descriptors: string | undefined,
  signal: AbortSignal,
): Promise<Folder | undefined> {
  const folder = await holdFolder(path, files, descriptors);
  if (!signal.aborted) return folder;
  await folder.close();
  return undefined;
}

function createHome(account: Account, folder: Folder, files: HomeFiles, take: Take): Home {
  const isReadable = isOwnFolder(folder.stats, account.uid);
  let looks = 0;
  let isClosed = false;

  /** A descriptor that is closed may soon be that of another folder: it is closed when nothing looks there any more. */
  const look = <T>(name: string, work: (path: string) => Promise<T>) =>
    take(async () => {
      if (isClosed) return undefined;
      looks++;
      try {
        return await folder.at(name, work);
      } finally {
        looks--;
        if (isClosed && looks === 0) await folder.close();
      }
    });

  return {
    async has(name) {
      assertName(name);
      return (await look(name, files.lstat)) !== undefined;
    },
    async read(name) {
      assertName(name);
      return isReadable ? look(name, (path) => readOwnFile(path, account.uid, files)) : undefined;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      if (looks === 0) await folder.close();
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
