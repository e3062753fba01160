import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { FingerError } from "finger-protocol";
import { nearest } from "../../users/nearest.js";

/** Who a process is. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  /** The login; `undefined` for a number that has none. */
  readonly name: string | undefined;
}

/** Who a process is to be, each as a name or a number. */
export interface IdentityNames {
  /** @default who it is */
  readonly user?: string | number | undefined;
  /** @default that of the user */
  readonly group?: string | number | undefined;
}

/**
 * Finds a user and a group, wherever the system keeps them.
 *
 * @throws `FingerError` `ERR_FINGER_CONFIG` when one of them is not there.
 */
export async function resolveIdentity({ user, group }: IdentityNames): Promise<Identity> {
  const { uid, gid, name } = await findUser(user ?? process.getuid?.() ?? Number.NaN);
  if (group !== undefined) return { uid, gid: await findGroup(group), name };
  if (gid !== undefined) return { uid, gid, name };
  throw wrong(`User ${uid} has no entry in the user database, so nothing tells its group. Give a group as well.`);
}

async function findUser(user: string | number): Promise<{ uid: number; gid: number | undefined; name?: string }> {
  const entry = await findEntry("passwd", user);
  if (entry !== undefined) return { uid: Number(entry[2]), gid: Number(entry[3]), name: entry[0] ?? "" };
  return { uid: await toNumber("passwd", "user", user), gid: undefined };
}

async function findGroup(group: string | number): Promise<number> {
  const entry = await findEntry("group", group);
  return entry === undefined ? toNumber("group", "group", group) : Number(entry[2]);
}

/** The databases of getent(1), which are files of the same names, too. */
type Database = "passwd" | "group";

/** The fields of an entry, as in passwd(5) and group(5); `undefined` when there is none. */
async function findEntry(database: Database, key: string | number): Promise<readonly string[] | undefined> {
  if (!IS_KEY.test(String(key))) return undefined;
  return (await askSystem(database, String(key))) ?? (await readEntries(database)).find((entry) => isOf(entry, key));
}

function isOf([name, , id]: readonly string[], key: string | number): boolean {
  return isNumber(key) ? id === String(Number(key)) : name === key;
}

/** The entry, wherever it comes from: a directory of the company has no file. Not every system has the program. */
async function askSystem(database: Database, key: string): Promise<readonly string[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)("getent", [database, key], { timeout: LONGEST_SEARCH });
    return stdout.split("\n")[0]?.split(":");
  } catch {
    return undefined;
  }
}

async function readEntries(database: Database): Promise<readonly (readonly string[])[]> {
  const text = await readFile(`/etc/${database}`, "utf8").catch(() => "");
  return text.split("\n").map((line) => line.split(":"));
}

/** A number needs no entry. */
async function toNumber(database: Database, kind: string, key: string | number): Promise<number> {
  if (isNumber(key) && Number(key) <= LARGEST) return Number(key);
  if (typeof key === "number" || isNumber(key)) {
    throw wrong(`${key} is no number of a ${kind}: those are whole, and from 0 to ${LARGEST}.`);
  }
  const names = (await readEntries(database)).flatMap(([name = ""]) => (name === "" ? [] : [name]));
  const meant = nearest(key, names);
  const question = meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`;
  throw wrong(`There is no ${kind} ${JSON.stringify(key)} on this machine${question || "."}`);
}

function isNumber(key: string | number): boolean {
  return /^\d+$/.test(String(key));
}

function wrong(message: string): FingerError {
  return new FingerError("ERR_FINGER_CONFIG", message);
}

/** What could be an entry; others, such as options of a program, are not asked for. */
const IS_KEY = /^[^\s:+-][^\s:]*$/;
/** The largest number of a user or a group: the one above means "none". */
const LARGEST = 0xfffffffe;
/** How long the system may look for an entry, in milliseconds, until its files have to do. */
const LONGEST_SEARCH = 10_000;
