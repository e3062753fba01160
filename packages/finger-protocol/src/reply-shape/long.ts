import type { FingerUser } from "../user.js";
import { parseDate } from "./clock.js";
import { addLogin, addText, type Draft, parsePlace } from "./draft.js";

/** `finger -l` of netkit, the BSDs, macOS, Solaris and cfingerd: a block for each user, from its first line on. */
export function parseLong(lines: readonly string[], now: Date): FingerUser[] {
  const heads: number[] = [];
  for (const [index, line] of lines.entries()) {
    // A blank line parts two users, and their heads look alike; any other head is one that a plan quotes.
    const first = lines[heads[0] ?? index]?.includes("\t");
    const mayBegin = heads.length === 0 || (lines[index - 1] === "" && line.includes("\t") === first);
    if (mayBegin && isHead(line, lines[index + 1])) heads.push(index);
  }
  return heads.map((head, nth) => parseBlock(lines.slice(head, heads[nth + 1]), now));
}

/** A head without a name says too little: Twisted sends it for who is not known. The line below it must say more. */
function isHead(line: string, next = ""): boolean {
  const [found, , name] = HEAD.exec(line) ?? [];
  if (found === undefined || name !== undefined) return name !== undefined;
  return FACT.test(next) || SECTIONS.some(([header]) => next.startsWith(header));
}

/** Facts come first, a line each; then texts, each behind or below its header, without the blank lines at their ends. */
function parseBlock([head = "", ...lines]: readonly string[], now: Date): FingerUser {
  const [, login = "", name] = HEAD.exec(head) ?? [];
  const user: Draft = { login };
  if (name?.trim()) user.name = name.trim();
  let rank = -1;
  let field: TextField | undefined;
  let gap = "";
  for (const line of lines) {
    // A header that does not follow in their order is a line of the text before it.
    const next = SECTIONS.findIndex(([header], index) => index > rank && line.startsWith(header));
    const [header] = SECTIONS[next] ?? [];
    if (header) {
      rank = next;
      field = SECTIONS[next]?.[1];
      const text = line.slice(header.length).trim();
      if (field) user[field] = text;
      gap = text && "\n";
    } else if (field && line.trim()) {
      user[field] += gap + line;
      gap = "\n";
    } else if (field) gap += `${line}\n`;
    else if (!readFact(user, line, now)) addText(user, line);
  }
  return user;
}

type TextField = "pgpKey" | "project" | "plan";

/** Their headers in the order of all systems. netkit alone puts the key first. */
const SECTIONS: ReadonlyArray<readonly [header: string, field?: TextField]> = [
  ["PGP key:", "pgpKey"],
  ["Project:", "project"],
  ["No Plan."],
  ["Plan:", "plan"],
  ["Public key:", "pgpKey"],
  ["PGP Public Key:", "pgpKey"],
];

const HEAD = /^(?:Login(?: name)?|Username): (\S+)\s*(?:(?:Name|In real life):(?! \?{3})(.*))?$/;

/** Reads a line into its fields; `false` when it has none, or says something that cannot be told for certain. */
function readFact(user: Draft, line: string, now: Date): boolean {
  const [fact, label, date, place = "", directory, shell = "", mailForward, name, rooms, rest, event, mailDate = ""] =
    FACT.exec(line) ?? [];
  const at = parseDate(date ?? mailDate, now);
  if (label) addLogin(user, { ...(at && { since: at }), ...parsePlace(place) }, label === "Last login");
  else if (event) {
    user.mail = { ...user.mail, ...(at && { [event === "New mail received" ? "receivedAt" : "readAt"]: at }) };
  } else if (directory !== undefined) Object.assign(user, { directory: directory.trim(), shell: shell.trim() });
  else if (mailForward) user.mailForward = mailForward;
  else if (name) user.name ??= name;
  else if (rooms) readRooms(user, rooms);
  else if (rest) {
    // Below a session stand its idle time, its refusal of messages, its host.
    const session = user.sessions?.at(-1);
    if (session === undefined) return false;
    Object.assign(session, parsePlace(`${session.tty} ${rest.trim()}`));
  } else if (fact === "Never logged in.") user.lastLogin = null;
  else if (fact?.startsWith("No ")) user.mail = null;
  return fact !== undefined && (at !== undefined || !(label ?? event));
}

/** With the date and the place of a login; with the date of mail; or whole. */
const FACT =
  /^(?:(On since|Last login) ([A-Z]\w+ .*?) on (\S.*)|(?:Home d|D)irectory: (.*)\sShell: (.*)|Mail forwarded to:? (.*)|Name: (.*)|((?:Office|Home)(?: Phone)?: .*)|( +from \S+| +\(messages off\)| *(?:\d+ \w+ )+[Ii]dle.*)|(New mail received|Mail last read| {5}Unread since) (.*)|Never logged in\.|No [Mm]ail\.)$/s;

/** Up to two of the three fields, parted by tabs; the office with its phone behind a comma when both are short. */
function readRooms(user: Draft, line: string): void {
  for (const [, place, phone, value = ""] of line.matchAll(/(Office|Home)( Phone)?: (\S.*?)(?=\t| {2}|$)/gs)) {
    const [, office = value, officePhone] = /^(.*), (.*)$/s.exec(value) ?? [];
    if (phone) user[place === "Home" ? "homePhone" : "officePhone"] = value;
    else Object.assign(user, { office }, officePhone && { officePhone });
  }
}
