import { formatUser } from "finger-protocol";
import { findUser, findUsers } from "../answers/find-user.js";
import { leaveFound } from "../answers/found.js";
import { readBody, toMediaType } from "../http/body.js";
import { toHeaders } from "../http/content.js";
import type { HttpReply } from "../http/http-reply.js";
import { Problem } from "../http/problem.js";
import { toTextReply } from "../http/text-reply.js";
import type { Visit } from "../site/visit.js";
import { answerXmlRpc } from "../xml-rpc/answer-xml-rpc.js";

/** `POST /RPC2`: the XML-RPC of Twisted's tutorial, chapters 19 and 26. */
export async function callMethod(visit: Visit): Promise<HttpReply> {
  const { request, site } = visit;
  const type = toMediaType(request);
  if (type !== "text/xml" && type !== "application/xml") throw new Problem(415, "XML-RPC is sent as text/xml.");
  const body = await readBody(request, site.limits.bodyBytes);
  const methods = { getUser: (name: string) => getUser(visit, name), getUsers: () => getUsers(visit) };
  const answer = await answerXmlRpc(body, methods, (error) => {
    if (!(error instanceof Problem)) site.onError(error);
  });
  return toTextReply(200, answer, toHeaders("xml", { "cache-control": "no-store" }));
}

/** The status, or all that is known of who has none. Who is not known is no fault, but a text, as in the tutorial. */
async function getUser(visit: Visit, name: string): Promise<string> {
  try {
    const found = await findUser(visit, name);
    if (found.kind === "text") return found.text;
    if (found.kind === "user") return found.user.status ?? formatUser(found.user);
    await leaveFound(found, visit.site.onError);
    throw new Problem(406, "This answer has no place in XML-RPC.");
  } catch (error) {
    if (error instanceof Problem && (error.status === 404 || error.status === 400)) return "No such user";
    throw error;
  }
}

/** The logins; none where there is no list, as in chapter 23. */
async function getUsers(visit: Visit): Promise<string[]> {
  try {
    return (await findUsers(visit)).map(({ login }) => login);
  } catch (error) {
    if (error instanceof Problem && error.status === 403) return [];
    throw error;
  }
}
