import { escapeControls } from "../escape.js";
import { toWallTime, toZoneName } from "../time.js";
import type { FingerMail, FingerSession, FingerUser } from "../user.js";
import { countBytes, cutBytes, pad } from "../width.js";
import type { LayoutSettings } from "./layout.js";
import { endLine, toField } from "./lines.js";

// What the fingers that come from 4.4BSD's have in common. Widths are bytes of UTF-8, as printf(3) counts them, so that
// the output is the same to the byte.

/** A login that lasts, or else the last one: `null` when there never was one, `undefined` when nothing is known of it. */
export interface Presence {
  readonly isOn: boolean;
  readonly login: FingerSession | null | undefined;
}

/** Where a user is. Where the user last was is told, too, when it is news: later, and on another terminal. */
function toPresences({ sessions = [], lastLogin }: FingerUser): Presence[] {
  const present = sessions.map((login) => ({ isOn: true, login }));
  const isNews =
    sessions.some(({ since }) => since && lastLogin?.since && toSeconds(since) < toSeconds(lastLogin.since)) &&
    sessions.every(({ tty }) => tty !== lastLogin?.tty);
  return isNews || present.length === 0 ? [...present, { isOn: false, login: lastLogin }] : present;
}

// The long form

/** What the long form begins with: the account. */
export function formatAccount(user: FingerUser): string {
  return [
    `Login: ${pad(toField(user.login), 15)}\t\t\tName: ${toField(user.name)}\n`,
    formatHome(user),
    formatOffice(user),
    // What those fingers do not know, where it is said.
    formatFile("Pronouns: ", user.pronouns),
    formatFile("Time zone: ", user.timeZone),
  ].join("");
}

function formatHome({ directory, shell }: FingerUser): string {
  if ((directory ?? shell) === undefined) return "";
  return `Directory: ${pad(toField(directory), 25)}\tShell: ${toField(shell) || "/bin/sh"}\n`;
}

/** The office takes its phone along when both are short. */
function formatOffice(user: FingerUser): string {
  const [office, officePhone] = [toField(user.office), toField(user.officePhone)];
  const joined =
    office !== "" && officePhone !== "" && countBytes(office) + countBytes(officePhone) + 9 <= MIDDLE * TAB;
  return fillLines([
    joined ? `Office: ${office}, ${formatPhone(officePhone)}` : office && `Office: ${office}`,
    joined ? "" : officePhone && `Office Phone: ${formatPhone(officePhone)}`,
    user.homePhone && `Home Phone: ${formatPhone(toField(user.homePhone))}`,
  ]);
}

/** Two fields a line, the second from the middle of the screen on, when it fits there. */
function fillLines(fields: ReadonlyArray<string | undefined>): string {
  let text = "";
  let left = 0;
  for (const field of fields) {
    if (!field) continue;
    const length = countBytes(field);
    const tabs = Math.floor(left / TAB);
    if (left > 0 && (Math.max(MIDDLE, tabs) + 1) * TAB + length <= LINE) {
      text += `${"\t".repeat(Math.max(MIDDLE - tabs, 1))}${field}\n`;
      left = 0;
    } else {
      text += left > 0 ? `\n${field}` : field;
      left = length;
    }
  }
  return left > 0 ? `${text}\n` : text;
}

/** A bare number is set with hyphens by its length; anything else is the user's own setting. */
function formatPhone(phone: string): string {
  const digits = /^\d+$/.test(phone) ? PHONES[phone.length] : undefined;
  if (digits === undefined) return phone;
  let index = 0;
  return digits.replace(/0/g, () => phone.charAt(index++));
}

const PHONES: Readonly<Record<number, string>> = {
  4: "x0000",
  5: "x0-0000",
  7: "000-0000",
  10: "000-000-0000",
  11: "+0-000-000-0000",
};

/** A line for each presence of which something is known. */
export function formatLogins(user: FingerUser, formatLine: (presence: Presence, longestTty: number) => string): string {
  const presences = toPresences(user).filter(({ login }) => login !== undefined);
  const longestTty = Math.max(0, ...presences.map(({ login }) => countBytes(toField(login?.tty))));
  return presences.map((presence) => `${formatLine(presence, longestTty)}\n`).join("");
}

/** What a line of the long form says first of a login. */
export function formatLogin({ isOn, login }: Presence, settings: LayoutSettings, withYear: boolean): string {
  if (!login) return "Never logged in.";
  const { since, tty } = login;
  const when = since ? `${isOn ? " since" : ""} ${formatDate(since, settings, withYear && !isOn)}` : "";
  return `${isOn ? "On" : "Last login"}${when} on ${toField(tty)}`;
}

/** @param nothing - What an empty mailbox is called. */
export function formatMail(mail: FingerMail | null | undefined, nothing: string, settings: LayoutSettings): string {
  if (mail === undefined) return "";
  const { receivedAt, readAt } = mail ?? {};
  if (receivedAt && (!readAt || toSeconds(receivedAt) > toSeconds(readAt))) {
    const unread = readAt ? `     Unread since ${formatDate(readAt, settings, true)}\n` : "";
    return `New mail received ${formatDate(receivedAt, settings, true)}\n${unread}`;
  }
  return readAt ? `Mail last read ${formatDate(readAt, settings, true)}\n` : `${nothing}\n`;
}

/** A file that somebody has, with what stands before it. */
export function formatFile(header: string, text: string | undefined): string {
  return text === undefined ? "" : endLine(escapeControls(header + (text || "\n")));
}

/** strftime(3) `%a %b %e %R (%Z)`, or with `%Y` before the zone. */
function formatDate(date: Date, { timeZone, zoneName }: LayoutSettings, withYear: boolean): string {
  const { weekday, month, day, time, year } = toWallTime(date, timeZone);
  const zone = zoneName?.(date) ?? toZoneName(date, timeZone);
  return `${weekday} ${month} ${day} ${time}${withYear ? ` ${year}` : ""} (${zone})`;
}

// The short form

/** A row for each presence of each user, sorted by the login name. */
export function formatTable(
  users: readonly FingerUser[],
  formatRow: (user: FingerUser, presence: Presence) => string,
): string {
  const sorted = [...users].sort((a, b) => (a.login < b.login ? -1 : +(a.login > b.login)));
  return sorted.flatMap((user) => toPresences(user).map((presence) => `${formatRow(user, presence)}\n`)).join("");
}

/** The terminal, the idle time and the time of a login, which has 12 columns: 28 columns in all. */
export function formatPresence({ isOn, login }: Presence, tty: string, time: string): string {
  const star = isOn && login?.messages === false ? "*" : " ";
  const idle = isOn ? formatIdle(login?.idle ?? 0) : "    *";
  return `${star}${pad(cutBytes(tty, 7), 7)} ${idle}  ${time}`;
}

/** The last columns: the office and its phone, each cut to its width. */
export function formatOfficeColumns(user: FingerUser, officeWidth: number, phoneWidth: number): string {
  const [office, phone] = [toField(user.office), toField(user.officePhone)];
  const room = (office || phone) && ` ${pad(cutBytes(office, officeWidth), officeWidth)}`;
  return room + (phone && ` ${cutBytes(formatPhone(phone), phoneWidth)}`);
}

function formatIdle(idle: number): string {
  const [days, hours, minutes] = splitSeconds(idle);
  const time = hours > 0 ? `${hours}:${toTwoDigits(minutes)}` : `${minutes || ""}`;
  return (days > 0 ? `${days}d` : time).padStart(5);
}

// Times

/** Seconds since `date`. Whole ones, as of time(2). */
export function toAge(date: Date, { now }: LayoutSettings): number {
  return toSeconds(now) - toSeconds(date);
}

function toSeconds(date: Date): number {
  return Math.floor(+date / 1000);
}

/** What lies as long ago is shown with its year: 182.5 days, in seconds. */
export const HALF_A_YEAR: number = (365 / 2) * 86400;

export function splitSeconds(idle: number): [days: number, hours: number, minutes: number, seconds: number] {
  const at = (seconds: number) => Math.max(0, Math.floor(idle / seconds));
  return [at(86400), at(3600) % 24, at(60) % 60, at(1) % 60];
}

export function toTwoDigits(count: number): string {
  return String(count).padStart(2, "0");
}

const TAB = 8;
/** Where the right half of a line begins, in tabs. */
const MIDDLE = 5;
/** The columns of a line. */
export const LINE = 80;
