import { findRecord } from "../answers/find-user.js";
import { toHeaders } from "../http/content.js";
import type { HttpReply } from "../http/http-reply.js";
import { Problem } from "../http/problem.js";
import { toTaggedReply } from "../http/text-reply.js";
import type { Visit } from "../site/visit.js";
import { answerWebFinger } from "../webfinger/answer-webfinger.js";

/** Every page may read it, what goes wrong as well (RFC 7033 5). */
export const FOR_ALL = { "access-control-allow-origin": "*" } as const;

/** `GET /.well-known/webfinger` (RFC 7033) */
export async function getWebFinger(visit: Visit): Promise<HttpReply> {
  const { site, request, base } = visit;
  // Without a host of its own it can only tell of the one that it was asked at, and then tells nobody else.
  const origin = site.origin ?? toOrigin(request.origin);
  const answer = await answerWebFinger(request.search, {
    origin,
    base,
    hosts: site.hosts ?? [new URL(origin).host],
    find: (login) => findRecord(visit, login),
    links: site.links,
  });
  if (answer.status !== 200) throw new Problem(answer.status, answer.detail);
  return toTaggedReply(answer.body, toHeaders("jrd", FOR_ALL));
}

/** @throws {@link Problem} 400 when what the peer says of the host is more than a host, or none. */
function toOrigin(asked = "http://localhost"): string {
  const url = URL.canParse(asked) ? new URL(asked) : undefined;
  if (url !== undefined && url.href === `${url.origin}/`) return url.origin;
  throw new Problem(400, "The header Host names no host.");
}
