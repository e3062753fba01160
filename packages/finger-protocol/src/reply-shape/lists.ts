import type { FingerUser } from "../user.js";
import { isLogin } from "./draft.js";

/**
 * The lists that finger services print instead of a table. Each shape has a cue that prose does not; without one the
 * reply is text.
 */
export function parseLists(lines: readonly string[]): FingerUser[] {
  const rows = ["-", ...lines.map((line) => line.trim())];
  for (const [index, cue] of rows.entries()) {
    if (PERSONAL.test(cue)) continue;
    const users = takeRun(rows, index + 1, findShape(cue));
    const logins = [...users.keys()];
    // One person may have several addresses.
    const names = new Set(logins.map((login) => login.split("@", 1)[0]));
    if (names.size > (logins[0]?.includes("@") ? 2 : 0)) return [...users.values()];
  }
  return [];
}

/** No cue: a line of a list, a blank one, and what people say of themselves, of their mails and in their mails. */
const PERSONAL = /^(?:[^\s@]+@[^\s@]+)?$|(?:^|\s)(?:i|m[ey]|wrote)\b|mail:?$/i;

/** What a row below a cue has: logins, and perhaps a text. */
function findShape(cue: string): RegExp {
  if (/^[<=> -]*available fingers\b/i.test(cue)) return ENTRY; // no row of its own, or each would begin a run
  if (!USERS.test(cue)) return ADDRESS;
  return /\b(?:logged[ -]?[io]n|online)\b/i.test(cue) ? LOGINS : MARKER;
}

const USERS = /^(?=.{1,79}:$).*\b(?:users?|members|profiles|(?:currently|who is) (?:logged|online))\b/i;

/** `name: what it tells` or `name   what it tells`, as typed-hole and redterminal have it. */
const ENTRY = /^(\S+?)(?::|\s{2}|\t)\s*(.*)$/s;

/** `> name`, as happynetbox has it. */
const MARKER = /^> +(\S+)$/;

/** Nothing but logins, as tilde.team has them. A number counts them. */
const LOGINS = /^(?!\d+(?!\S))(.+)$/s;

/** An address alone on its line, as crossed-fingers has at least three of them. */
const ADDRESS = /^(?=\S+@)(\S+)$/;

/** The users of the rows from `start` on, behind at most one blank line, up to the first line that is none. */
function takeRun(rows: readonly string[], start: number, shape: RegExp): Map<string, FingerUser> {
  const users = new Map<string, FingerUser>();
  for (let at = rows[start] === "" ? start + 1 : start; at < rows.length; at++) {
    const [, words = "", text] = shape.exec(rows[at] as string) ?? [];
    const logins = words.split(/\s+/);
    if (!logins.every((login) => isLogin(login) && !PROSE.test(login))) break;
    // No query reaches a host without a domain.
    for (const login of logins) if (!/@[^.]*$/.test(login)) users.set(login, { login, ...(text && { text }) });
  }
  return users;
}

/** What says that nobody is there, and what tells a line of prose or the header of a table from a row of logins. */
const PROSE = /^(?:n(?:o|one|obody|ame)|the|is|to|at|only)$/i;
