import type { BigIntStats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { READ_AT_ONCE } from "./read-part.js";

/** What a file is like. */
export interface FileState {
  /** Another one when it has changed, or may have: the clock of a file system does not tell two moments apart. */
  readonly version: string;
  readonly size: number;
}

/** Looks at a file; `undefined` when there is none. */
export async function lookAtFile(path: string): Promise<FileState | undefined> {
  return unlessMissing(async () => toState(await stat(path, { bigint: true })));
}

/** Tells whether there is a folder. */
export async function lookAtFolder(path: string): Promise<boolean> {
  return (await unlessMissing(() => stat(path)))?.isDirectory() ?? false;
}

/** Opens a file for some work; `undefined` when there is none. A FIFO does not hold it up, and is taken for none. */
export async function withFile<T>(
  path: string,
  work: (file: FileHandle, state: FileState) => Promise<T>,
): Promise<T | undefined> {
  return unlessMissing(async () => {
    const file = await open(path, READ_AT_ONCE);
    try {
      const state = toState(await file.stat({ bigint: true }));
      return state && (await work(file, state));
    } finally {
      await file.close();
    }
  });
}

function toState(stats: BigIntStats): FileState | undefined {
  if (!stats.isFile()) return undefined;
  const { dev, ino, size, mtimeNs, ctimeMs } = stats;
  const isSettled = Date.now() - Number(ctimeMs) > MOMENT;
  return { version: [dev, ino, size, mtimeNs, ctimeMs, isSettled ? "" : ++looks].join(), size: Number(size) };
}

async function unlessMissing<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

let looks = 0;
/** In milliseconds. */
const MOMENT = 100;
