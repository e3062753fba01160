import { FingerError } from "finger-protocol";
import { toSystemReason } from "../system-reason.js";
import { DISK_PATIENCE, DISK_TURNS, type DiskTurns } from "./disk-turns.js";
import { isAbsent } from "./is-absent.js";

/** How long a disk is waited for, and in whose turn. */
export interface LookRules {
  /** In milliseconds. @default 2_000 */
  readonly patience?: number | undefined;
  /** @default those of the process */
  readonly turns?: DiskTurns | undefined;
}

/**
 * Looks at a place of a disk that may hang; `undefined` when what is looked for is not there, or not for us.
 *
 * @param place - What hangs or fails as one: a home, or a folder.
 * @throws `FingerError` `ERR_FINGER_TIMEOUT` when the disk hangs, `ERR_FINGER_PROVIDER` when it fails, or the process is short
 * of something: nobody can say then what is there. The operator is told the same each time.
 */
export async function lookAt<T>(
  place: string,
  work: (signal: AbortSignal) => Promise<T>,
  { patience = DISK_PATIENCE, turns = DISK_TURNS }: LookRules = {},
): Promise<T | undefined> {
  try {
    return await turns.take(place, patience, work);
  } catch (cause) {
    if (FingerError.is(cause)) throw cause;
    if (isAbsent(cause)) return undefined;
    const what = `Cannot look into ${place}: ${toSystemReason(cause)}`;
    throw new FingerError("ERR_FINGER_PROVIDER", `${what}.`, { cause });
  }
}
