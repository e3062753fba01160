import { type FingerUser, formatUserList } from "finger-protocol";
import { findUsers } from "../answers/find-user.js";
import { choose, toHeaders } from "../http/content.js";
import type { HttpReply } from "../http/http-reply.js";
import { toTaggedReply } from "../http/text-reply.js";
import type { Alternate } from "../pages/pages.js";
import { type Form, toPersonPath } from "../route.js";
import type { Visit } from "../site/visit.js";
import { formatJsonList } from "../text/user-json.js";
import { renderHtml } from "./render-html.js";

const DIRECTORY_FORMS = ["html", "json", "text"] as const;

/** `GET /` */
export async function getDirectory(visit: Visit, form: Form | undefined): Promise<HttpReply> {
  const type = choose(visit.request.header("accept"), form, DIRECTORY_FORMS);
  return listPeople(visit, await findUsers(visit), type);
}

/** Several users in one form. */
export async function listPeople(
  { site, base }: Visit,
  users: readonly FingerUser[],
  type: (typeof DIRECTORY_FORMS)[number],
): Promise<HttpReply> {
  return site.memo.take(`${type} ${base}/`, users, async () => {
    if (type === "json") return toTaggedReply(formatJsonList(users), toHeaders("json"));
    if (type === "text") return toTaggedReply(formatUserList(users), toHeaders("text"));
    const people = users.map((user) => ({ user, href: base + toPersonPath(user.login) }));
    const alternates = toAlternates(base, site.title);
    const page = site.pages.directory({ title: site.title, people, alternates });
    return toTaggedReply(...(await renderHtml(site, page, { events: site.events && `${base}/events`, alternates })));
  });
}

function toAlternates(base: string, title: string): readonly Alternate[] {
  return [
    { type: "application/atom+xml", href: `${base}/feed.atom`, title: `Atom: ${title}` },
    { type: "application/feed+json", href: `${base}/feed.json`, title: `JSON Feed: ${title}` },
    { type: "application/json", href: `${base}/.json`, title: "JSON" },
    { type: "text/plain", href: `${base}/.txt`, title: "Text" },
  ];
}
