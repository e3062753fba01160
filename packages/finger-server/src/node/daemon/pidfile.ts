import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, openSync } from "node:fs";
import { link, lstat, mkdir, open, unlink } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { FingerError } from "finger-protocol";
import { giveFolder } from "../folder/give-folder.js";
import type { RunningProcess } from "../proc/running-process.js";
import { findOwner, isSame, type PidfileContent, readContent, toId } from "./pidfile-content.js";
import { toCode, toProcessError, toReason } from "./process-error.js";

/** The file that tells others which process this is, and that there is one. */
export interface Pidfile {
  /** Where it is, from the root. */
  readonly path: string;
  /** Removes it if it is still ours. Never rejects: resolves to the reason, as a sentence, when it has to stay. */
  release(): Promise<string | undefined>;
}

export interface PidfileOptions {
  /**
   * Who this process will be. When root has to make the folder of the file, it is given to them, so that they can remove the
   * file in the end. The file itself stays root's: what stands in it is signalled by root.
   */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * Writes the number of this process to a file, unless another process that runs has done so. The file of one that has ended is
 * replaced. Of those who try at the same time one succeeds, and nobody reads half a number.
 *
 * @throws `FingerError` `ERR_FINGER_PROCESS` when another process runs, when what is there is no pidfile, or when the file
 * cannot be written.
 */
export async function claimPidfile(path: string, { owner }: PidfileOptions = {}): Promise<Pidfile> {
  const place = resolve(path);
  const taken = await unlessRefused(place, async () => {
    await makeFolder(dirname(place), owner);
    return take(place);
  });
  if ("release" in taken) return taken;
  const remedy = "Stop that one first, or give this one a pidfile of its own.";
  throw toProcessError(`Another finger-server runs: process ${taken.pid}, by ${place}. ${remedy}`);
}

async function unlessRefused<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (FingerError.is(cause)) throw cause;
    const remedy = toCode(cause) === "ENOENT" ? "Make it, or choose another path." : "Choose another path.";
    throw toProcessError(`The pidfile ${path} cannot be written: ${toReason(cause)}. ${remedy}`, cause);
  }
}

/** Root alone makes it, and gives it away. */
async function makeFolder(folder: string, owner: PidfileOptions["owner"]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  try {
    await mkdir(folder, { mode: 0o755 });
  } catch (error) {
    if (toCode(error) === "EEXIST") return;
    throw error;
  }
  if (owner !== undefined) await giveFolder(folder, owner);
}

/** Takes the path, or finds who has it. A file comes to be there by a link, which is made with all that stands in it. */
async function take(path: string): Promise<Pidfile | RunningProcess> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeDraft(draft);
    while (!(await tryLink(draft, path))) {
      const owner = await clear(path);
      if (owner !== undefined) return owner;
    }
    return hold(path, draft);
  } finally {
    await unlink(draft).catch(() => {});
  }
}

/** It is on the disk before it gets its name, or a power cut could leave an empty one. */
async function writeDraft(draft: string): Promise<void> {
  const handle = await open(draft, "wx", 0o644);
  try {
    await handle.chmod(0o644);
    await handle.writeFile(`${process.pid}\n`);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function tryLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (toCode(error) === "EEXIST") return false;
    throw error;
  }
}

/** Removes what a dead process left, or gives the one that lives. */
async function clear(path: string): Promise<RunningProcess | undefined> {
  const found = await readContent(path);
  if (found === undefined) return undefined;
  const owner = findOwner(found);
  if (owner === undefined) await removeStale(found);
  return owner;
}

/**
 * Removes this very file, and not one that somebody put there in the meantime: who removes it has a pidfile of its own for
 * that, at a path that was never used before and never is again.
 */
async function removeStale(stale: PidfileContent): Promise<void> {
  const removing = await take(`${stale.path}.${toId(stale)}`);
  if (!("release" in removing)) return void (await delay(RETRY_INTERVAL));
  try {
    const found = await readContent(stale.path);
    if (found !== undefined && isSame(found, stale)) await unlink(stale.path);
  } finally {
    await removing.release();
  }
}

/**
 * Keeps it open, which tells it from one that another process with our number left. That is a plain descriptor: a `FileHandle`
 * is closed when nobody refers to it. It is for reading: who takes over this process when it is not root any more must not be
 * able to change what stands there.
 */
function hold(path: string, draft: string): Pidfile {
  const held = openSync(draft, "r");
  const { ino } = fstatSync(held);
  let released: Promise<string | undefined> | undefined;
  const release = async () => {
    const reason = await remove(path, ino);
    closeSync(held);
    return reason;
  };
  return {
    path,
    release: () => {
      released ??= release();
      return released;
    },
  };
}

async function remove(path: string, ino: number): Promise<string | undefined> {
  try {
    if ((await lstat(path)).ino === ino) await unlink(path);
    return undefined;
  } catch (error) {
    if (toCode(error) === "ENOENT") return undefined;
    return `The pidfile ${path} stays, though its process ends: ${toReason(error)}.`;
  }
}

/** How long it is until somebody else may have removed a stale file, in milliseconds. */
const RETRY_INTERVAL = 5;
