import type { Stats } from "node:fs";
import { type FileHandle, lstat, open, stat } from "node:fs/promises";

/** How files are looked at, as far as homes need it. */
export interface HomeFiles {
  readonly lstat: (path: string) => Promise<Stats>;
  readonly stat: (path: string) => Promise<Stats>;
  readonly open: (path: string, flags: number) => Promise<FileHandle>;
}

/** Those of this machine. */
export const FILES: HomeFiles = { lstat, stat, open };
