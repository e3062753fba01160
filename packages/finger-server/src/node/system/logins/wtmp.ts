import type { FileHandle } from "node:fs/promises";
import type { FingerLogin } from "finger-protocol";
import type { PlaceTrouble } from "../../../trouble.js";
import { readPart } from "../../read-part.js";
import { type FileState, withFile } from "../../regular-file.js";
import { createKept } from "../kept.js";
import { createUnchanged } from "../unchanged.js";
import type { FindLast, LastByLogin } from "./last-by-login.js";
import { toFindLast } from "./last-by-login.js";
import { findUtmpLayout, parseUtmp } from "./utmp.js";

/** Makes what finds last logins in wtmp(5), in the newest part of it: it grows until somebody turns it over. */
export function createWtmp(path: string, now: () => number, told: PlaceTrouble): FindLast {
  const whenChanged = createUnchanged<LastByLogin>(now);
  const look = () => withFile(path, (file, state) => whenChanged(state.version, () => readEnd(file, state)));
  return toFindLast(createKept<LastByLogin | undefined>(look, undefined, { fresh: 2000, stale: 30_000, now }, told));
}

/** Goes through the end of the file piece by piece, so that others have their turns. */
async function readEnd(file: FileHandle, { size }: FileState): Promise<LastByLogin> {
  const layout = findUtmpLayout(await readPart(file, 0, Math.min(size, PIECE)), size);
  const piece = Math.floor(PIECE / layout.size) * layout.size;
  const first = Math.floor(Math.max(0, size - LONGEST) / layout.size) * layout.size;
  const logins = new Map<string, FingerLogin>();
  for (let start = first; start < size; start += piece) {
    const bytes = await readPart(file, start, Math.min(size, start + piece));
    for (const { login, ...last } of parseUtmp(bytes, layout)) logins.set(login, last);
  }
  return { logins, isComplete: false };
}

const PIECE = 64 * 1024;
/** Some 20,000 records. */
const LONGEST = 8 * 1024 * 1024;
