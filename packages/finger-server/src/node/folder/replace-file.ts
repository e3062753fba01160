import type { Stats } from "node:fs";
import { chown, lstat, mkdir, open, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AssertHeld } from "./lock.js";

/** What is being written. It has one name, for who writes has the folder's lock. */
const DRAFT = ".new";

/**
 * Replaces a file as a whole: who reads meanwhile reads the one or the other. When it resolves the file is on the disk, so
 * that it outlives the machine. Who calls it has the lock of the folder.
 */
export async function replaceFile(folder: string, name: string, text: string, assertHeld: AssertHeld): Promise<void> {
  const draft = join(folder, DRAFT);
  await writeDraft(draft, text, await toLikeness(join(folder, name), folder));
  await assertHeld();
  await rename(draft, join(folder, name));
  await syncFolder(folder);
}

/** Removes a file, so that it stays removed; it need not be there. Who calls it has the lock of the folder. */
export async function removeFile(folder: string, name: string, assertHeld: AssertHeld): Promise<void> {
  try {
    await assertHeld();
    await unlink(join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  await syncFolder(folder);
}

/** Makes a folder for its owner alone, with those above it, unless it is there. */
export async function makeFolder(folder: string): Promise<void> {
  const highest = await mkdir(folder, { recursive: true, mode: 0o700 });
  for (let made = folder; highest !== undefined && made.length >= highest.length; made = dirname(made)) {
    await keepOwner(made, await stat(dirname(made)));
    await syncFolder(dirname(made));
  }
}

/** Whose a file is, and who may do what with it. */
type Likeness = Pick<Stats, "uid" | "gid" | "mode">;

/** What another file in its place, or its first, is to be like: root may write there for a server that is not. */
async function toLikeness(path: string, folder: string): Promise<Likeness> {
  const file = await lstat(path).catch(() => undefined);
  return file?.isFile() ? file : { ...(await stat(folder)), mode: 0o600 };
}

async function keepOwner(path: string, { uid, gid }: Likeness): Promise<void> {
  if (process.getuid?.() === 0 && uid !== 0) await chown(path, uid, gid);
}

/** What was left there is taken away, never written to: who stood still may have it open, and a link leads elsewhere. */
async function writeDraft(draft: string, text: string, likeness: Likeness): Promise<void> {
  await rm(draft, { force: true });
  const handle = await open(draft, "wx", 0o600);
  try {
    await keepOwner(draft, likeness);
    await handle.chmod(likeness.mode & 0o777);
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
}

/** A name is on the disk when its folder is (fsync(2)). Windows cannot do that, and does not need to. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
