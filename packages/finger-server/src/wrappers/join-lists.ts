import type { FingerUser } from "finger-protocol";
import type { LookupContext } from "../provider.js";
import { toLoginKey } from "../users/login.js";
import type { ListingProvider } from "./offers.js";

/**
 * Asks all providers for their lists at once and makes one of them: a login stands where it stood first, and `join`
 * makes one record of two with the same login. Rejects when one of them does.
 */
export async function joinLists(
  providers: readonly ListingProvider[],
  context: LookupContext,
  join: (earlier: FingerUser, later: FingerUser) => FingerUser,
): Promise<readonly FingerUser[]> {
  const lists = await Promise.all(providers.map((provider) => provider.list(context)));
  const byLogin = new Map<string, FingerUser>();
  for (const user of lists.flat()) {
    const key = toLoginKey(user.login);
    const earlier = byLogin.get(key);
    byLogin.set(key, earlier === undefined ? user : join(earlier, user));
  }
  return [...byLogin.values()];
}
