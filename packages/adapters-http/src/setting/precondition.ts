import { findUser } from "../answers/find-user.js";
import { leaveFound } from "../answers/found.js";
import { lookUp } from "../answers/look-up.js";
import { namesTag } from "../http/conditions.js";
import { PERSON_FORMS, replyPerson } from "../resources/person.js";
import type { Site } from "../site/site.js";
import type { Visit } from "../site/visit.js";

/** The revision that a status must have; `null` for none at all, `undefined` for whatever it has. */
export type Condition = string | null | undefined;

/**
 * The revision that a status must still have when it is set, for the headers `If-Match` and `If-None-Match` (RFC 9110 13.1); when
 * it is another one already, one that none has. What follows from it is the setter's, which first looks at who asks.
 *
 * An entity tag is of one form of the page, and stands for the status that it shows.
 */
export async function toRevision(visit: Visit, store: NonNullable<Site["store"]>, login: string): Promise<Condition> {
  const { request } = visit;
  const [match, noneMatch] = [request.header("if-match"), request.header("if-none-match")];
  if (match === undefined && noneMatch === undefined) return undefined;
  if (match === undefined && noneMatch?.trim() === "*") return null;
  const stored = await lookUp(request, visit.site.deadlines, () => store.get(login));
  if (noneMatch !== undefined && (await isSeen(visit, login, noneMatch, stored?.text))) return NEVER;
  if (match === undefined) return undefined;
  if (match.trim() === "*") return stored?.rev ?? NEVER;
  return (await isSeen(visit, login, match, stored?.text)) ? (stored?.rev ?? null) : NEVER;
}

/**
 * Whether the peer has seen the page as it is.
 *
 * @param status - What is stored: nothing, or an empty text, leaves the page to say something else.
 */
async function isSeen(visit: Visit, login: string, match: string, status = ""): Promise<boolean> {
  const found = await findUser(visit, login).catch(() => undefined);
  await leaveFound(found, visit.site.onError);
  // What the provider tells may be a moment older than what is stored.
  if (found?.kind !== "user" || (status !== "" && found.user.status !== status)) return false;
  for (const form of PERSON_FORMS) {
    const { headers } = await replyPerson(visit, login, found, form);
    if (namesTag(match, headers["etag"] ?? "", true)) return true;
  }
  return false;
}

/** The revision of no status. */
export const NEVER = "no status has this revision";
