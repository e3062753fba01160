import { constants } from "node:fs";
import type { HomeFiles } from "./home-files.js";
import { isForAll } from "./read-own-file.js";

/**
 * Whether anybody may go to where a folder is. Root may go everywhere, and would tell what a folder above keeps to itself; for others
 * the system decides.
 *
 * @param path - Leads to the folder, whatever is put in its place.
 */
export async function isReachable(path: string, files: HomeFiles): Promise<boolean> {
  let above = path;
  let { dev, ino } = await files.stat(path);
  for (;;) {
    above = `${above}/..`;
    const stats = await files.stat(above);
    if (!isForAll(stats, constants.S_IXOTH)) return false;
    if (stats.dev === dev && stats.ino === ino) return true;
    ({ dev, ino } = stats);
  }
}
