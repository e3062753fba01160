import type { FingerUser } from "finger-protocol";
import type { StoredStatus } from "finger-server";
import { findUser, findUsers } from "../answers/find-user.js";
import { leaveFound, noSuchUser } from "../answers/found.js";
import { readHistory } from "../answers/history.js";
import { formatAtom } from "../feeds/atom.js";
import { type FeedPerson, toFeed } from "../feeds/entries.js";
import { formatJsonFeed } from "../feeds/json-feed.js";
import { toHeaders } from "../http/content.js";
import type { HttpReply } from "../http/http-reply.js";
import { toTaggedReply } from "../http/text-reply.js";
import { toPersonPath } from "../route.js";
import type { Visit } from "../site/visit.js";

/** `GET /feed.atom`, `/feed.json`, and those of one user: what was said and planned, the latest first. */
export async function getFeed(visit: Visit, login: string | undefined, format: "atom" | "json"): Promise<HttpReply> {
  const { site } = visit;
  const people = login === undefined ? await findAll(visit) : [await findOne(visit, login)];
  const page = toUrl(visit, login === undefined ? "/" : toPersonPath(login));
  const feed = toFeed({
    title: login === undefined ? site.title : `${people[0]?.user.name ?? login}: ${site.title}`,
    page,
    self: toUrl(visit, `${login === undefined ? "" : toPersonPath(login)}/feed.${format}`),
    login,
    people,
    scope: toUrl(visit, ""),
    now: new Date(),
  });
  if (format === "atom") return toTaggedReply(formatAtom(feed), toHeaders("atom"));
  return toTaggedReply(formatJsonFeed(feed), toHeaders("feed"));
}

async function findOne(visit: Visit, login: string): Promise<FeedPerson> {
  const found = await findUser(visit, login);
  if (found.kind === "user") return toPerson(visit, found.user, await readHistory(visit, found.user));
  if (found.kind === "text") return toPerson(visit, { login, status: found.text }, undefined);
  await leaveFound(found, visit.site.onError);
  throw noSuchUser();
}

/** What each of all says now: to read the past of all would take too long. */
async function findAll(visit: Visit): Promise<readonly FeedPerson[]> {
  return (await findUsers(visit)).map((user) => toPerson(visit, user, undefined));
}

function toPerson(visit: Visit, user: FingerUser, statuses: readonly StoredStatus[] | undefined): FeedPerson {
  const { firstSeen } = visit.site;
  const seenAt = (text: string) => firstSeen(`${user.login}\n${text}`);
  return { user, statuses, seenAt, page: toUrl(visit, toPersonPath(user.login)) };
}

/** A path alone, when nobody has said what host this is. */
function toUrl({ site, base }: Visit, path: string): string {
  return `${site.origin ?? ""}${base}${path}`;
}
