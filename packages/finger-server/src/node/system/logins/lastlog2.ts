import { decodeReply, type FingerLogin } from "finger-protocol";
import { type LoginDatabase, MOST_LOGINS, toLast } from "./login-database.js";

/** The database of lastlog2(8), which has a row for each who ever logged in, with seconds since 1970. */
export function toLastlog2(path: string, command: string): LoginDatabase {
  const sql = `SELECT Name AS login, min(CAST(Time AS INTEGER), 1e12) AS seconds,
    substr(TTY, 1, 64) AS tty, substr(RemoteHost, 1, 256) AS host
    FROM Lastlog2 WHERE length(Name) <= 256 AND Time > 0 LIMIT ${MOST_LOGINS}`;
  return { path, sql, isComplete: true, command, args: ["-d", path], parse: parseLastlog2 };
}

/**
 * Reads the table that lastlog2(8) prints with times in UTC. A terminal is cut to 8 characters there, and where a name is
 * long it pushes what is behind it.
 */
export function parseLastlog2(printed: string): ReadonlyMap<string, FingerLogin> {
  const logins = new Map<string, FingerLogin>();
  for (const line of printed.split("\n")) {
    const [name = ""] = FIRST_WORD.exec(line) ?? [];
    const [, month = "", day = "", time = "", year = ""] = DATE.exec(line) ?? [];
    const columns = line.slice(Math.max(NAME, name.length) + 1).replace(DATE, "");
    const since = Date.parse(`${day} ${month} ${year} ${time} UTC`) / 1000;
    const last = toLast(since, toText(columns.slice(0, TTY)), toText(columns.slice(TTY + 1)));
    if (last !== undefined) logins.set(toText(name), last);
  }
  return logins;
}

function toText(bytes: string): string {
  return decodeReply(Buffer.from(bytes.trim(), "latin1"));
}

/** strftime(3) `%a %b %e %H:%M:%S %z %Y`. */
const DATE = / \w{3} (\w{3}) +(\d{1,2}) (\d\d:\d\d:\d\d) \+0000 (\d{4}) *$/;
const FIRST_WORD = /^\S+/;
/** The widths of its columns. */
const NAME = 16;
const TTY = 8;
