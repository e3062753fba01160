import type { FingerUser } from "../user.js";
import { isLogin } from "./draft.js";

/**
 * The lists that finger services print instead of a table. Each shape has a cue that prose does not; without one the
 * reply is text.
 */
export function parseLists(lines: readonly string[]): FingerUser[] {
  for (const parse of [parseMarkers, parseMenu, parseGrid, parseAddresses]) {
    const users = new Map(parse(lines).map((user) => [user.login, user]));
    if (users.size > 0) return [...users.values()];
  }
  return [];
}

/** `> name` on at least two lines in a row, as happynetbox has them. */
function parseMarkers(lines: readonly string[]): FingerUser[] {
  const toLogin = (line: string) => /^> +(\S+)$/.exec(line)?.[1];
  return longestRun(lines, (line) => isLogin(toLogin(line)), 2).map((line) => ({ login: toLogin(line) as string }));
}

/** `name: what it tells` under `Available fingers:`, as typed-hole has it. */
function parseMenu(lines: readonly string[]): FingerUser[] {
  const cue = lines.findIndex((line) => line.trim().toLowerCase() === "available fingers:");
  return takeRun(lines, cue, (line) => line.includes(":") && isLogin(line.split(":", 1)[0])).map((line) => {
    const colon = line.indexOf(":");
    const text = line.slice(colon + 1).trim();
    return { login: line.slice(0, colon), ...(text && { text }) };
  });
}

/** Nothing but logins, under a line such as `users currently logged in are:`, as tilde.team has them. */
function parseGrid(lines: readonly string[]): FingerUser[] {
  for (const [index, line] of lines.entries()) {
    if (line.length > 80 || !/\b(logged[ -]?in|online)\b/i.test(line) || !line.trimEnd().endsWith(":")) continue;
    const rows = takeRun(lines, index, (row) => row.trim().split(/\s+/).every(isLogin) && !/^\d+ users?$/.test(row));
    if (rows.length > 0) return rows.flatMap((row) => row.trim().split(/\s+/)).map((login) => ({ login }));
  }
  return [];
}

/** At least three addresses, each alone on its line, as crossed-fingers has them. */
function parseAddresses(lines: readonly string[]): FingerUser[] {
  const run = longestRun(lines, (line) => ADDRESS.test(line.trim()), 3);
  const users = run
    .map((line) => ({ login: line.trim() }))
    .filter(({ login }) => login.includes(".", login.indexOf("@")));
  return new Set(users.map(({ login }) => login)).size < 3 ? [] : users;
}

const ADDRESS = /^\w[\w.-]{0,31}@[\w.-]+$/;

/** The lines below `cue` that are rows, behind at most one blank line. */
function takeRun(lines: readonly string[], cue: number, isRow: (line: string) => boolean): readonly string[] {
  if (cue === -1) return [];
  const start = lines[cue + 1]?.trim() === "" ? cue + 2 : cue + 1;
  let end = start;
  while (end < lines.length && isRow(lines[end] as string)) end++;
  return lines.slice(start, end);
}

/** The first longest run of rows, if it has at least `least` of them. */
function longestRun(lines: readonly string[], isRow: (line: string) => boolean, least: number): readonly string[] {
  let longest: readonly string[] = [];
  let start = 0;
  for (let index = 0; index <= lines.length; index++) {
    const line = lines[index];
    if (line !== undefined && isRow(line)) continue;
    if (index - start > longest.length) longest = lines.slice(start, index);
    start = index + 1;
  }
  return longest.length >= least ? longest : [];
}
