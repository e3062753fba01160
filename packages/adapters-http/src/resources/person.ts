import { type FingerUser, formatUser, ReplyEncoder } from "finger-protocol";
import { findUser, hasList } from "../answers/find-user.js";
import { type Found, leaveFound } from "../answers/found.js";
import { readHistory } from "../answers/history.js";
import { isTrouble } from "../answers/trouble.js";
import { choose, toHeaders } from "../http/content.js";
import type { HttpReply } from "../http/http-reply.js";
import { Problem } from "../http/problem.js";
import { toTaggedReply } from "../http/text-reply.js";
import type { Alternate, PersonView, StatusForm } from "../pages/pages.js";
import { type Form, toFormPath, toPersonPath } from "../route.js";
import type { Visit } from "../site/visit.js";
import { formatJson } from "../text/user-json.js";
import { listPeople } from "./directory.js";
import { renderHtml } from "./render-html.js";

/** What the page of a user can be had as. */
export const PERSON_FORMS = ["html", "json", "text"] as const;
type PersonForm = (typeof PERSON_FORMS)[number];

/** `GET /:login` */
export async function getPerson(visit: Visit, login: string, form: Form | undefined): Promise<HttpReply> {
  const type = choose(visit.request.header("accept"), form, PERSON_FORMS);
  const found = await findUser(visit, login);
  if (found.kind === "stream") return replyStream(visit, found, type);
  if (found.kind === "several") return { ...(await listPeople(visit, found.users, type)), status: 300 };
  return replyPerson(visit, login, found, type);
}

/** A user in one form. */
export async function replyPerson(
  visit: Visit,
  login: string,
  found: Extract<Found, { kind: "user" | "text" }>,
  type: PersonForm,
): Promise<HttpReply> {
  const { site, base } = visit;
  return site.memo.take(`${type} ${base} ${login}`, [found.user], async () => {
    if (type === "json") return toTaggedReply(formatJson(found.user), toHeaders("json"));
    if (type === "text") return toTaggedReply(toText(found), toHeaders("text"));
    return toTaggedReply(...(await renderPerson(visit, login, found.user)));
  });
}

/** The page of a user, as it is sent. */
export async function renderPerson(
  visit: Visit,
  login: string,
  user: FingerUser,
  form?: StatusForm,
): Promise<[text: string, headers: Record<string, string>]> {
  const { site, base } = visit;
  const alternates = toAlternates(base, login, site.title);
  const history = await readHistory(visit, user);
  const view: PersonView = {
    user,
    href: base + toPersonPath(login),
    directory: hasList(site) ? `${base}/` : undefined,
    alternates,
    changes: history?.map(({ at }) => at),
    now: new Date(),
    form:
      site.setter && (form ?? { action: base + toPersonPath(login), status: user.status ?? "", problem: undefined }),
  };
  const events = site.events && `${base}/events?login=${encodeURIComponent(login)}`;
  return renderHtml(site, site.pages.person(view), { events, alternates });
}

function toAlternates(base: string, login: string, title: string): readonly Alternate[] {
  const path = base + toPersonPath(login);
  const [json, text] = [toFormPath(login, "json"), toFormPath(login, "text")];
  return [
    { type: "application/atom+xml", href: `${path}/feed.atom`, title: `Atom: ${login}, ${title}` },
    { type: "application/feed+json", href: `${path}/feed.json`, title: `JSON Feed: ${login}, ${title}` },
    ...(json === undefined ? [] : [{ type: "application/json", href: base + json, title: "JSON" }]),
    ...(text === undefined ? [] : [{ type: "text/plain", href: base + text, title: "Text" }]),
  ];
}

function toText(found: Extract<Found, { kind: "user" | "text" }>): string {
  return found.kind === "text" ? endLine(found.text) : formatUser(found.user);
}

function endLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** A stream is a text, however long it takes: a page of it would have no end. */
async function replyStream(
  { request, site }: Visit,
  found: Extract<Found, { kind: "stream" }>,
  type: PersonForm,
): Promise<HttpReply> {
  const accept = request.header("accept");
  try {
    if (type === "json") throw new Problem(406, "This answer is a stream of text; it can be had as text/plain.");
    if (type === "html") choose(accept, undefined, ["text"]);
  } catch (error) {
    await leaveFound(found, site.onError);
    throw error;
  }
  const headers = toHeaders("text", { "cache-control": "no-store" });
  return { status: 200, headers, body: encode(found.stream, site.onError) };
}

/**
 * Control characters leave as they do over finger: visible, wherever the pieces are cut. No generator: one that is not begun
 * returns nothing when it is returned.
 */
function encode(stream: AsyncIterable<string>, onError: (error: unknown) => void): AsyncIterableIterator<string> {
  const pieces = stream[Symbol.asyncIterator]();
  const encoder = new ReplyEncoder();
  let isOver = false;
  return {
    async next() {
      if (isOver) return DONE;
      const piece = await pieces.next().catch((error) => {
        if (isTrouble(error)) onError(error);
        throw error;
      });
      isOver = piece.done === true;
      return { value: UTF_8.decode(isOver ? encoder.end() : encoder.push(piece.value)), done: false };
    },
    async return() {
      isOver = true;
      await pieces.return?.();
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const DONE = { value: undefined, done: true } as const;
const UTF_8 = new TextDecoder();
