import { constants } from "node:fs";
import { open } from "node:fs/promises";

/**
 * Gives a folder that root has made to somebody else. It is not changed by its path: where others can write, a link may stand in
 * its place by now, and root would give away what that leads to. Rejects then.
 */
export async function giveFolder(
  path: string,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await handle.chown(uid, gid);
  } finally {
    await handle.close();
  }
}
