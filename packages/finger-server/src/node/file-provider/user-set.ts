import type { FingerUser } from "finger-protocol";
import { toLoginKey } from "../../users/login.js";

/** All users of one read. It is never changed: another read makes another set. */
export interface UserSet {
  readonly byLogin: ReadonlyMap<string, FingerUser>;
  /** In the order of the file, or of the names in the directory. */
  readonly users: readonly FingerUser[];
}

/** Takes users for a set; of two whose logins are one name the later counts. */
export function toUserSet(users: readonly FingerUser[]): UserSet {
  const byLogin = new Map(users.map((user) => [toLoginKey(user.login), user]));
  return { byLogin, users: [...byLogin.values()] };
}

/** The logins that only one of the sets has, or that they tell different things of. */
export function findChanges(before: UserSet, after: UserSet): string[] {
  const removed = [...before.byLogin.keys()].filter((login) => !after.byLogin.has(login));
  const changed = [...after.byLogin].filter(([login, user]) => !isSame(before.byLogin.get(login), user));
  return [...removed, ...changed.map(([login]) => login)];
}

/** Readers give the fields of a record in one order, and nothing that JSON could not say. */
function isSame(one: FingerUser | undefined, other: FingerUser): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
