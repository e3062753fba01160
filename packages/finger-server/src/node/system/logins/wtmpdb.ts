import { decodeReply, type FingerLogin } from "finger-protocol";
import { type LoginDatabase, MOST_LOGINS, toLast } from "./login-database.js";

/**
 * The database of wtmpdb(8), which has a row for each login, with microseconds since 1970. It has no index by user, so the
 * last rows alone are gone through; SQLite takes the other columns from the row of the highest time.
 */
export function toWtmpdb(path: string, command: string): LoginDatabase {
  const sql = `SELECT User AS login, max(min(CAST(Login AS INTEGER) / 1000000, 1e12)) AS seconds,
    substr(TTY, 1, 64) AS tty, substr(RemoteHost, 1, 256) AS host
    FROM wtmp WHERE rowid > (SELECT max(rowid) FROM wtmp) - ${MOST_ROWS} AND Type = ${USER_PROCESS}
    AND length(User) <= 256 AND Login > 0 GROUP BY User LIMIT ${MOST_LOGINS}`;
  const args = ["last", "-f", path, "--json", "--time-format=iso", "-n", String(MOST_PRINTED)];
  return { path, sql, isComplete: false, command, args, parse: parseWtmpdb };
}

/**
 * Reads the JSON that `wtmpdb last` prints, the newest first: line by line, for it escapes nothing, and with no logins it is
 * no JSON at all.
 */
export function parseWtmpdb(printed: string): ReadonlyMap<string, FingerLogin> {
  const logins = new Map<string, FingerLogin>();
  let [user, tty, host] = ["", "", ""];
  for (const line of printed.split("\n")) {
    const [, key, value = ""] = /^ *(?:\{ )?"(user|tty|hostname|login)": "(.*)",$/.exec(line) ?? [];
    const text = decodeReply(Buffer.from(value, "latin1"));
    if (key === "user") [user, tty, host] = [text, "", ""];
    if (key === "tty") tty = text === "?" ? "" : text;
    if (key === "hostname") host = text;
    const last = key === "login" && tty !== BOOT ? toLast(parseTime(text), tty, host) : undefined;
    if (last !== undefined && !logins.has(user)) logins.set(user, last);
  }
  return logins;
}

/** @example parseTime("2026-09-01T08:00:00+0000") */
function parseTime(text: string): number {
  return Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2")) / 1000;
}

const USER_PROCESS = 3;
/** What is printed for the terminal of a start of the machine. */
const BOOT = "system boot";
const MOST_ROWS = 500_000;
const MOST_PRINTED = 20_000;
