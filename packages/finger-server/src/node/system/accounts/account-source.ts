import { FingerError } from "finger-protocol";
import type { PlaceTrouble } from "../../../trouble.js";
import { readPart } from "../../read-part.js";
import { withFile } from "../regular-file.js";
import { toReason } from "../to-reason.js";
import { listByGetent } from "./getent.js";
import { hasOtherAccounts } from "./nsswitch.js";

/** Where accounts are listed. */
export interface ListPlaces {
  readonly passwd: string;
  /** The program that asks NSS, if it is asked. */
  readonly getent: string | undefined;
  readonly nsswitch: string;
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
export async function readSource(
  { passwd, getent, nsswitch }: ListPlaces,
  told: PlaceTrouble,
): Promise<Source | undefined> {
  let asked = getent ?? passwd;
  try {
    const listed = getent === undefined ? undefined : await listByGetent(getent);
    if (listed === undefined) asked = passwd;
    const lines = listed ?? (await readPasswd(passwd));
    told.end();
    return { lines, hasOthers: listed !== undefined && (await hasOtherAccounts(nsswitch)) };
  } catch (cause) {
    const reason = toReason(cause);
    told.begin(
      new FingerError("ERR_FINGER_PROVIDER", `The accounts cannot be read from ${asked}: ${reason}.`, { cause }),
    );
    return undefined;
  }
}

/** Reads the file, for want of something better. */
export async function readFileAlone({ passwd, getent, nsswitch }: ListPlaces): Promise<Source> {
  const lines = await readPasswd(passwd).catch(() => Buffer.alloc(0));
  return { lines, hasOthers: getent !== undefined && (await hasOtherAccounts(nsswitch)) };
}

async function readPasswd(path: string): Promise<Buffer> {
  const lines = await withFile(path, (file, { size }) => readPart(file, 0, Math.min(size, MOST_BYTES)));
  if (lines !== undefined) return lines;
  throw new Error("there is no such file");
}

const MOST_BYTES = 16 * 1024 * 1024;
