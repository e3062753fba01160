import type { FingerSession, FingerUser } from "../user.js";
import { parseDate, parseIdle } from "./clock.js";
import { addText, type Draft } from "./draft.js";

/** `finger -l` of netkit, FreeBSD and macOS: a block for each user, from its line `Login: … Name: …` on. */
export function parseLong(lines: readonly string[], now: Date): FingerUser[] {
  const heads: number[] = [];
  lines.forEach((line, index) => {
    if (HEAD.test(line) && (heads.length === 0 || lines[index - 1] === "")) heads.push(index);
  });
  // A blank line parts two users.
  return heads.map((head, nth) => parseBlock(lines.slice(head, (heads[nth + 1] ?? lines.length + 1) - 1), now));
}

/** Facts come first, a line each; then texts, each behind or below its header. */
function parseBlock([head = "", ...lines]: readonly string[], now: Date): FingerUser {
  const [, login = "", name] = HEAD.exec(head) ?? [];
  const user: Draft = name ? { login, name } : { login };
  const starts = findSections(lines);
  const facts = lines.slice(0, starts[0]?.at);
  for (const line of facts) if (!readFact(user, line, now)) addText(user, line);
  starts.forEach(({ at, header, field }, nth) => {
    const text = lines.slice(at, starts[nth + 1]?.at);
    text[0] = (text[0] ?? "").slice(header.length).trim();
    const body = text.slice(text[0] === "" ? 1 : 0).join("\n");
    if (field) user[field] = body;
    else addText(user, body);
  });
  return user;
}

/** Where the texts begin. A header that does not follow in their order is a line of the text before it. */
function findSections(lines: readonly string[]) {
  let rank = -1;
  return lines.flatMap((line, at) => {
    const next = SECTIONS.findIndex(([header], index) => index > rank && line.startsWith(header));
    if (next === -1) return [];
    rank = next;
    const [header, field] = SECTIONS[next] as (typeof SECTIONS)[number];
    return [{ at, header, field }];
  });
}

/** Their headers in the order of both systems. Only netkit names the key by its make, and puts it first. */
const SECTIONS: ReadonlyArray<readonly [header: string, field?: "pgpKey" | "project" | "plan"]> = [
  ["PGP key:", "pgpKey"],
  ["Project:", "project"],
  ["No Plan."],
  ["Plan:", "plan"],
  ["Public key:", "pgpKey"],
];

const HEAD = /^Login: (\S+)\s*(?:Name: ?(.*))?$/;

/** Reads a line into its fields; `false` when it has none, or says something that cannot be told for certain. */
function readFact(user: Draft, line: string, now: Date): boolean {
  if (line.length > MOST) return false;
  for (const [pattern, read] of FACTS) {
    const match = pattern.exec(line);
    if (match !== null) return read(user, match.slice(1), now);
  }
  return false;
}

/** No fact is longer, and no pattern below is slow on a line of this length. */
const MOST = 1000;

type ReadFact = (user: Draft, parts: readonly string[], now: Date) => boolean;

const FACTS: ReadonlyArray<readonly [pattern: RegExp, read: ReadFact]> = [
  [/^Directory: (|.*\S)\s+Shell: (.*)$/, (user, [directory, shell]) => assign(user, { directory, shell })],
  [/^((?:Office|Home Phone).*)$/, readOffice],
  [/^(On since|Last login) (.*\)) on (.*)$/, readLogin],
  [/^Never logged in\.$/, (user) => assign(user, { lastLogin: null })],
  [/^No [Mm]ail\.$/, (user) => assign(user, { mail: null })],
  [/^Mail forwarded to:? (.*)$/, (user, [mailForward]) => assign(user, { mailForward })],
  [/^(New mail received|Mail last read| {5}Unread since) (.*)$/, readMail],
  [/^ +((?:\d+ \w+ )+idle|from \S+|\(messages off\))$/, readSessionRest],
];

function assign(user: Draft, fields: Partial<Draft>): true {
  Object.assign(user, fields);
  return true;
}

/** Up to two of the three fields, parted by tabs; the office with its phone behind a comma when both are short. */
function readOffice(user: Draft, [line = ""]: readonly string[]): boolean {
  for (const [, label, value = ""] of line.matchAll(/(Office|Office Phone|Home Phone): (.*?)(?=\t| {2}|$)/g)) {
    const [, office = value, officePhone] = /^(.*), (.*)$/.exec(value) ?? [];
    if (label === "Home Phone") user.homePhone = value;
    else if (label === "Office Phone") user.officePhone = value;
    else assign(user, officePhone === undefined ? { office } : { office, officePhone });
  }
  return true;
}

/** `On since Sun Nov 22 16:36 (UTC) on pts/0, idle 1:07, from host (messages off)`, and netkit's like. */
function readLogin(user: Draft, [label, date = "", place = ""]: readonly string[], now: Date): boolean {
  const since = parseDate(date, now);
  const login = { ...(since && { since }), ...parsePlace(place) };
  if (label === "Last login") user.lastLogin = login;
  else user.sessions = [...(user.sessions ?? []), login];
  return since !== undefined;
}

/** The lines below a session: its idle time, its refusal of messages, its host. */
function readSessionRest(user: Draft, [text = ""]: readonly string[]): boolean {
  const sessions = user.sessions ?? [];
  const { tty, ...rest } = parsePlace(` ${text}`);
  if (sessions.length === 0 || Object.keys(rest).length === 0) return false;
  user.sessions = sessions.map((session, index) => (index === sessions.length - 1 ? { ...session, ...rest } : session));
  return true;
}

function parsePlace(text: string): FingerSession {
  const [place = "", host] = text.replace(" (messages off)", "").split(" from ");
  const tty = place.split(/[ ,]/, 1)[0] ?? "";
  const idle = parseIdle(place.slice(tty.length));
  return {
    tty,
    ...(host && { host: host.trim() }),
    ...(idle > 0 && { idle }),
    ...(text.includes("(messages off)") && { messages: false }),
  };
}

function readMail(user: Draft, [label, date = ""]: readonly string[], now: Date): boolean {
  const at = parseDate(date, now);
  user.mail = { ...user.mail, ...(at && { [label === "New mail received" ? "receivedAt" : "readAt"]: at }) };
  return at !== undefined;
}
