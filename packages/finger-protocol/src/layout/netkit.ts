import { toWallTime } from "../time.js";
import type { FingerUser } from "../user.js";
import { countBytes, cutBytes, pad } from "../width.js";
import {
  formatAccount,
  formatFile,
  formatLogin,
  formatLogins,
  formatMail,
  formatOfficeColumns,
  formatPresence,
  formatTable,
  HALF_A_YEAR,
  type Presence,
  splitSeconds,
  toAge,
} from "./bsd.js";
import type { Layout, LayoutSettings } from "./layout.js";
import { toField } from "./lines.js";

/** The layout of netkit's finger 0.17, which Linux distributions ship. */
export const netkit: Layout = {
  /** `finger -l` for one user; without plans `finger -lp`. */
  formatUser: (user, settings) =>
    [
      formatAccount(user),
      formatLogins(user, (presence, longestTty) => formatLine(presence, longestTty, settings)),
      formatFile("Mail forwarded to ", user.mailForward),
      formatMail(user.mail, "No mail.", settings),
      settings.plans ? formatPlans(user) : "",
    ].join(""),

  /** `finger -s`. */
  formatUserList(users, settings) {
    const { login, name } = fitColumns(users, settings.width);
    const header = `${pad("Login", login)} ${pad("Name", Math.abs(name))}  ${HEADER}\n`;
    return (
      header +
      formatTable(users, (user, presence) => {
        // A column of negative width is printf's way to say that nothing is cut.
        const fitted = name < 0 ? toField(user.name) : cutBytes(toField(user.name), name);
        const start = `${pad(cutBytes(toField(user.login), login), login)} ${pad(fitted, Math.abs(name))} `;
        return start + formatRow(user, presence, settings);
      })
    );
  },
};

// The long form

/** The idle time stands behind the terminals, in one column; behind a host it takes a line of its own. */
function formatLine(presence: Presence, longestTty: number, settings: LayoutSettings): string {
  const { isOn, login } = presence;
  const host = login?.host ? ` from ${toField(login.host)}` : "";
  const idle = isOn ? formatIdleInWords(login?.idle ?? 0) : "";
  const gap = idle && (host && "\n") + " ".repeat(longestTty - countBytes(toField(login?.tty)) + 3);
  const messages = isOn && login?.messages === false ? `${idle && "\n    "} (messages off)` : "";
  return `${formatLogin(presence, settings, isLongAgo(login?.since, settings))}${host}${gap}${idle}${messages}`;
}

/** Minutes are told below a day, seconds below an hour. */
function formatIdleInWords(idle: number): string {
  const [days, hours, minutes, seconds] = splitSeconds(idle);
  const say = (count: number, unit: string) => (count > 0 ? `${count} ${unit}${count === 1 ? "" : "s"} ` : "");
  const rest = days > 0 ? "" : say(minutes, "minute") + (hours > 0 ? "" : say(seconds, "second"));
  return idle < 1 ? "" : `${say(days, "day")}${say(hours, "hour")}${rest}idle`;
}

function formatPlans({ pgpKey, project, plan }: FingerUser): string {
  return (
    formatFile("PGP key:\n", pgpKey) + formatFile("Project:\n", project) + (formatFile("Plan:\n", plan) || "No Plan.\n")
  );
}

// The short form

/** The two first columns grow with their longest value, as far as the screen allows. */
function fitColumns(users: readonly FingerUser[], width: number): { login: number; name: number } {
  const space = width - 50;
  const measure = (field: "login" | "name") =>
    users.reduce((most, user) => Math.max(most, countBytes(toField(user[field]))), 8);
  const login = measure("login");
  const name = Math.min(measure("name"), space - login);
  return login + name < space - 2 ? { login: login + 1, name: name + 1 } : { login, name };
}

/** When and where: where a login came from, or else the office and its phone. */
function formatRow(user: FingerUser, presence: Presence, settings: LayoutSettings): string {
  const { login } = presence;
  const place = login?.host ? ` (${toField(login.host)})` : formatOfficeColumns(user, 10, 14);
  if (login === null) return `  *     *  No logins   ${place}`;
  if (login === undefined) return (" ".repeat(28) + place).trimEnd();
  return formatPresence(presence, toField(login.tty), formatTime(login.since, settings)) + place;
}

function formatTime(date: Date | undefined, settings: LayoutSettings): string {
  if (date === undefined) return " ".repeat(12);
  const { month, day, time, year } = toWallTime(date, settings.timeZone);
  return `${month} ${day} ${isLongAgo(date, settings) ? ` ${year}` : time}`;
}

function isLongAgo(date: Date | undefined, settings: LayoutSettings): boolean {
  return date !== undefined && toAge(date, settings) >= HALF_A_YEAR;
}

const HEADER = "Tty      Idle  Login Time   Office     Office Phone";
