import type { FingerUser } from "../user.js";
import { countBytes, countColumns } from "../width.js";
import { parseIdle } from "./clock.js";
import { addText, type Draft, isLogin } from "./draft.js";

/**
 * A table under a header `Login … Name …`: `finger -s` of netkit, FreeBSD and macOS, the lists of pubnixes, and our own
 * list of statuses; and Telehack's, under `port username status …`. A column begins where its header does; a user with
 * several rows is one. The times of a table name no zone, so they stay text.
 */
export function parseTable(lines: readonly string[]): FingerUser[] {
  const head = lines.findIndex((line) => line.length <= MOST && HEADER.test(line));
  const first = lines[head]?.search(/login|username/i) ?? 0;
  const header = lines[head]?.slice(first) ?? "";
  const users = new Map<string, Draft>();
  for (const row of head === -1 ? [] : lines.slice(head + 1)) {
    if (row.trim() === "" || /^\d+ users?\b/.test(row)) break;
    const line = row.slice(first);
    const login = line.split(" ", 1)[0];
    if (!isLogin(login) || HEADER.test(row)) continue;
    const user = users.get(login) ?? { login };
    users.set(login, user);
    readRow(user, line, header);
  }
  return [...users.values()];
}

const HEADER = /^(Login +(Name|Status)\b| *port +username +status\b)/i;

/** finger(1) fills its columns up by bytes and pubnixes by what the screen shows; some count characters. */
function readRow(user: Draft, row: string, header: string): void {
  const ttyAt = header.search(/\btty\b/i);
  const gaps = Array.from(header.slice(0, ttyAt === -1 ? MOST : ttyAt + 1).matchAll(/(?<= ) (?=\S)/g));
  const isAligned = (line: string) =>
    row.length <= MOST && gaps.every(({ index }) => " *".includes(line.charAt(index)));
  const line = [spread(row, ttyAt === -1 ? countColumns : countBytes), row].find(isAligned);
  // A login that is too long pushes its row to the right, and then nobody can tell where the columns are.
  if (line === undefined) addText(user, row.slice(user.login.length).trim());
  else readCells(user, line, header, ttyAt);
}

/** Makes as many characters of each as the columns or bytes that it takes. */
function spread(row: string, measure: (char: string) => number): string {
  return row.replace(/[^\0-\x7f]/gu, (char) => char.padEnd(measure(char), FILLER));
}

/** No sanitised text has it. */
const FILLER = "\0";

function take(line: string, start: number, end?: number): string {
  return line.slice(start, end).replaceAll(FILLER, "");
}

function readCells(user: Draft, line: string, header: string, ttyAt: number): void {
  const [name, nameEnd] = cell(ttyAt === -1 ? line : line.slice(0, ttyAt - 1), header, /\bName\b/);
  const [status, statusEnd] = cell(line, header, /\bstatus\b/i);
  if (name !== "") user.name = name;
  if (status !== "") user.status = status;
  if (ttyAt === -1) addText(user, take(line, Math.max(nameEnd, statusEnd)).trim());
  else readPresence(user, line, header, ttyAt);
}

/** No row of a table is longer, and no pattern here is slow on a line of this length. */
const MOST = 1000;

/** What stands below a header, and where its column ends. */
function cell(line: string, header: string, label: RegExp): [text: string, end: number] {
  const start = header.search(label);
  if (start === -1) return ["", 0];
  const [title = ""] = /^\S+(?: \S+)* */.exec(header.slice(start)) ?? [];
  const end = start + title.length === header.length ? line.length : start + title.length;
  return [take(line, start, end).trim(), end];
}

/** `*pts/0   1:07  Nov 22 16:36 (desk.example)`: the star for messages off, an idle `*` for who is not on. */
function readPresence(user: Draft, line: string, header: string, ttyAt: number): void {
  const hasOffice = header.includes("Office Phone") && !line.endsWith(")");
  const [office] = cell(hasOffice ? line : "", header, /Office {2}/);
  const [officePhone] = cell(hasOffice ? line : "", header, /Office Phone/);
  if (office !== "") user.office = office;
  if (officePhone !== "") user.officePhone = officePhone;
  const presence = take(line, ttyAt - 1, hasOffice ? header.indexOf("Office ") : undefined);
  if (presence.includes(" No logins")) user.lastLogin = null;
  const [, star, tty, idle = "", rest = ""] = /^([* ])(\S+) +(?:(\*|\d+d?|\d+:\d\d) )? *(.*)$/.exec(presence) ?? [];
  const [, when = "", host] = /^(.*?) *(?:\((.*)\))?$/.exec(rest.trim()) ?? [];
  addText(user, when);
  if (tty === undefined) return;
  const login = { tty, ...(host && { host }) };
  if (idle === "*") user.lastLogin = login;
  else {
    const session = { ...login, ...(idle && { idle: parseIdle(idle) }), ...(star === "*" && { messages: false }) };
    user.sessions = [...(user.sessions ?? []), session];
  }
}
