import type { Peer, StoredStatus } from "finger-server";
import { assertName, noSuchUser } from "../answers/found.js";
import { toHeaders } from "../http/content.js";
import type { HttpReply } from "../http/http-reply.js";
import type { HttpRequest } from "../http/http-request.js";
import { Problem } from "../http/problem.js";
import { toTextReply } from "../http/text-reply.js";
import type { Site } from "../site/site.js";
import type { Visit } from "../site/visit.js";
import { type Condition, NEVER, toRevision } from "./precondition.js";
import { readToken, readWanted, type WantedStatus } from "./set-request.js";
import { toSettingProblem } from "./setting-problem.js";

/** `PUT /:login` */
export async function putStatus(visit: Visit, login: string): Promise<HttpReply> {
  const token = readToken(visit.request);
  const wanted = await readWanted(visit.request, visit.site.limits.bodyBytes);
  const { text: status, at, expires } = await setStatus(visit, login, token, wanted);
  const body = `${JSON.stringify({ login, status, statusAt: at, expires })}\n`;
  return toTextReply(200, body, toHeaders("json", NEVER_KEPT));
}

/** `DELETE /:login` */
export async function deleteStatus(visit: Visit, login: string): Promise<HttpReply> {
  const token = readToken(visit.request);
  const wasThere = await change(visit, login, ({ setter }, ifRev, peer) => {
    // What is to be deleted only where there is none has no revision either.
    return setter.delete({ login, token, ifRev: ifRev === null ? NEVER : ifRev }, peer);
  });
  if (!wasThere) throw noSuchUser();
  return { status: 204, headers: toHeaders("text", NEVER_KEPT), body: undefined };
}

/** @throws {@link Problem} when it is not set, or nobody knows. */
export async function setStatus(
  visit: Visit,
  login: string,
  token: string,
  { text, ttl }: WantedStatus,
): Promise<StoredStatus> {
  return change(visit, login, ({ setter }, ifRev, peer) => setter.set({ login, token, text, ttl, ifRev }, peer));
}

type Setting = Required<{ [Name in "setter" | "store"]: NonNullable<Site[Name]> }>;

/** Changes a status under the conditions of the request. */
async function change<T>(
  visit: Visit,
  login: string,
  act: (setting: Setting, ifRev: Condition, peer: Peer) => Promise<T>,
): Promise<T> {
  const { setter, store, onError } = visit.site;
  if (setter === undefined || store === undefined) throw new Problem(404, "Nobody can set a status here.");
  assertName(login);
  try {
    const ifRev = await toRevision(visit, store, login);
    return await act({ setter, store }, ifRev, toPeer(visit.request));
  } catch (error) {
    throw toSettingProblem(error, onError);
  }
}

/** To a setter, who has no address is on this machine; here it may be anybody. */
function toPeer({ peer: { address = "", port } }: HttpRequest): Peer {
  return { address, port };
}

const NEVER_KEPT = { "cache-control": "no-store" };
