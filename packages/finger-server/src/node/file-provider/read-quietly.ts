import type { FingerError } from "finger-protocol";
import { type Glance, glanceAt } from "./glance.js";
import type { UsersFile } from "./read-file.js";
import { readUsers } from "./read-users.js";
import { refused } from "./unreadable.js";
import { toUserSet, type UserSet } from "./user-set.js";

/** What came of a read: a set, or why there is none. */
export type Outcome = {
  readonly seen: Glance;
  /** The state of what was read; `undefined` when it cannot be told from a later one, and must be read again. */
  readonly state: string | undefined;
} & ({ readonly set: UserSet; readonly error?: undefined } | { readonly set?: undefined; readonly error: FingerError });

/** What a read goes by. */
export interface ReadSettings {
  readonly file: UsersFile;
  /** The last good set. */
  readonly before: UserSet | undefined;
  /** What the path has been so far; anything else in its place is an accident. */
  readonly kind: Glance["kind"] | undefined;
  /** Somebody waits: a file that was last changed a while ago is read at once. */
  readonly isUrgent: boolean;
  /** Waits some milliseconds; rejects when the read is given up. */
  readonly wait: (ms: number) => Promise<void>;
}

/** How long nothing must change before a file is read, in milliseconds. */
export const QUIET = 50;

/** How often in a row it must look the same: who writes a file in place may stop for a moment. */
const ENOUGH = 4;

/** How often the file is looked at, every {@link QUIET} milliseconds, while it changes or is empty: for a second. */
const MOST_GLANCES = 20;
const MOST_READS = 3;

/**
 * Reads the users when nobody writes them: after the file has been left alone for a moment, or at the latest after a
 * second; and again when it was changed meanwhile, so that half a file is not taken for all of it. A file that has
 * become empty is given a second, too, for what empties a file mostly goes on to fill it.
 */
export async function readQuietly(settings: ReadSettings): Promise<Outcome> {
  const { file, isUrgent, wait } = settings;
  for (let reads = 1; ; reads++) {
    const { seen, isQuiet } = await waitForQuiet(file.path, isUrgent && reads === 1, wait);
    const outcome = await readOnce(settings, seen);
    const isEmpty = isSuddenlyEmpty(outcome, settings);
    if (await staysSame(file.path, seen, isEmpty ? MOST_GLANCES : 0, wait)) {
      if (isEmpty && seen.kind === "file" && seen.bytes === 0) return refuseEmpty(settings, seen);
      return isQuiet ? outcome : { ...outcome, state: undefined };
    }
    if (reads === MOST_READS) return { seen, state: undefined, error: refused(file.source, "it changes all the time") };
  }
}

async function readOnce({ file, kind }: ReadSettings, seen: Glance): Promise<Outcome> {
  try {
    refuseOtherKind(file, kind, seen);
    return { seen, state: seen.state, set: toUserSet(await readUsers(file, seen)) };
  } catch (error) {
    // What the system said may soon be otherwise, without a change of the file: out of descriptors, for one.
    const isLasting = seen.kind === "none" || (error as FingerError).cause === undefined;
    return { seen, state: isLasting ? seen.state : undefined, error: error as FingerError };
  }
}

/** A file without a byte is mostly what a full disk or a slip of the shell has left. */
function refuseEmpty({ file, before }: ReadSettings, seen: Glance): Outcome {
  const why = `it is empty, and had ${before?.users.length} users; write a comment into it if that is meant`;
  return { seen, state: seen.state, error: refused(file.source, why) };
}

function refuseOtherKind({ source }: UsersFile, kind: Glance["kind"] | undefined, seen: Glance): void {
  if (kind === "file" && seen.kind === "directory") throw refused(source, "it is a directory now, and was a file");
  if (kind === "directory" && seen.kind === "file") throw refused(source, "it is a file now, and was a directory");
}

async function waitForQuiet(path: string, isUrgent: boolean, wait: ReadSettings["wait"]) {
  let seen = await glanceAt(path);
  if (isUrgent && Date.now() - seen.modifiedAt >= QUIET) return { seen, isQuiet: true };
  for (let glances = 0, same = 0; glances < MOST_GLANCES; glances++) {
    await wait(QUIET);
    const now = await glanceAt(path);
    same = now.state === seen.state ? same + 1 : 0;
    if (same === ENOUGH) return { seen, isQuiet: true };
    seen = now;
  }
  return { seen, isQuiet: false };
}

function isSuddenlyEmpty({ set }: Outcome, { before }: ReadSettings): boolean {
  return set?.users.length === 0 && before !== undefined && before.users.length > 0;
}

/** Looks at the path once, and then once more after each of so many moments. */
async function staysSame(path: string, seen: Glance, moments: number, wait: ReadSettings["wait"]): Promise<boolean> {
  for (let moment = 0; (await glanceAt(path)).state === seen.state; moment++) {
    if (moment === moments) return true;
    await wait(QUIET);
  }
  return false;
}
