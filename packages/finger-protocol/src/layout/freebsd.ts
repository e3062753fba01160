import { escapeControls } from "../escape.js";
import { toWallTime } from "../time.js";
import type { FingerUser } from "../user.js";
import { countBytes, cutBytes, pad } from "../width.js";
import {
  formatAccount,
  formatLogin,
  formatLogins,
  formatMail,
  formatOfficeColumns,
  formatPresence,
  formatTable,
  HALF_A_YEAR,
  LINE,
  type Presence,
  splitSeconds,
  toAge,
  toTwoDigits,
} from "./bsd.js";
import type { Layout, LayoutSettings } from "./layout.js";
import { endLine, toField } from "./lines.js";

export type { Layout, LayoutSettings } from "./layout.js";

/**
 * The layout of FreeBSD's finger, to the byte but for UTF-8, which stays readable, and for a terminal that is idle for more
 * than a year, of which FreeBSD forgets the years (usr.bin/finger of FreeBSD 14).
 *
 * @example
 * ```ts
 * import { formatUser } from "finger-protocol";
 * import { freebsd } from "finger-protocol/freebsd";
 *
 * formatUser({ login: "alice", plan: "Tea at four" }, { layout: freebsd }); // "Login: alice          \t\t\tName: \nPlan: Tea at four\n"
 * ```
 */
export const freebsd: Layout = {
  /** `finger -l` for one user; without plans `finger -lp`. */
  formatUser: (user, settings) =>
    [
      formatAccount(user),
      formatLogins(user, (presence, longestTty) => formatLine(presence, longestTty, settings)),
      formatMail(user.mail, "No Mail.", settings),
      settings.plans ? formatFiles(user) : "",
    ].join(""),

  /** `finger -s`: with the office, not the host. */
  formatUserList(users, settings) {
    const header = `${pad("Login", LOGIN)} ${pad("Name", NAME)} TTY      Idle  Login  Time   Office  Phone\n`;
    return header + formatTable(users, (user, presence) => formatRow(user, presence, settings));
  },
};

// The long form

/** Idle times stand in one column, and a host that would go beyond the line on the next. */
function formatLine(presence: Presence, longestTty: number, settings: LayoutSettings): string {
  const { isOn, login } = presence;
  const host = toField(login?.host);
  const isOld = login?.since !== undefined && toAge(login.since, settings) > HALF_A_YEAR;
  const idle = isOn ? formatIdle(login?.idle ?? 0) : "";
  const comma = idle && pad(",", longestTty - countBytes(toField(login?.tty)) + 1);
  const messages = isOn && login?.messages === false ? " (messages off)" : "";
  const line = `${formatLogin(presence, settings, isOld)}${comma}${idle}${idle && host && ","}${messages}`;
  if (host === "") return line;
  const from = ` from ${host}`;
  return `${line}${countBytes(line + from) > LINE ? "\n   " : ""}${from}`;
}

function formatIdle(idle: number): string {
  if (idle < 60) return "";
  const [days, hours, minutes] = splitSeconds(idle);
  return ` idle ${days > 0 ? `${days} day${days === 1 ? "" : "s"} ` : ""}${hours}:${toTwoDigits(minutes)}`;
}

function formatFiles({ mailForward, project, plan, pgpKey }: FingerUser): string {
  return [
    formatText("Mail forwarded to", mailForward),
    formatText("Project", project),
    formatText("Plan", plan) || "No Plan.\n",
    formatText("Public key", pgpKey),
  ].join("");
}

/** A short line stands behind its header, also when it ends in a line feed and one more byte. An empty file is none. */
function formatText(header: string, text = ""): string {
  if (text === "") return "";
  const [first = ""] = text.split("\n", 1);
  const rest = countBytes(text) - countBytes(first);
  const isShort = rest <= "\n".length + 1 && countBytes(text) <= LINE - header.length - 5;
  return `${header}:${isShort ? " " : "\n"}${endLine(escapeControls(text.replaceAll("\r", "")))}`;
}

// The short form

/** A star stands apart from the name. */
function formatRow(user: FingerUser, presence: Presence, settings: LayoutSettings): string {
  const { isOn, login } = presence;
  const room = isOn && login?.messages === false ? NAME - 1 : NAME;
  const start = `${pad(cutBytes(toField(user.login), LOGIN), LOGIN)} ${pad(cutBytes(toField(user.name), room), NAME)}`;
  const office = formatOfficeColumns(user, 7, 15);
  if (login === null) return `${start}  *     *   No logins   ${office}`;
  if (login === undefined) return (start + " ".repeat(28) + office).trimEnd();
  const tty = toField(login.tty).replace(/^(tty|cua)/, "");
  return start + formatPresence(presence, tty, formatTime(login.since, settings)) + office;
}

/** The day of the week within six days. */
function formatTime(date: Date | undefined, settings: LayoutSettings): string {
  if (date === undefined) return " ".repeat(12);
  const { weekday, month, day, time, year } = toWallTime(date, settings.timeZone);
  const age = toAge(date, settings);
  return `${age < 6 * 86400 ? `${weekday}   ` : `${month} ${day}`} ${age >= HALF_A_YEAR ? `${year} ` : time}`;
}

/** Columns of the list: MAXLOGNAME of FreeBSD's `sys/param.h`, and what its `sprint.c` gives to a name. */
const LOGIN = 33;
const NAME = 16;
