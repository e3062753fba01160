import type { FingerLogin, FingerMail, FingerSession, FingerUser } from "finger-protocol";

/** A user as JSON has one, which `finger-client --json` writes, too. */
export type UserJson = Json<FingerUser>;

/** Times are strings of RFC 3339. */
type Json<T> = T extends Date
  ? string
  : T extends ReadonlyArray<infer Item>
    ? ReadonlyArray<Json<Item>>
    : T extends object
      ? { readonly [Name in keyof T]: Json<T[Name]> }
      : T;

/**
 * Makes of a user what JSON can say, field by field: the record of a provider may be a row of a table, with more in it than is
 * for others, and a time that is none would become `null`.
 */
export function toJson(user: FingerUser): UserJson {
  const fields: Required<UserJson> = {
    login: user.login,
    name: user.name,
    status: user.status,
    statusAt: toTime(user.statusAt),
    directory: user.directory,
    shell: user.shell,
    office: user.office,
    officePhone: user.officePhone,
    homePhone: user.homePhone,
    pronouns: user.pronouns,
    timeZone: user.timeZone,
    sessions: user.sessions?.map(toSession),
    lastLogin: user.lastLogin && toLogin(user.lastLogin),
    mail: user.mail && toMail(user.mail),
    mailForward: user.mailForward,
    pgpKey: user.pgpKey,
    project: user.project,
    plan: user.plan,
    planAt: toTime(user.planAt),
    text: user.text,
  };
  return fields;
}

/** Writes a user as JSON. */
export function formatJson(user: FingerUser): string {
  return `${JSON.stringify(toJson(user))}\n`;
}

/** Writes the list of users as JSON: an object, to which more can come. */
export function formatJsonList(users: readonly FingerUser[]): string {
  return `${JSON.stringify({ users: users.map(toJson) })}\n`;
}

function toLogin({ since, tty, host }: FingerLogin): Json<FingerLogin> {
  return { since: toTime(since), tty, host };
}

function toSession(session: FingerSession): Json<FingerSession> {
  return { ...toLogin(session), idle: session.idle, messages: session.messages };
}

function toMail({ receivedAt, readAt }: FingerMail): Json<FingerMail> {
  return { receivedAt: toTime(receivedAt), readAt: toTime(readAt) };
}

function toTime(at: Date | undefined): string | undefined {
  return at === undefined || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
