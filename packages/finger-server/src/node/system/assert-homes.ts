import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { FingerError } from "finger-protocol";
import type { Account } from "./accounts/account.js";
import { toHomePath } from "./home/home-path.js";

/**
 * Sees that there is somewhere to look for homes: where the folders that they are in are closed, nobody's plan is shown, and,
 * worse, no `.nofinger` is heeded.
 *
 * @throws `FingerError` `ERR_FINGER_PROVIDER` when none of them can be entered.
 */
export async function assertHomes(accounts: readonly Account[]): Promise<void> {
  const homes = accounts.map(({ directory }) => toHomePath(directory)).filter((path) => path !== undefined);
  const folders = [...new Set(homes.map((path) => dirname(path)))].slice(0, MOST);
  const isClosed = await Promise.all(folders.map(isClosedToUs));
  if (folders.length === 0 || isClosed.includes(false)) return;
  const what = `No home can be looked into, for ${folders.join(", ")} cannot be entered: no plan is shown, and no .nofinger heeded`;
  throw new FingerError("ERR_FINGER_PROVIDER", `${what}. In a unit of systemd set ProtectHome=read-only.`);
}

async function isClosedToUs(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.X_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES";
  }
}

/** Homes are in few folders. */
const MOST = 16;
