import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { type FileHandle, lstat, mkdir, open, rename, rm, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { giveFolder } from "./give-folder.js";
import type { AssertHeld } from "./lock.js";

/** What is being written. It has one name, for who writes has the folder's lock. */
const DRAFT = ".new";

/**
 * Replaces a file as a whole: who reads meanwhile reads the one or the other. When it resolves the file is on the disk, so
 * that it outlives the machine. Who calls it has the lock of the folder.
 */
export async function replaceFile(folder: string, name: string, text: string, assertHeld: AssertHeld): Promise<void> {
  const [draft, path] = [join(folder, DRAFT), join(folder, name)];
  await writeDraft(draft, text, await toLikeness(path));
  await assertHeld();
  await rename(draft, path);
  await syncFolder(folder);
}

/** Replaces a file in the same way for who has no lock of its folder. It is for its owner alone then, whatever it was. */
export async function replaceSecret(path: string, text: string): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeDraft(draft, text, { ...(await toLikeness(path)), mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
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

/** Makes a folder for its owner alone, with those above it, unless it is there. That is who has the one that they are in. */
export async function makeFolder(folder: string): Promise<void> {
  const highest = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (highest === undefined) return;
  const owner = await stat(dirname(highest));
  for (let made = folder; made.length >= highest.length; made = dirname(made)) {
    if (isToGive(owner.uid)) await giveFolder(made, owner);
    await syncFolder(dirname(made));
  }
}

/** Whose a file is, and who may do what with it. */
type Likeness = Pick<Stats, "uid" | "gid" | "mode">;

/** What another file in its place, or its first, is to be like: root may write there for a server that is not. */
async function toLikeness(path: string): Promise<Likeness> {
  const file = await lstat(path).catch(() => undefined);
  return file?.isFile() ? file : { ...(await stat(dirname(path))), mode: 0o600 };
}

/** By its descriptor: at its path there may be a link of somebody else by now, which leads elsewhere. */
async function keepLikeness(handle: FileHandle, { uid, gid, mode }: Likeness): Promise<void> {
  if (isToGive(uid)) await handle.chown(uid, gid);
  await handle.chmod(mode & 0o777);
}

function isToGive(uid: number): boolean {
  return process.getuid?.() === 0 && uid !== 0;
}

/** What was left there is taken away, never written to: who stood still may have it open, and a link leads elsewhere. */
async function writeDraft(draft: string, text: string, likeness: Likeness): Promise<void> {
  await rm(draft, { force: true });
  const handle = await open(draft, "wx", 0o600);
  try {
    await keepLikeness(handle, likeness);
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
