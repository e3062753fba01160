import type { FingerLogin } from "finger-protocol";
import type { PlaceTrouble } from "../../../trouble.js";
import { lookAtFile } from "../../regular-file.js";
import { createKept } from "../kept.js";
import { toKnown } from "../to-known.js";
import { runTool } from "../tool.js";
import { createUnchanged } from "../unchanged.js";
import { isPlain, toTerminal, toTime } from "./field.js";
import { type FindLast, type LastByLogin, toFindLast } from "./last-by-login.js";
import { HAS_SQLITE, querySqlite } from "./sqlite.js";

/** A database of SQLite that has last logins, and how it is asked. */
export interface LoginDatabase {
  readonly path: string;
  /** What gives rows of `login`, `seconds`, `tty` and `host`. */
  readonly sql: string;
  /** Whether it keeps everybody for ever. */
  readonly isComplete: boolean;
  /** The program that reads it, for a Node that cannot. */
  readonly command: string;
  readonly args: readonly string[];
  /** Reads what the program prints, a character for each byte. */
  readonly parse: (printed: string) => ReadonlyMap<string, FingerLogin>;
}

/**
 * Makes what finds last logins in a database. All are read at once, again when the file has changed; meanwhile what is
 * known is given.
 *
 * @param usesSqlite - Whether Node reads it. @default when it can
 */
export function createLoginDatabase(
  database: LoginDatabase,
  now: () => number,
  told: PlaceTrouble,
  usesSqlite: boolean = HAS_SQLITE,
): FindLast {
  const whenChanged = createUnchanged<LastByLogin>(now);
  const look = async (): Promise<LastByLogin | undefined> => {
    const [state, log] = await Promise.all([lookAtFile(database.path), lookAtFile(`${database.path}-wal`)]);
    if (state === undefined || state.size === 0) return undefined;
    const read = usesSqlite ? readRows : readPrinted;
    return whenChanged(`${state.version} ${log?.version}`, async () => {
      const logins = await read(database);
      return { logins, isComplete: database.isComplete && logins.size < MOST_LOGINS };
    });
  };
  return toFindLast(createKept<LastByLogin | undefined>(look, undefined, { fresh: 2000, stale: 60_000, now }, told));
}

async function readRows({ path, sql }: LoginDatabase): Promise<ReadonlyMap<string, FingerLogin>> {
  const logins = new Map<string, FingerLogin>();
  await querySqlite(path, sql, LONGEST, (row) => {
    const { login, seconds, tty, host } = row;
    const last = typeof seconds === "number" ? toLast(seconds, toText(tty), toText(host)) : undefined;
    if (last !== undefined) logins.set(toText(login), last);
  });
  return logins;
}

/** A login, unless there is none at such a time. */
export function toLast(seconds: number, tty: string, host: string): FingerLogin | undefined {
  const since = toTime(seconds);
  return since && { since, tty: toTerminal(tty), host: isPlain(host) ? toKnown(host) : undefined };
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

async function readPrinted({ path, command, args, parse }: LoginDatabase): Promise<ReadonlyMap<string, FingerLogin>> {
  const printed = await runTool(command, args, LONGEST);
  if (printed !== undefined) return parse(printed);
  throw new Error(`it takes Node 22.13 or later, or the program ${command}, to read ${path}`);
}

const LONGEST = 5000;
/** As many logins are read. */
export const MOST_LOGINS = 100_000;
