import type { FingerLogin, FingerMail, FingerSession, FingerUser } from "finger-protocol";
import { type Html, type HtmlValue, html } from "./html.js";
import { showTime } from "./time.js";

/** What the account says: a row for each thing that is known. */
export function showFacts(user: FingerUser): Html | undefined {
  const rows = toFacts(user).filter(([, ...values]) => values.length > 0);
  if (rows.length === 0) return undefined;
  const list = rows.map(
    ([term, ...values]) => html`<dt>${term}</dt>${values.map((value) => html`<dd dir="auto">${value}</dd>`)}\n`,
  );
  return html`<section><h2>Details</h2><dl>${list}</dl></section>`;
}

function toFacts(user: FingerUser): ReadonlyArray<[term: string, ...values: HtmlValue[]]> {
  const { sessions = [] } = user;
  return [
    ["Office", ...given(user.office)],
    ["Office phone", ...given(user.officePhone)],
    ["Home phone", ...given(user.homePhone)],
    ["Pronouns", ...given(user.pronouns)],
    ["Time zone", ...given(user.timeZone)],
    ["Logged in", ...sessions.map(showSession)],
    ["Last login", ...showLastLogin(user)],
    ["Mail", ...showMail(user.mail)],
    ["Mail goes to", ...given(user.mailForward)],
    ["Directory", ...given(user.directory)],
    ["Shell", ...given(user.shell === "" ? "/bin/sh" : user.shell)],
  ];
}

function given(text: string | undefined): readonly string[] {
  return text === undefined || text.trim() === "" ? [] : [text];
}

function showSession(session: FingerSession): Html {
  const idle = Math.floor((session.idle ?? 0) / 60);
  return html`${showLogin(session)}${idle > 0 && `, idle ${formatMinutes(idle)}`}${session.messages === false && ", messages off"}`;
}

/** Whoever is logged in was seen last now. */
function showLastLogin({ sessions = [], lastLogin }: FingerUser): readonly HtmlValue[] {
  if (sessions.length > 0 || lastLogin === undefined) return [];
  return [lastLogin === null ? "Never" : showLogin(lastLogin)];
}

function showLogin({ since, tty, host }: FingerLogin): Html {
  const time = showTime(since);
  const parts = [time, tty && `on ${tty}`, host && `from ${host}`].filter((part) => part);
  return html`${parts.map((part, index) => [index > 0 && " ", part])}`;
}

function showMail(mail: FingerMail | null | undefined): readonly HtmlValue[] {
  if (mail === undefined) return [];
  const { receivedAt, readAt } = mail ?? {};
  const read = showTime(readAt);
  const received = showTime(receivedAt);
  const isNew = received !== undefined && !(readAt && receivedAt && readAt >= receivedAt);
  if (isNew) return [html`New since ${received}`, ...(read ? [html`Last read ${read}`] : [])];
  return [read ? html`Last read ${read}` : "None"];
}

/** `3 d 4 h`, `4 h 5 min`, `5 min`: the two largest units, of which the smaller may be none. */
function formatMinutes(minutes: number): string {
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  const units: ReadonlyArray<[count: number, unit: string]> = [
    [days, "d"],
    [hours, "h"],
    [days > 0 ? 0 : minutes % 60, "min"],
  ];
  return units
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}
