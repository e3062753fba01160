import type { FingerUser } from "../user.js";
import { countBytes, countColumns } from "../width.js";
import { addLogin, addText, type Draft, isLogin, parsePlace } from "./draft.js";

/**
 * A table of users: `finger -s` of netkit, the BSDs, macOS, Solaris and cfingerd, who(1) and w(1), the lists of
 * pubnixes, our own list of statuses, and Telehack's. A column begins where its header does; a user with several rows
 * is one. The times of a table name no zone, so they stay text.
 */
export function parseTable(lines: readonly string[]): FingerUser[] {
  const users = new Map<string, Draft>();
  let columns: readonly RegExpExecArray[] = [];
  let first = 0;
  for (const line of lines.map(expandTabs)) {
    const start = HEADER.exec(line)?.[0].length;
    if (start !== undefined || /^(?:\s*$|\d+ user)/.test(line)) {
      first = start ?? line.length;
      // One blank alone parts the first two columns of cfingerd.
      columns = [...line.slice(first).replace(/e R/i, "  R").matchAll(TITLE)].slice(1);
      continue;
    }
    const row = line.slice(first);
    const [login = ""] = row.split(" ", 1);
    if (columns.length === 0 || !isLogin(login) || !ROW.test(row)) continue;
    const user = users.get(login) ?? { login };
    users.set(login, user);
    readRow(user, row, columns);
  }
  return [...users.values()];
}

const HEADER =
  /^(?=.{1,199}$) *(?:port +)?(?=(?:login {2,}(?:name|status|tty)|user +tty +from|name +line +time|username (?:real| +status))\b)/i;

/** The titles of the terminal, of the idle time and of the login time are one. */
const TITLE = /\b(?:tty|line)\b.*?(?=Office {5}|$)|\S+(?: \S+)*/gi;
const TTY = /^(?:tty|line)/i;

/** Blanks part two columns, as they do not part the words of prose. `???` is the name of who does not exist. */
const ROW = /^(?!\S+ +\?{3} *$)(?:\S+ (?: |$)|\S{8,} .* {2}\S)/;

/** Each cell has a blank behind it, the last one too. */
function expandTabs(line: string): string {
  const cells = line.split("\t");
  return cells.length === 1
    ? `${line} `
    : cells.map((cell) => cell.padEnd(cell.length + 8 - (cell.length % 8))).join("");
}

/** finger(1) fills its columns up by bytes and pubnixes by what the screen shows; some count characters. */
function readRow(user: Draft, row: string, columns: readonly RegExpExecArray[]): void {
  // A host stands where the office would.
  const shown = row.trimEnd().endsWith(")") ? columns.slice(0, 2) : columns;
  const isAligned = (line: string) =>
    shown.every(({ index }, nth) => (nth === 0 ? line.indexOf(" ") < index : " *".includes(line.charAt(index - 1))));
  const count = columns.some(({ 0: title }) => TTY.test(title)) ? countBytes : countColumns;
  const line = [spread(row, count), row].find(isAligned);
  // A login that is too long pushes its row to the right, and then nobody can tell where the columns are.
  if (line === undefined) addText(user, row.slice(user.login.length).trim());
  else readCells(user, line, shown);
}

/** Makes as many characters of each as the columns or bytes that it takes. */
function spread(row: string, measure: (char: string) => number): string {
  return row.replace(/[^\0-\x7f]/gu, (char) => char.padEnd(measure(char), FILLER));
}

/** No sanitised text has it. */
const FILLER = "\0";

function clean(text: string): string {
  return text.replaceAll(FILLER, "").trim();
}

/** A name begins behind the login: Solaris does not put it below its header. */
function readCells(user: Draft, line: string, columns: readonly RegExpExecArray[]): void {
  for (const [nth, { 0: title, index }] of columns.entries()) {
    const next = columns[nth + 1]?.index;
    const cell = clean(line.slice(nth === 0 ? line.indexOf(" ") : index, next && next - 1));
    if (cell === "" || cell === "???") continue;
    if (/name/i.test(title)) user.name = cell;
    else if (/^status/i.test(title)) user.status = cell;
    else if (title === "Office") user.office = cell;
    else if (title === "Office Phone") user.officePhone = cell;
    else if (TTY.test(title)) readPresence(user, line.slice(index - 1, next));
    else return void addText(user, clean(line.slice(index)));
  }
}

/**
 * `*pts/0   1:07  Nov 22 16:36 (desk.example)`: the star for messages off, an idle `*` for who is not on. A column
 * begins with the star or behind it. Solaris puts the last login into angle brackets.
 */
function readPresence(user: Draft, presence: string): void {
  const [, star, tty, idle = "", rest = presence] =
    /^ {0,2}(\*?)([^\s*<]\S*) *(?:(\*|-|\d+d?|\d+:\d*) +)?(.*)$/s.exec(presence) ?? [];
  const [, said = "", host] = /^([^(]*)(?:\((.*)\)$)?/.exec(clean(rest)) ?? [];
  const when = said.trim();
  if (/No logins|^< \./.test(when)) user.lastLogin = null;
  else addText(user, when);
  if (tty === undefined) return;
  const place = `${tty},${idle}${host ? ` from ${host}` : ""}${star && " (messages off)"}`;
  addLogin(user, parsePlace(place), idle === "*" || when.startsWith("<"));
}
