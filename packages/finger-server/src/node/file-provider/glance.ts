import type { BigIntStats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { inBatches } from "../in-batches.js";

/** What stands at a path, by what the file system knows of it. */
export interface Glance {
  readonly kind: "file" | "directory" | "other" | "none";
  /** Two glances with one state saw the same content, unless it was changed within a tick of the clock. */
  readonly state: string;
  /** Of all its files together, when it is a directory. */
  readonly bytes: number;
  /** When the content was last changed, in milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Why nothing can be seen there. */
  readonly cause?: unknown;
}

/** Looks at a path without reading it; of a directory, at each file of a user. Never rejects. */
export async function glanceAt(path: string): Promise<Glance> {
  try {
    const stats = await stat(path, { bigint: true });
    const kind = stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other";
    return kind === "directory" ? await glanceInto(path, toTraits(stats)) : { kind, ...toTraits(stats) };
  } catch (cause) {
    return { kind: "none", ...toMissing(cause), cause };
  }
}

/** The names in a directory that are users' files: no hidden ones, and no editor's backups. */
export async function listUserFiles(path: string): Promise<string[]> {
  const names = await readdir(path);
  return names.filter(isUserFile).sort();
}

function isUserFile(name: string): boolean {
  const isBackup = name.endsWith("~") || /\.sw[a-z]$/.test(name) || (name.startsWith("#") && name.endsWith("#"));
  return !name.startsWith(".") && !isBackup;
}

type Traits = Pick<Glance, "state" | "bytes" | "modifiedAt">;

async function glanceInto(path: string, directory: Traits): Promise<Glance> {
  const names = await listUserFiles(path);
  const files = await inBatches(names, (name) => glanceAtEntry(join(path, name)));
  return {
    kind: "directory",
    state: [directory.state, ...files.map((file, index) => `${names[index]}/${file.state}`)].join("/"),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    modifiedAt: files.reduce((latest, file) => Math.max(latest, file.modifiedAt), directory.modifiedAt),
  };
}

async function glanceAtEntry(path: string): Promise<Traits> {
  try {
    return toTraits(await stat(path, { bigint: true }));
  } catch (cause) {
    return toMissing(cause);
  }
}

/** The time of the last change of the inode tells of a copy that kept the older time, and of new permissions. */
function toTraits({ dev, ino, size, mtimeNs, mtimeMs, ctimeNs }: BigIntStats): Traits {
  return { state: [dev, ino, size, mtimeNs, ctimeNs].join(":"), bytes: Number(size), modifiedAt: Number(mtimeMs) };
}

function toMissing(cause: unknown): Traits {
  return { state: (cause as NodeJS.ErrnoException).code ?? String(cause), bytes: 0, modifiedAt: 0 };
}
