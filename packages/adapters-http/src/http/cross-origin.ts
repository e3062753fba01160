import type { HttpRequest } from "./http-request.js";

/** Who may read from pages of other origins: all, or those listed. */
export type Cors = "*" | readonly string[] | undefined;

/** The headers that let a page of another origin read an answer (Fetch, 3.2); none when it may not. */
export function toCorsHeaders(cors: Cors, request: HttpRequest): Readonly<Record<string, string>> {
  if (cors === undefined) return NO_HEADERS;
  if (cors === "*") return { "access-control-allow-origin": "*", ...EXPOSED };
  const origin = request.header("origin");
  const vary = "accept, origin";
  return origin !== undefined && cors.includes(origin)
    ? { "access-control-allow-origin": origin, ...EXPOSED, vary }
    : { vary };
}

/** The headers that answer the question of a browser whether a page may send a request (Fetch, 3.2.2). */
export function toPreflightHeaders(cors: Cors, request: HttpRequest, allow: string): Readonly<Record<string, string>> {
  const headers = toCorsHeaders(cors, request);
  if (!("access-control-allow-origin" in headers)) return headers;
  return {
    ...headers,
    "access-control-allow-methods": allow,
    "access-control-allow-headers": "authorization, content-type, if-match, if-none-match, last-event-id",
    "access-control-max-age": "600",
  };
}

/**
 * Whether a form was sent by a page of ours. Browsers say where a request comes from; who says nothing is no browser of today, and
 * has no token of somebody else's in a field either.
 *
 * @param origin - Where people reach this. @default where it was asked, by the host that the request names
 */
export function isSameOrigin(request: HttpRequest, origin: string | undefined): boolean {
  const site = request.header("sec-fetch-site");
  if (site !== undefined) return site === "same-origin";
  const from = request.header("origin");
  if (from === undefined) return true;
  if (origin !== undefined) return from === origin;
  // A proxy in front may speak TLS, so the scheme may be another one here.
  const host = request.header("host") ?? toUrl(request.origin)?.host;
  return toUrl(from)?.host === host;
}

function toUrl(text = ""): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

const EXPOSED = { "access-control-expose-headers": "etag, location, retry-after" };
/** There are none, as mostly. */
export const NO_HEADERS: Readonly<Record<string, string>> = {};
