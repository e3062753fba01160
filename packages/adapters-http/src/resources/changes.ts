import { findUser, findUsers } from "../answers/find-user.js";
import { leaveFound } from "../answers/found.js";
import { toHeaders } from "../http/content.js";
import type { HttpReply } from "../http/http-reply.js";
import { Problem } from "../http/problem.js";
import type { Visit } from "../site/visit.js";

/** `GET /events`: a stream of hints of who has changed; with `?login=alice` of one user alone. */
export async function getChanges(visit: Visit): Promise<HttpReply> {
  const { site, request } = visit;
  if (site.events === undefined) throw new Problem(404, "Nobody tells of changes here.");
  const open = site.events.prepare();
  const name = new URLSearchParams(request.search).get("login");
  const login = name === null ? await findAnybody(visit) : await findLogin(visit, name);
  const headers = toHeaders("events", { "cache-control": "no-store", "x-accel-buffering": "no" });
  return { status: 200, headers, body: open(request.peer, login, request.header("last-event-id")) };
}

/** Who may not see the list may not learn from changes who there is. */
async function findAnybody(visit: Visit): Promise<undefined> {
  await findUsers(visit);
}

/** An alias is told of the changes of whom it stands for. */
async function findLogin(visit: Visit, name: string): Promise<string> {
  const found = await findUser(visit, name);
  await leaveFound(found, visit.site.onError);
  return found.kind === "user" ? found.user.login : name;
}
