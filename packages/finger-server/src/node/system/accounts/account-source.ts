import { FingerError } from "finger-protocol";
import type { PlaceTrouble } from "../../../trouble.js";
import { readPart } from "../../read-part.js";
import { withFile } from "../../regular-file.js";
import { toReason } from "../to-reason.js";
import { listByGetent } from "./getent.js";
import { hasOtherAccounts, hasUnlistedAccounts, type NssPlaces } from "./nsswitch.js";

/** Where accounts are listed. */
export interface ListPlaces extends NssPlaces {
  readonly passwd: string;
  /** The program that asks NSS, if it is asked. */
  readonly getent: string | undefined;
}

/** What a list is made of: lines of passwd(5). */
export interface Source {
  readonly lines: Buffer;
  readonly hasOthers: boolean;
}

/** Whether two make the same list. */
export function isSame(one: Source, other: Source): boolean {
  return one.hasOthers === other.hasOthers && one.lines.equals(other.lines);
}

/** Reads what NSS lists, or else the file; `undefined` when it cannot be read, which is told. */
export async function readSource(places: ListPlaces, told: PlaceTrouble): Promise<Source | undefined> {
  const { passwd, getent } = places;
  let asked = getent ?? passwd;
  try {
    const listed = getent === undefined ? undefined : await listByGetent(getent);
    if (listed === undefined) asked = passwd;
    const lines = listed ?? (await readPasswd(passwd));
    told.end();
    return { lines, hasOthers: listed !== undefined && (await hasUnlistedAccounts(places)) };
  } catch (cause) {
    const reason = toReason(cause);
    told.begin(
      new FingerError("ERR_FINGER_PROVIDER", `The accounts cannot be read from ${asked}: ${reason}.`, { cause }),
    );
    return undefined;
  }
}

/** Reads the file, for want of something better. */
export async function readFileAlone(places: ListPlaces): Promise<Source> {
  const lines = await readPasswd(places.passwd).catch(() => Buffer.alloc(0));
  return { lines, hasOthers: places.getent !== undefined && (await hasOtherAccounts(places)) };
}

async function readPasswd(path: string): Promise<Buffer> {
  const lines = await withFile(path, (file, { size }) => readPart(file, 0, Math.min(size, MOST_BYTES)));
  if (lines !== undefined) return lines;
  throw new Error("there is no such file");
}

const MOST_BYTES = 16 * 1024 * 1024;
