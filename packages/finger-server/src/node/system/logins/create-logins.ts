import { FingerError, type FingerLogin } from "finger-protocol";
import { createTrouble } from "../../../trouble.js";
import { readPart } from "../../read-part.js";
import { withFile } from "../../regular-file.js";
import { withoutUndefined } from "../../without-undefined.js";
import { createKept } from "../kept.js";
import { toReason } from "../to-reason.js";
import { createUnchanged } from "../unchanged.js";
import { createLastlog } from "./lastlog.js";
import { toLastlog2 } from "./lastlog2.js";
import { createLoginDatabase } from "./login-database.js";
import { readLogind } from "./logind.js";
import type { Logins, Presence } from "./logins.js";
import { findUtmpLayout, parseUtmp } from "./utmp.js";
import { createWtmp } from "./wtmp.js";
import { toWtmpdb } from "./wtmpdb.js";

/** Where the machine keeps who is and was logged in. */
interface LoginPlaces {
  /** @default "/run/utmp" */
  readonly utmp: string;
  /** The folder of logind's sessions, which is there where it runs. @default "/run/systemd/sessions" */
  readonly logind: string;
  /** @default "/var/log/lastlog" */
  readonly lastlog: string;
  /** @default "/var/lib/lastlog/lastlog2.db" */
  readonly lastlog2: string;
  /** @default "/var/log/wtmp" */
  readonly wtmp: string;
  /** @default "/var/lib/wtmpdb/wtmp.db" */
  readonly wtmpdb: string;
}

/** The programs that are asked, by their names or paths. */
interface LoginCommands {
  readonly loginctl: string;
  readonly lastlog2: string;
  readonly wtmpdb: string;
}

type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** How logins are looked at. */
export interface LoginsOptions extends Optional<LoginPlaces> {
  /** @default what they are called, where the system has its programs */
  readonly commands?: Optional<LoginCommands> | undefined;
  /** Hears once of what cannot be read, until it can. @default nobody hears */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Milliseconds of a clock that does not go back. @default performance.now */
  readonly now?: (() => number) | undefined;
}

/**
 * Makes what knows who is on and who was, by what this machine has: utmp or else logind; lastlog2, lastlog and wtmpdb,
 * whichever knows of the latest login, or else wtmp. Nothing is read before somebody asks, and then it is kept for a while.
 */
export function createLogins(options: LoginsOptions = {}): Logins {
  const { onError = () => {}, now = () => performance.now(), commands, ...places } = options;
  const at = { ...PLACES, ...withoutUndefined(places) };
  const programs = { ...COMMANDS, ...withoutUndefined(commands ?? {}) };
  const trouble = createTrouble(onError);
  const tell = (what: string, path: string, part = "") => {
    const told = trouble.at(path + part);
    return { ...told, begin: (error: unknown) => told.begin(unreadable(what, path, error)) };
  };
  const utmp = createKept(
    createReadUtmp(at.utmp, now),
    undefined,
    { fresh: 0, stale: 0, now },
    tell(PRESENCE, at.utmp),
  );
  const askLogind = async () => groupByLogin(await readLogind({ logind: at.logind, loginctl: programs.loginctl }));
  const logind = createKept(askLogind, NOBODY, { fresh: 5000, stale: 25_000, now }, tell(PRESENCE, at.logind));

  const lastlog = createLastlog(at.lastlog, now, tell(LAST, at.lastlog), tell(LAST, at.lastlog, " records"));
  const toDatabase = (database: Parameters<typeof createLoginDatabase>[0]) =>
    createLoginDatabase(database, now, tell(LAST, database.path));
  const lastlog2 = toDatabase(toLastlog2(at.lastlog2, programs.lastlog2));
  const wtmpdb = toDatabase(toWtmpdb(at.wtmpdb, programs.wtmpdb));
  const wtmp = createWtmp(at.wtmp, now, tell(LAST, at.wtmp));

  return {
    present: async () => (await utmp()) ?? (await logind()),
    async last({ login, uid }) {
      const size = await lastlog.size();
      // An empty one is of a machine that writes something else.
      const byUid = size ? lastlog.of(uid) : undefined;
      const known = await Promise.all([lastlog2(login), byUid, wtmpdb(login)]);
      const found = findLatest(known);
      if (found !== undefined) return found;
      return (await wtmp(login)) ?? (size === undefined ? undefined : null);
    },
  };
}

/** `undefined` where there is no utmp, or nothing in it: then nobody writes it any more. */
function createReadUtmp(path: string, now: () => number): () => Promise<ByLogin | undefined> {
  const whenChanged = createUnchanged<ByLogin | undefined>(now);
  return () =>
    withFile(path, (file, { version, size }) =>
      whenChanged(version, async () => {
        if (size === 0) return undefined;
        const bytes = await readPart(file, 0, Math.min(size, MOST_UTMP));
        return groupByLogin(parseUtmp(bytes, findUtmpLayout(bytes, size)));
      }),
    );
}

type ByLogin = ReadonlyMap<string, readonly Presence[]>;

function groupByLogin(presences: readonly Presence[]): ByLogin {
  const groups = new Map<string, Presence[]>();
  for (const presence of presences) {
    const group = groups.get(presence.login);
    if (group === undefined) groups.set(presence.login, [presence]);
    else group.push(presence);
  }
  return groups;
}

/** `null` when one says that there was none and no other knows better; `undefined` when nobody knows. */
function findLatest(known: ReadonlyArray<FingerLogin | null | undefined>): FingerLogin | null | undefined {
  const logins = known.filter((last) => last !== undefined && last !== null);
  if (logins.length === 0) return known.includes(null) ? null : undefined;
  return logins.reduce((latest, next) => (toSeconds(next) > toSeconds(latest) ? next : latest));
}

function toSeconds({ since }: FingerLogin): number {
  return Math.floor((since?.getTime() ?? 0) / 1000);
}

function unreadable(what: string, path: string, cause: unknown): FingerError {
  const message = `${what} cannot be read from ${path}: ${toReason(cause)}.`;
  return new FingerError("ERR_FINGER_PROVIDER", message, { cause });
}

const PRESENCE = "Who is logged in";
const LAST = "Who was logged in";

const PLACES: LoginPlaces = {
  utmp: "/run/utmp",
  logind: "/run/systemd/sessions",
  lastlog: "/var/log/lastlog",
  lastlog2: "/var/lib/lastlog/lastlog2.db",
  wtmp: "/var/log/wtmp",
  wtmpdb: "/var/lib/wtmpdb/wtmp.db",
};
const COMMANDS: LoginCommands = { loginctl: "loginctl", lastlog2: "lastlog2", wtmpdb: "wtmpdb" };

const NOBODY: ByLogin = new Map();
/** Some 40,000 records. */
const MOST_UTMP = 16 * 1024 * 1024;
