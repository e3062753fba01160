import { FingerError, type FingerUser } from "finger-protocol";

/** What the fields of a record hold, apart from the login; the compiler sees to it that none is missing. */
const FIELDS: Readonly<Record<Exclude<keyof FingerUser, "login">, (value: unknown) => boolean>> = {
  name: isText,
  status: isText,
  statusAt: isDate,
  directory: isText,
  shell: isText,
  office: isText,
  officePhone: isText,
  homePhone: isText,
  pronouns: isText,
  timeZone: isText,
  sessions: (value) => Array.isArray(value) && value.every(isObject),
  lastLogin: (value) => value === null || isObject(value),
  mail: (value) => value === null || isObject(value),
  mailForward: isText,
  pgpKey: isText,
  project: isText,
  plan: isText,
  planAt: isDate,
  text: isText,
};
const NAMES = Object.keys(FIELDS) as ReadonlyArray<keyof typeof FIELDS>;

/**
 * The record that a provider gave, as it is; or, when a field is `null`, as rows of a database are, or is not to be used, without
 * that field: one wrong row must not take the page from all others.
 *
 * @throws `FingerError` `ERR_FINGER_PROVIDER` for what is no record with a login.
 */
export function toCheckedUser(found: unknown, onError: (error: unknown) => void): FingerUser {
  if (!isObject(found) || typeof found["login"] !== "string") {
    throw new FingerError("ERR_FINGER_PROVIDER", "The provider gave something that is no record with a login.");
  }
  const user = found as unknown as FingerUser;
  const wrong = NAMES.filter((name) => user[name] !== undefined && !FIELDS[name](user[name]));
  if (wrong.length === 0) return user;
  for (const name of wrong.filter((name) => user[name] !== null)) {
    const what = `The provider gave ${JSON.stringify(user.login)} a ${name} that is none`;
    onError(new FingerError("ERR_FINGER_PROVIDER", `${what}; it is left out. See the type FingerUser.`));
  }
  const right = NAMES.filter((name) => !wrong.includes(name) && user[name] !== undefined);
  return Object.assign({ login: user.login }, ...right.map((name) => ({ [name]: user[name] })));
}

/** The records of a list, in the same way. */
export function toCheckedUsers(found: unknown, onError: (error: unknown) => void): readonly FingerUser[] {
  if (Array.isArray(found)) return found.map((user) => toCheckedUser(user, onError));
  throw new FingerError("ERR_FINGER_PROVIDER", "The provider gave something for its list that is no list.");
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
