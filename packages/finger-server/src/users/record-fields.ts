import type { FingerLogin, FingerMail, FingerSession, FingerUser } from "finger-protocol";
import { parseInstant } from "./instant.js";
import { describe } from "./mistakes.js";
import { nearest } from "./nearest.js";

/** Notes what is wrong with the value at a path such as `bob.sessions[0].since`. */
export type Complain = (path: string, value: unknown, why: string) => void;

/** Takes a value for what a field holds, or complains. */
type FieldReader<T> = (value: unknown, path: string, complain: Complain) => T | undefined;

/** A reader for each field there is. */
type FieldReaders<T> = { readonly [Name in keyof T]-?: FieldReader<T[Name]> };

/** Reads a record without its login. What is wrong in it is left out, and complained of. */
export function readUserFields(value: object, path: string, complain: Complain): Omit<FingerUser, "login"> {
  return readFields(USER_FIELDS, value, path, complain);
}

/** Whether a value has fields: it came from `{}`, and is neither a list nor an object with a meaning of its own. */
export function hasFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Fields come out in the order of the readers, so that two records can be compared as JSON. */
function readFields<T>(readers: FieldReaders<T>, value: object, path: string, complain: Complain): T {
  const names = Object.keys(readers);
  const given = new Map<string, unknown>(Object.entries(value));
  for (const [name, field] of given) {
    if (!names.includes(name)) complain(joinPath(path, name), field, toUnknownField(name, names));
  }
  const present = names.filter((name) => given.has(name));
  const fields = present.map((name) => {
    return [name, readers[name as keyof T](given.get(name), joinPath(path, name), complain)] as const;
  });
  return Object.fromEntries(fields) as T;
}

/** A path to a part of a record; a name that does not read well in one stands in brackets. */
export function joinPath(path: string, name: string): string {
  const step = isPlainName(name) ? name : `[${describe(name)}]`;
  return path === "" || step.startsWith("[") ? `${path}${step}` : `${path}.${step}`;
}

function isPlainName(name: string): boolean {
  return name.length <= 60 && /^[\w-]+$/.test(name);
}

function toUnknownField(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  return meant === undefined
    ? `there is no such field; there are ${names.join(", ")}`
    : `there is no such field; did you mean ${JSON.stringify(meant)}?`;
}

const readText: FieldReader<string> = (value, path, complain) => {
  if (typeof value === "string") return value;
  const isScalar = typeof value === "number" || typeof value === "boolean" || value instanceof Date;
  complain(path, value, isScalar ? "it must be a text; put it in quotes" : "it must be a text");
  return undefined;
};

const readDate: FieldReader<Date> = (value, path, complain) => {
  const date = typeof value === "string" ? parseInstant(value) : value;
  if (date instanceof Date && !Number.isNaN(date.getTime())) return date;
  complain(path, value, "it must be a date such as 2026-01-31T12:00:00Z");
  return undefined;
};

const readSeconds: FieldReader<number> = (value, path, complain) => {
  if (typeof value === "number" && value >= 0 && Number.isFinite(value)) return value;
  complain(path, value, "it must be a number of seconds");
  return undefined;
};

const readBoolean: FieldReader<boolean> = (value, path, complain) => {
  if (typeof value === "boolean") return value;
  complain(path, value, "it must be true or false");
  return undefined;
};

const LOGIN_FIELDS: FieldReaders<FingerLogin> = { since: readDate, tty: readText, host: readText };
const SESSION_FIELDS: FieldReaders<FingerSession> = { ...LOGIN_FIELDS, idle: readSeconds, messages: readBoolean };
const MAIL_FIELDS: FieldReaders<FingerMail> = { receivedAt: readDate, readAt: readDate };

const USER_FIELDS: FieldReaders<Omit<FingerUser, "login">> = {
  name: readText,
  status: readText,
  statusAt: readDate,
  directory: readText,
  shell: readText,
  office: readText,
  officePhone: readText,
  homePhone: readText,
  pronouns: readText,
  timeZone: readText,
  sessions: listOf(recordOf(SESSION_FIELDS)),
  lastLogin: nullOr(recordOf(LOGIN_FIELDS)),
  mail: nullOr(recordOf(MAIL_FIELDS)),
  mailForward: readText,
  pgpKey: readText,
  project: readText,
  plan: readText,
  planAt: readDate,
  text: readText,
};

function recordOf<T>(readers: FieldReaders<T>): FieldReader<T> {
  return (value, path, complain) => {
    if (hasFields(value)) return readFields(readers, value, path, complain);
    complain(path, value, `it must be a record of ${Object.keys(readers).join(", ")}`);
    return undefined;
  };
}

function listOf<T>(read: FieldReader<T>): FieldReader<T[]> {
  return (value, path, complain) => {
    if (!Array.isArray(value)) complain(path, value, "it must be a list");
    const items = Array.isArray(value) ? value : [];
    return items.map((item, index) => read(item, `${path}[${index}]`, complain)).filter((item) => item !== undefined);
  };
}

function nullOr<T>(read: FieldReader<T>): FieldReader<T | null> {
  return (value, path, complain) => (value === null ? null : read(value, path, complain));
}
