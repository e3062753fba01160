import { namesTag } from "./http/conditions.js";
import { NO_HEADERS, toCorsHeaders, toPreflightHeaders } from "./http/cross-origin.js";
import type { HttpReply } from "./http/http-reply.js";
import type { HttpRequest } from "./http/http-request.js";
import { leaveUnsent } from "./http/leave-unsent.js";
import { Problem } from "./http/problem.js";
import type { Responder } from "./http/responder.js";
import type { FingerHandlerOptions } from "./options.js";
import { getChanges } from "./resources/changes.js";
import { getDirectory } from "./resources/directory.js";
import { getFeed } from "./resources/feed.js";
import { askOther } from "./resources/gateway.js";
import { getOpenApi } from "./resources/open-api.js";
import { getPerson } from "./resources/person.js";
import { replyProblem } from "./resources/problem.js";
import { callMethod } from "./resources/rpc.js";
import { FOR_ALL, getWebFinger } from "./resources/web-finger.js";
import { parseRoute, type Route } from "./route.js";
import { postForm } from "./setting/form.js";
import { deleteStatus, putStatus } from "./setting/setting.js";
import { createSite, type Site } from "./site/site.js";
import type { Visit } from "./site/visit.js";

/** What a method does at a path. */
type Methods = Readonly<Record<string, (visit: Visit) => Promise<HttpReply>>>;

/**
 * Makes what answers requests, for a binding to translate.
 *
 * @throws `TypeError` or `RangeError` for an option that is wrong.
 */
export function createResponder(options: FingerHandlerOptions): Responder {
  const site = createSite(options);
  return {
    respond: async (request) => respond(site, request),
    close: () => site.events?.close(),
    onError: site.onError,
  };
}

async function respond(site: Site, request: HttpRequest): Promise<HttpReply | undefined> {
  const { path, mount } = request;
  const base = mount + site.base;
  // A browser takes a backslash for a slash, and two of them for another host.
  const visit: Visit = { site, request, base: base.replaceAll("\\", "%5C").replace(/^\/+/, "/") };
  // At the root of the host, whatever the pages are below (RFC 8615 3).
  if (path === "/.well-known/webfinger") return answer(visit, { kind: "webfinger" });
  if (!path.startsWith(base)) return undefined;
  try {
    const route = parseRoute(path.slice(base.length));
    return route && (await answer(visit, route));
  } catch (error) {
    return withHeaders(await replyError(visit, error), toCorsHeaders(site.cors, request));
  }
}

async function answer(visit: Visit, route: Route): Promise<HttpReply> {
  const { site, request } = visit;
  const methods = toMethods(route, site);
  const shared = route.kind === "webfinger" ? FOR_ALL : toCorsHeaders(site.cors, request);
  if (request.method === "OPTIONS") {
    const allow = toAllow(methods);
    const more = route.kind === "webfinger" ? FOR_ALL : toPreflightHeaders(site.cors, request, allow);
    return { status: 204, headers: { allow, ...more }, body: undefined };
  }
  const name = request.method === "HEAD" ? "GET" : request.method;
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  const reply = await (method === undefined
    ? refuseMethod(visit, toAllow(methods))
    : method(visit).catch((error) => replyError(visit, error)));
  return withHeaders(await finish(visit, reply), shared);
}

/** What can be done at a path. */
function toMethods(route: Route, { setter }: Site): Methods {
  switch (route.kind) {
    case "list":
      return { GET: (visit) => getDirectory(visit, route.form) };
    case "person": {
      const read: Methods = { GET: (visit) => getPerson(visit, route.login, route.form) };
      if (setter === undefined || route.form !== undefined) return read;
      return {
        ...read,
        PUT: (visit) => putStatus(visit, route.login),
        DELETE: (visit) => deleteStatus(visit, route.login),
        POST: (visit) => postForm(visit, route.login),
      };
    }
    case "feed":
      return { GET: (visit) => getFeed(visit, route.login, route.format) };
    case "gateway":
      return { GET: (visit) => askOther(visit, route.host, route.name) };
    case "redirect":
      return { GET: async ({ base }) => redirect(base + route.path) };
    case "events":
      return { GET: getChanges };
    case "openapi":
      return { GET: getOpenApi };
    case "webfinger":
      return { GET: getWebFinger };
    case "rpc":
      return { POST: callMethod };
  }
}

function toAllow(methods: Methods): string {
  const names = Object.keys(methods).flatMap((name) => (name === "GET" ? ["GET", "HEAD"] : [name]));
  return [...names, "OPTIONS"].join(", ");
}

function refuseMethod(visit: Visit, allow: string): Promise<HttpReply> {
  return replyProblem(visit, new Problem(405, `This can be asked for with ${allow} alone.`, { allow }));
}

/** What is no problem of the peer's is a fault of ours or of a template, and for the framework. */
async function replyError(visit: Visit, error: unknown): Promise<HttpReply> {
  if (error instanceof Problem) return replyProblem(visit, error);
  throw error;
}

function redirect(location: string): HttpReply {
  return { status: 308, headers: { location, "content-length": "0" }, body: undefined };
}

/** What the peer has already, or only wants to know of, is not sent (RFC 9110 13.1, 9.3.2). */
async function finish(visit: Visit, reply: HttpReply): Promise<HttpReply> {
  const { request } = visit;
  const tag = reply.headers["etag"];
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead && reply.status === 200 && tag !== undefined) {
    const [match, noneMatch] = [request.header("if-match"), request.header("if-none-match")];
    if (match !== undefined && !namesTag(match, tag, true))
      return replyProblem(visit, new Problem(412, "It is another one by now."));
    if (noneMatch !== undefined && namesTag(noneMatch, tag, false)) {
      return { status: 304, headers: toKeptHeaders(reply.headers), body: undefined };
    }
  }
  if (request.method !== "HEAD") return reply;
  await leaveUnsent(reply);
  return { ...reply, body: undefined };
}

/** Those of a 304 (RFC 9110 15.4.5). */
function toKeptHeaders(headers: HttpReply["headers"]): HttpReply["headers"] {
  return Object.fromEntries(KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}

const KEPT = ["etag", "vary", "cache-control"];

function withHeaders(reply: HttpReply, more: Readonly<Record<string, string>>): HttpReply {
  return more === NO_HEADERS ? reply : { ...reply, headers: { ...reply.headers, ...more } };
}
