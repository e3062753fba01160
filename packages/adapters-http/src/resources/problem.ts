import { hasList } from "../answers/find-user.js";
import { chooseType } from "../http/accept.js";
import { toHeaders } from "../http/content.js";
import type { HttpReply } from "../http/http-reply.js";
import type { Problem } from "../http/problem.js";
import { toTextReply } from "../http/text-reply.js";
import type { Visit } from "../site/visit.js";
import { renderHtml } from "./render-html.js";

/** A problem in the form that the peer likes best: a page for people, or an object for programs (RFC 9457). */
export async function replyProblem({ site, request, base }: Visit, problem: Problem): Promise<HttpReply> {
  const { status, title, message: detail } = problem;
  const headers = { ...problem.headers, "cache-control": "no-store" };
  const accept = request.header("accept");
  const type = chooseType(accept, ["application/json", "application/problem+json", "text/html", "text/plain"]);
  if (type === "text/html") {
    const page = site.pages.problem({ status, title, detail, directory: hasList(site) ? `${base}/` : undefined });
    const [text, more] = await renderHtml(site, page, { events: undefined, alternates: [] });
    return toTextReply(status, text, { ...more, ...headers });
  }
  if (type === "text/plain") return toTextReply(status, `${detail}\n`, toHeaders("text", headers));
  const body = JSON.stringify({ type: "about:blank", title, status, detail });
  return toTextReply(status, `${body}\n`, toHeaders("problem", headers));
}
