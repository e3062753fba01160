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
  const { store, deadlines, onError } = site;
  if (store === undefined || user.status === undefined || user.statusAt === undefined) return undefined;
  try {
    const history = await lookUp(request, deadlines, () => store.history(user.login));
    const [latest] = history;
    // Whoever tells another text than the one that is kept does so for a reason.
    const isTold = latest?.text === user.status && latest.at.getTime() === user.statusAt.getTime();
    return isTold ? history : undefined;
  } catch (error) {
    // The present is told without the past.
    onError(error);
    return undefined;
  }
}
