import type { FingerUser } from "finger-protocol";
import type { StoredStatus } from "finger-server";
import type { Visit } from "../site/visit.js";
import { lookUp } from "./look-up.js";

/**
 * The statuses that a user has had, the latest first; `undefined` when nobody keeps them, or the peer is not to know: past ones are
 * for those who are told the present one, and since when it is.
 */
export async function readHistory(
  { site, request }: Visit,
  user: FingerUser,
): Promise<readonly StoredStatus[] | undefined> {
  const { store, limits, onError } = site;
  if (store === undefined || user.status === undefined || user.statusAt === undefined) return undefined;
  try {
    return await lookUp(request, limits.lookupTime, () => store.history(user.login));
  } catch (error) {
    // The present is told without the past.
    onError(error);
    return undefined;
  }
}
