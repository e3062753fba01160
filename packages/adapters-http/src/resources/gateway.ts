import { FingerError, type ForwardQuery, formatQuery, parseQuery, parseReply, sanitize } from "finger-protocol";
import type { Answer } from "finger-server";
import { lookUp } from "../answers/look-up.js";
import { isTrouble } from "../answers/trouble.js";
import { choose, toHeaders } from "../http/content.js";
import type { HttpReply } from "../http/http-reply.js";
import { Problem } from "../http/problem.js";
import { toTaggedReply } from "../http/text-reply.js";
import type { Visit } from "../site/visit.js";
import { toJson } from "../text/user-json.js";
import { renderHtml } from "./render-html.js";

/** `GET /@host/name`: what another server says. */
export async function askOther(visit: Visit, host: string, name: string): Promise<HttpReply> {
  const { site, request } = visit;
  const { gateway, gatewayBudget, deadlines, onError } = site;
  if (gateway === undefined) throw new Problem(404, "Other servers are not asked from here.");
  const type = choose(request.header("accept"), undefined, ["html", "json", "text"]);
  const target = toTarget(host, name);
  if (!gatewayBudget.pay(request.peer)) {
    throw new Problem(429, "You have asked other servers too often; ask again in a minute.", { "retry-after": "60" });
  }
  const text = await lookUp(request, deadlines, async (context) =>
    readAnswer(await gateway.lookup(target, context), context.signal),
  ).catch((error) => {
    if (isTrouble(error) && !UNREACHABLE.has(toCode(error))) onError(error);
    throw toGatewayProblem(error);
  });
  const more = { "x-robots-tag": "noindex, nofollow" };
  if (type === "text") return toTaggedReply(text, toHeaders("text", more));
  if (type === "json") {
    return toTaggedReply(
      JSON.stringify({ target, text, users: parseReply(text).map(toJson) }),
      toHeaders("json", more),
    );
  }
  const page = site.pages.gateway({ target, text });
  const [html, headers] = await renderHtml(site, page, { events: undefined, alternates: [] });
  return toTaggedReply(html, { ...headers, ...more });
}

/** @throws {@link Problem} 400 when it is no query for one host. */
function toTarget(host: string, name: string): string {
  const target = `${name}@${host}`;
  const query = parseQuery(target);
  // What a line cannot carry, or means something else in it, does not come back as it was.
  const isForward = query.kind === "forward" && query.hosts.length === 1 && !query.verbose;
  if (isForward && toLine(query) === target) return target;
  throw new Problem(400, "That is no host, or no name, that could be asked for.");
}

function toLine(query: ForwardQuery): string | undefined {
  try {
    return formatQuery(query);
  } catch {
    return undefined;
  }
}

/** The whole text; what comes from elsewhere may have control characters in it. How long it may be is known to who asks. */
async function readAnswer(answer: Answer | undefined, signal: AbortSignal): Promise<string> {
  if (typeof answer === "string") return sanitize(answer);
  if (typeof answer !== "object" || !(Symbol.asyncIterator in answer)) {
    throw new Problem(404, "There is no answer from there.");
  }
  let text = "";
  for await (const piece of answer) {
    text += piece;
    if (text.length > LONGEST || signal.aborted) break;
  }
  return sanitize(text.slice(0, LONGEST));
}

function toGatewayProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = toCode(error);
  if (code === "ERR_FINGER_DENIED") return new Problem(403, "Finger forwarding service denied");
  if (code === "ERR_FINGER_TIMEOUT") return new Problem(504, "That host does not answer.");
  if (UNREACHABLE.has(code)) return new Problem(502, "That host cannot be reached.");
  return new Problem(503, "Internal error in server", { "retry-after": "10" });
}

function toCode(error: unknown): string {
  return FingerError.is(error) ? error.code : "";
}

/** What fails for a fault of the host that is asked, not of ours. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  "ERR_FINGER_RESOLVE",
  "ERR_FINGER_CONNECT",
  "ERR_FINGER_TIMEOUT",
  "ERR_FINGER_IO",
]);

const LONGEST = 1024 * 1024;
