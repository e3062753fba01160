import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { FingerError } from "finger-protocol";
import type { Account } from "./accounts/account.js";
import { DISK_PATIENCE, DISK_TURNS, type DiskTurns } from "./disk-turns.js";
import { toHomePath } from "./home/home-path.js";

/**
 * Sees that there is somewhere to look for homes: in a folder that is closed, or has another one in front of it, nobody's plan
 * is found, and, worse, no `.nofinger`, and of neither would anybody hear. Never rejects. Nobody should wait for it, as a disk
 * may hang, which ends it; of that is told when somebody is asked for.
 *
 * @param tell - Hears of each folder in which no home can be looked into: `FingerError` `ERR_FINGER_PROVIDER`.
 */
export async function checkHomes(
  accounts: readonly Account[],
  tell: (error: FingerError) => void,
  turns: DiskTurns = DISK_TURNS,
): Promise<void> {
  try {
    for (const [folder, homes] of groupByFolder(accounts)) {
      const why = await findFault(folder, homes, turns);
      if (why !== undefined) tell(blind(folder, why));
    }
  } catch {
    // The next might hang, too, and those that hang are in the way of all others.
  }
}

/** Homes are in few folders. */
function groupByFolder(accounts: readonly Account[]): ReadonlyArray<readonly [folder: string, homes: Set<string>]> {
  const folders = new Map<string, Set<string>>();
  for (const { directory } of accounts) {
    const home = toHomePath(directory);
    if (home === undefined) continue;
    const folder = dirname(home);
    const homes = folders.get(folder) ?? new Set();
    if (homes.size < MOST_HOMES) homes.add(home);
    folders.set(folder, homes);
  }
  return [...folders].slice(0, MOST_FOLDERS);
}

/** Homes are looked for by their names: what an automounter has is not in the list of a folder. */
async function findFault(folder: string, homes: Iterable<string>, turns: DiskTurns): Promise<string | undefined> {
  for (const home of homes) {
    const code = await look(home, turns);
    if (code === "EACCES") return "for the folder cannot be entered";
    if (code !== "ENOENT") return undefined;
  }
  return (await look(folder, turns)) === undefined ? "for none that was looked for is there" : undefined;
}

/** The code of what the system says when there is nothing, or nothing for us. */
async function look(path: string, turns: DiskTurns): Promise<string | undefined> {
  try {
    await turns.take(path, DISK_PATIENCE, () => lstat(path));
    return undefined;
  } catch (error) {
    if (FingerError.is(error)) throw error;
    return (error as NodeJS.ErrnoException).code ?? "";
  }
}

function blind(folder: string, why: string): FingerError {
  const what = `No home in ${folder} can be looked into, ${why}: no plan there is shown, and no .nofinger heeded`;
  const remedy = "In a unit of systemd set ProtectHome=read-only";
  return new FingerError("ERR_FINGER_PROVIDER", `${what}. ${remedy}.`);
}

const MOST_FOLDERS = 16;
/** Some may be left of accounts whose homes are gone. */
const MOST_HOMES = 64;
