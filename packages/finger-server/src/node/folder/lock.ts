import { randomUUID } from "node:crypto";
import { lstat, readdir, readlink, symlink, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive, toOwner } from "./lock-owner.js";

/** How long a lock is waited for, in milliseconds, unless somebody knows better. */
export const PATIENCE = 12_000;

/**
 * Rejects when the lock is not ours any more: we stood still for so long that we were taken for dead. To be called before
 * what others can see.
 */
export type AssertHeld = () => Promise<void>;

/** The lock of a folder, so that one process at a time writes there. */
const LOCK = ".lock";

/**
 * Does some work while nobody else who asks for the lock of the folder does theirs, in this process or another.
 *
 * The lock is a symbolic link whose target names its owner, for a link is made with its target or not at all. Node has no
 * flock(2), so nothing takes away the lock of a process that is killed: who waits looks whether the owner still lives, and
 * breaks the lock of a dead one.
 *
 * @param patience - How long to wait for the lock, in milliseconds.
 * @throws `Error` when the lock is not free within the patience, or is none of ours; what the system says when it cannot be
 * made; what the work throws.
 */
export async function withLock<T>(
  folder: string,
  patience: number,
  work: (assertHeld: AssertHeld) => Promise<T>,
): Promise<T> {
  const path = join(folder, LOCK);
  const own = await acquire(path, performance.now() + patience);
  try {
    return await work(async () => {
      if ((await readTarget(path)) !== own) throw new Error(`this process stood still, and lost ${path} to another`);
    });
  } finally {
    await release(path, own);
  }
}

/** Makes the link, whoever's it was before, and gives its target. */
async function acquire(path: string, deadline: number): Promise<string> {
  const own = `${randomUUID()} ${toOwner()}`;
  for (;;) {
    if (await tryLink(own, path)) return own;
    const other = await readTarget(path);
    if (other === undefined) continue;
    if (await hasDied(other, path)) await breakLock(path, other, deadline);
    else if (performance.now() > deadline) throw new Error(`another process holds ${path}`);
    else await delay(1 + Math.random() * 4);
  }
}

/**
 * Takes our lock away. The work is done whatever comes of that: when the system refuses, as on a disk that has become
 * read-only, it is tried until it does not, for as long as we live nobody else may break the lock.
 */
async function release(path: string, own: string): Promise<void> {
  try {
    if ((await readTarget(path)) === own) await unlink(path);
  } catch {
    setTimeout(() => void release(path, own), RELEASE_INTERVAL).unref();
  }
}

/**
 * Takes away the lock of a dead process, and not one that somebody got in the meantime: it is done under a lock of its own,
 * whose name is that of the one to be broken and was never used before. That one may have been left by a dead process, too.
 */
async function breakLock(path: string, dead: string, deadline: number): Promise<void> {
  const breaking = `${path}.${toId(dead)}`;
  const own = await acquire(breaking, deadline);
  try {
    if ((await readTarget(path)) === dead) await unlink(path);
    await sweep(path);
  } finally {
    await release(breaking, own);
  }
}

/** Removes what was left by who died while breaking a lock that is gone: no lock comes back, so nobody needs it. */
async function sweep(path: string): Promise<void> {
  const folder = dirname(path);
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${basename(path)}.`));
  const present = `${basename(path)}.${toId(await readTarget(path))}`;
  for (const name of names) {
    if (!name.startsWith(present)) await unlink(join(folder, name)).catch(ignoreMissing);
  }
}

/** What tells a lock from all others, as a name. */
function toId(target: string | undefined): string | undefined {
  return target?.split(" ", 1)[0];
}

/**
 * Of an owner that cannot be seen from here, as in another container, only the age of the lock tells. One that is to come
 * was made before somebody set the clock back.
 */
async function hasDied(owner: string, path: string): Promise<boolean> {
  const alive = isAlive(owner.slice(owner.indexOf(" ") + 1));
  if (alive !== undefined) return !alive;
  try {
    return Math.abs(Date.now() - (await lstat(path)).mtimeMs) > LONGEST_HELD;
  } catch (error) {
    ignoreMissing(error);
    return false;
  }
}

async function tryLink(target: string, path: string): Promise<boolean> {
  try {
    await symlink(target, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** The target of a lock; `undefined` when it is gone. What is none of ours is for people to take away. */
async function readTarget(path: string): Promise<string | undefined> {
  let target = "";
  try {
    target = await readlink(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code !== "EINVAL") throw error;
  }
  if (IS_LOCK.test(target)) return target;
  throw new Error(`${path} is no lock of a store; remove it`);
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}

/** A lock is held for some milliseconds; an unseen owner that holds it for so many is taken for dead. */
const LONGEST_HELD = 10_000;
/** How long it is until a lock that could not be taken away is tried again, in milliseconds. */
const RELEASE_INTERVAL = 500;
/** A UUID, and who the owner is. */
const IS_LOCK = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} ./;
