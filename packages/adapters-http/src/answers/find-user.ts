import type { FingerUser } from "finger-protocol";
import type { LookupContext } from "finger-server";
import { Problem } from "../http/problem.js";
import type { Visit } from "../site/visit.js";
import { toCheckedUsers } from "./checked-user.js";
import { assertName, type Found, leaveFound, noSuchUser, toFound } from "./found.js";
import { lookUp } from "./look-up.js";
import { isTrouble, listDenied, toListProblem, toProblem } from "./trouble.js";

/**
 * Looks a name up, for the peer who asks.
 *
 * @throws {@link Problem} when there is no answer, for whatever reason.
 */
export async function findUser({ site, request }: Visit, name: string): Promise<Found> {
  assertName(name);
  const { provider, deadlines, misses, ambiguity, onError } = site;
  // Whoever has guessed too often learns nothing of names that there are, either.
  if (!misses.canPay(request.peer)) throw tooManyMisses();
  const ask = async (context: LookupContext) => toFound(name, await provider.lookup(name, context), onError);
  const leave = (found: Found | undefined) => void leaveFound(found, onError);
  const found = await lookUp(request, deadlines, ask, leave).catch((error) => {
    if (isTrouble(error)) onError(error);
    const problem = toProblem(error);
    // Who is refused is not told from who is not known.
    if (problem.status === 404) misses.pay(request.peer);
    throw problem;
  });
  if (found !== undefined && (found.kind !== "several" || ambiguity === "list")) return found;
  misses.pay(request.peer);
  throw noSuchUser();
}

/**
 * The record of a user; `undefined` when there is none, or what is known is no record: a text has the login alone.
 *
 * @throws {@link Problem} when that cannot be told.
 */
export async function findRecord(visit: Visit, name: string): Promise<FingerUser | undefined> {
  try {
    const found = await findUser(visit, name);
    await leaveFound(found, visit.site.onError);
    if (found.kind === "several") return undefined;
    return found.kind === "user" ? found.user : { login: name };
  } catch (error) {
    if (error instanceof Problem && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  }
}

/**
 * The list of users, for the peer who asks.
 *
 * @throws {@link Problem} when there is none, for whatever reason.
 */
export async function findUsers({ site, request }: Visit): Promise<readonly FingerUser[]> {
  const { provider, deadlines, onError } = site;
  if (!hasList(site)) throw listDenied();
  return lookUp(request, deadlines, async (context) => toCheckedUsers(await provider.list?.(context), onError)).catch(
    (error) => {
      if (isTrouble(error)) onError(error);
      throw toListProblem(error);
    },
  );
}

/** Whether there may be a list at all. */
export function hasList({ provider, list }: Visit["site"]): boolean {
  return list && provider.list !== undefined;
}

function tooManyMisses(): Problem {
  const what = "You have asked for too many names that nobody has; ask again in a minute.";
  return new Problem(429, what, { "retry-after": "60" });
}
