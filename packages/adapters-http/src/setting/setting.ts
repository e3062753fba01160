import { FingerError } from "finger-protocol";
import type { Peer, StoredStatus } from "finger-server";
import { assertName, noSuchUser } from "../answers/found.js";
import { toTextReply } from "../http/bytes.js";
import { toHeaders } from "../http/content.js";
import type { HttpReply } from "../http/http-reply.js";
import type { HttpRequest } from "../http/http-request.js";
import { Problem } from "../http/problem.js";
import type { Site } from "../site/site.js";
import type { Visit } from "../site/visit.js";
import { toRevision } from "./precondition.js";
import { readToken, readWanted, type WantedStatus } from "./set-request.js";

/** `PUT /:login` */
export async function putStatus(visit: Visit, login: string): Promise<HttpReply> {
  const token = readToken(visit.request);
  const wanted = await readWanted(visit.request, visit.site.limits.bodyBytes);
  const { text: status, at, expires } = await setStatus(visit, login, token, wanted);
  return toTextReply(200, JSON.stringify({ login, status, statusAt: at, expires }), toHeaders("json", NEVER_KEPT));
}

/** `DELETE /:login` */
export async function deleteStatus(visit: Visit, login: string): Promise<HttpReply> {
  const { request } = visit;
  const token = readToken(request);
  const { setter, store } = toSetter(visit.site);
  assertName(login);
  const ifRev = (await toRevision(visit, store, login)) ?? undefined;
  const wasThere = await setter.delete({ login, token, ifRev }, toPeer(request)).catch(throwProblem);
  if (!wasThere) throw noSuchUser();
  return { status: 204, headers: toHeaders("text", NEVER_KEPT), body: undefined };
}

/** @throws {@link Problem} */
export async function setStatus(
  visit: Visit,
  login: string,
  token: string,
  { text, ttl }: WantedStatus,
): Promise<StoredStatus> {
  const { setter, store } = toSetter(visit.site);
  assertName(login);
  const ifRev = await toRevision(visit, store, login);
  return setter.set({ login, token, text, ttl, ifRev }, toPeer(visit.request)).catch(throwProblem);
}

type Setting = Required<{ [Name in "setter" | "store"]: NonNullable<Site[Name]> }>;

function toSetter({ setter, store }: Site): Setting {
  if (setter === undefined || store === undefined) throw new Problem(404, "Nobody can set a status here.");
  return { setter, store };
}

/** To a setter, who has no address is on this machine; here it may be anybody. */
function toPeer({ peer: { address = "", port } }: HttpRequest): Peer {
  return { address, port };
}

/** What a setter says is for the peer; all else is not. */
function throwProblem(error: unknown): never {
  if (!FingerError.is(error)) throw new Problem(503, "Not stored; please try again later.", RETRY);
  const { code, message } = error;
  if (code === "ERR_FINGER_INVALID") throw new Problem(400, message);
  if (code === "ERR_FINGER_DENIED") throw new Problem(401, message, INVALID_TOKEN);
  if (code === "ERR_FINGER_LIMITED") throw new Problem(429, message, { "retry-after": "60" });
  if (code === "ERR_FINGER_CONFLICT")
    throw new Problem(412, "The status has changed meanwhile; look at it, and decide anew.");
  if (code === "ERR_FINGER_STORE") throw new Problem(503, "Not stored; please try again later.", RETRY);
  throw new Problem(503, "Perhaps not stored: look at the status, and try again later.", RETRY);
}

const INVALID_TOKEN = { "www-authenticate": 'Bearer realm="finger", error="invalid_token"' };
const RETRY = { "retry-after": "10" };
const NEVER_KEPT = { "cache-control": "no-store" };
