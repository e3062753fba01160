import { escapeControls } from "../escape.js";
import { toWallTime, toZoneName } from "../time.js";
import type { FingerLogin, FingerMail, FingerSession, FingerUser } from "../user.js";
import { countBytes, cutBytes, pad } from "../width.js";
import { endLine, type FormatSettings, isLongAgo, toField, toSeconds } from "./settings.js";

// The layout of netkit's finger 0.17, which Linux distributions ship. Widths are bytes of UTF-8, as its printf counts
// them, so that the output is the same to the byte.

/** `finger -l` for one user; without plans `finger -lp`. */
export function formatLong(user: FingerUser, settings: FormatSettings, plans: boolean): string {
  return [
    `Login: ${pad(toField(user.login), 15)}\t\t\tName: ${toField(user.name)}\n`,
    formatHome(user),
    formatOffice(user),
    // What netkit does not know, where it is said.
    formatFile("Pronouns: ", user.pronouns),
    formatFile("Time zone: ", user.timeZone),
    formatLogins(user, settings),
    formatFile("Mail forwarded to ", user.mailForward),
    formatMail(user.mail, settings),
    plans ? formatPlans(user) : "",
  ].join("");
}

/** `finger -s`: a header, then a row for each login, sorted by the bytes of the login name. */
export function formatShort(users: readonly FingerUser[], settings: FormatSettings): string {
  const columns = fitColumns(users, settings.width);
  const header = `${pad("Login", columns.login)} ${pad("Name", Math.abs(columns.name))}  ${SHORT_HEADER}\n`;
  const sorted = [...users].sort((a, b) => (a.login < b.login ? -1 : a.login > b.login ? 1 : 0));
  return header + sorted.flatMap((user) => formatRows(user, columns, settings)).join("");
}

function formatHome({ directory, shell }: FingerUser): string {
  if (directory === undefined && shell === undefined) return "";
  return `Directory: ${pad(toField(directory), 25)}\tShell: ${toField(shell) || "/bin/sh"}\n`;
}

/** The office takes its phone along when both are short. */
function formatOffice(user: FingerUser): string {
  const [office, officePhone] = [toField(user.office), toField(user.officePhone)];
  const joined = office !== "" && officePhone !== "" && countBytes(office) + countBytes(officePhone) + 9 <= MIDDLE;
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
    const column = Math.floor(Math.max(MIDDLE, left) / TAB + 1) * TAB;
    if (left > 0 && column + length <= LINE) {
      text += `${"\t".repeat(Math.max(0, Math.ceil((MIDDLE - TAB - left) / TAB)) + 1)}${field}\n`;
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

function formatLogins(user: FingerUser, settings: FormatSettings): string {
  const sessions = user.sessions ?? [];
  const last = showsLastLogin(user) ? [user.lastLogin] : [];
  const longest = Math.max(0, ...[...sessions, ...last].map((login) => countBytes(toField(login?.tty))));
  const lines = sessions.map((session) => formatSession(session, longest, settings));
  return lines.join("") + last.map((login) => formatLastLogin(login, settings)).join("");
}

/** The idle time stands behind the terminals, in one column; behind a host it takes a line of its own. */
function formatSession(session: FingerSession, longestTty: number, settings: FormatSettings): string {
  const tty = toField(session.tty);
  const idle = formatIdleInWords(session.idle ?? 0);
  const when = session.since === undefined ? "" : ` since ${formatDate(session.since, settings, false)}`;
  const gap = idle === "" ? "" : (session.host ? "\n" : "") + " ".repeat(longestTty - countBytes(tty) + 3);
  const messages = session.messages === false ? `${idle === "" ? "" : "\n    "} (messages off)` : "";
  return `On${when} on ${tty}${formatHost(session)}${gap}${idle}${messages}\n`;
}

/** Minutes are told below a day, seconds below an hour. */
function formatIdleInWords(idle: number): string {
  const [days, hours, minutes, seconds] = splitSeconds(idle);
  const say = (count: number, unit: string) => (count > 0 ? `${count} ${unit}${count === 1 ? "" : "s"} ` : "");
  const rest = days > 0 ? "" : say(minutes, "minute") + (hours > 0 ? "" : say(seconds, "second"));
  return idle < 1 ? "" : `${say(days, "day")}${say(hours, "hour")}${rest}idle`;
}

/** netkit speaks of the last login when it is news: newer than a present one, and on another terminal. */
function showsLastLogin({ sessions = [], lastLogin }: FingerUser): boolean {
  if (sessions.length === 0 || !lastLogin) return sessions.length === 0 && lastLogin !== undefined;
  const isNewer = ({ since }: FingerSession) =>
    since !== undefined && lastLogin.since !== undefined && toSeconds(since) < toSeconds(lastLogin.since);
  return sessions.some(isNewer) && sessions.every(({ tty }) => tty !== lastLogin.tty);
}

function formatLastLogin(login: FingerLogin | null | undefined, settings: FormatSettings): string {
  if (!login) return "Never logged in.\n";
  const { since } = login;
  const when = since === undefined ? "" : ` ${formatDate(since, settings, isLongAgo(since, settings))}`;
  return `Last login${when} on ${toField(login.tty)}${formatHost(login)}\n`;
}

function formatHost({ host }: FingerLogin): string {
  return host ? ` from ${toField(host)}` : "";
}

function formatMail(mail: FingerMail | null | undefined, settings: FormatSettings): string {
  if (mail === undefined) return "";
  const { receivedAt, readAt } = mail ?? {};
  const isNew = receivedAt !== undefined && (readAt === undefined || toSeconds(receivedAt) > toSeconds(readAt));
  const unread = readAt === undefined ? "" : `     Unread since ${formatDate(readAt, settings, true)}\n`;
  if (isNew) return `New mail received ${formatDate(receivedAt, settings, true)}\n${unread}`;
  return readAt === undefined ? "No mail.\n" : `Mail last read ${formatDate(readAt, settings, true)}\n`;
}

function formatPlans({ pgpKey, project, plan }: FingerUser): string {
  return (
    formatFile("PGP key:\n", pgpKey) + formatFile("Project:\n", project) + (formatFile("Plan:\n", plan) || "No Plan.\n")
  );
}

function formatFile(header: string, text: string | undefined): string {
  return text === undefined ? "" : endLine(escapeControls(header + (text || "\n")));
}

/** strftime(3) `%a %b %e %R (%Z)`, or with `%Y` before the zone. */
function formatDate(date: Date, { timeZone }: FormatSettings, withYear: boolean): string {
  const { weekday, month, day, time, year } = toWallTime(date, timeZone);
  return `${weekday} ${month} ${day} ${time}${withYear ? ` ${year}` : ""} (${toZoneName(date, timeZone)})`;
}

/** The two first columns grow with their longest value, as far as the screen allows. */
function fitColumns(users: readonly FingerUser[], width: number): { login: number; name: number } {
  const space = width - 50;
  const measure = (most: number, text: string | undefined) => Math.max(most, countBytes(toField(text)));
  const login = users.reduce((most, user) => measure(most, user.login), 8);
  const longest = users.reduce((most, user) => measure(most, user.name), 8);
  const name = login + longest > space ? space - login : longest;
  return login + name < space - 2 ? { login: login + 1, name: name + 1 } : { login, name };
}

function formatRows(user: FingerUser, columns: { login: number; name: number }, settings: FormatSettings): string[] {
  const login = pad(cutBytes(toField(user.login), columns.login), columns.login);
  // A column of negative width is printf's way to say that nothing is cut.
  const fitted = columns.name < 0 ? toField(user.name) : cutBytes(toField(user.name), columns.name);
  const start = `${login} ${pad(fitted, Math.abs(columns.name))} `;
  const present = (user.sessions ?? []).map(
    (session) => formatPresence(session, true, settings) + formatPlace(session, user),
  );
  const absent = present.length === 0 || showsLastLogin(user) ? [formatAbsence(user, settings)] : [];
  return [...present, ...absent].map((row) => `${start}${row}\n`);
}

function formatAbsence(user: FingerUser, settings: FormatSettings): string {
  const { lastLogin } = user;
  if (lastLogin === null) return NO_LOGINS + formatPlace({}, user);
  if (lastLogin !== undefined) return formatPresence(lastLogin, false, settings) + formatPlace(lastLogin, user);
  return (" ".repeat(28) + formatPlace({}, user)).trimEnd();
}

/** The terminal, the idle time and the time of a login: 28 columns. */
function formatPresence(login: FingerSession, isOn: boolean, settings: FormatSettings): string {
  const star = isOn && login.messages === false ? "*" : " ";
  const idle = isOn ? formatIdleInDigits(login.idle ?? 0) : "    *";
  return `${star}${pad(cutBytes(toField(login.tty), 7), 7)} ${idle}  ${formatShortDate(login.since, settings)}`;
}

function formatShortDate(date: Date | undefined, settings: FormatSettings): string {
  if (date === undefined) return " ".repeat(12);
  const { month, day, time, year } = toWallTime(date, settings.timeZone);
  return `${month} ${day} ${isLongAgo(date, settings) ? ` ${year}` : time}`;
}

function formatIdleInDigits(idle: number): string {
  const [days, hours, minutes] = splitSeconds(idle);
  const time = hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}` : minutes > 0 ? minutes : "";
  return (days > 0 ? `${days}d` : String(time)).padStart(5);
}

/** Where a login came from, or else the office and its phone. */
function formatPlace({ host }: FingerLogin, user: FingerUser): string {
  if (host) return ` (${toField(host)})`;
  const [office, phone] = [toField(user.office), toField(user.officePhone)];
  const room = office !== "" || phone !== "" ? ` ${pad(cutBytes(office, 10), 10)}` : "";
  return room + (phone === "" ? "" : ` ${cutBytes(formatPhone(phone), 14)}`);
}

function splitSeconds(idle: number): [days: number, hours: number, minutes: number, seconds: number] {
  const at = (seconds: number) => Math.floor(idle / seconds);
  return [at(86400), at(3600) % 24, at(60) % 60, at(1) % 60];
}

const TAB = 8;
const MIDDLE = 5 * TAB;
const LINE = 80;
const SHORT_HEADER = "Tty      Idle  Login Time   Office     Office Phone";
const NO_LOGINS = "  *     *  No logins   ";
