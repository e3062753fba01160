import type { FingerUser } from "finger-protocol";
import type { LookupProvider } from "./provider.js";
import { toLoginKey } from "./users/login.js";

/** What {@link memoryProvider} takes: records, or statuses and the rest of a record by login. */
export type MemoryUsers = Iterable<FingerUser> | Readonly<Record<string, string | Omit<FingerUser, "login">>>;

/**
 * Answers from users that are at hand. Names are compared as they are, in upper and lower case; of two records with one
 * login the later counts. The list has them in the order given.
 *
 * @example
 * ```ts
 * memoryProvider({ alice: "Happy and well", bob: { name: "Bob", plan: "Sleep." } });
 * ```
 */
export function memoryProvider(users: MemoryUsers): LookupProvider {
  const byLogin = new Map(toRecords(users).map((user) => [toLoginKey(user.login), user]));
  return {
    lookup: async (name) => byLogin.get(toLoginKey(name)),
    list: async () => [...byLogin.values()],
  };
}

function toRecords(users: MemoryUsers): FingerUser[] {
  if (isIterable(users)) return [...users];
  return Object.entries(users).map(([login, user]) => ({
    login,
    ...(typeof user === "string" ? { status: user } : user),
  }));
}

function isIterable(users: MemoryUsers): users is Iterable<FingerUser> {
  return Symbol.iterator in users;
}
