import { readBody, toMediaType } from "../http/body.js";
import type { HttpRequest } from "../http/http-request.js";
import { Problem } from "../http/problem.js";

/** What a peer wants to be set. */
export interface WantedStatus {
  readonly text: string;
  /** How long it is told, in milliseconds; `undefined` as long as it stays. */
  readonly ttl: number | undefined;
}

/**
 * The token of a request (RFC 6750 2.1).
 *
 * @throws {@link Problem} 401 when there is none.
 */
export function readToken(request: HttpRequest): string {
  const [, token] = /^Bearer +([\w.~+/-]+=*) *$/i.exec(request.header("authorization") ?? "") ?? [];
  if (token !== undefined) return token;
  const what = "It takes a token: send the header Authorization: Bearer TOKEN.";
  throw new Problem(401, what, { "www-authenticate": 'Bearer realm="finger"' });
}

/**
 * The status in a body: of a text the whole of it, of JSON its `status` and `ttl`, in seconds.
 *
 * @throws {@link Problem} 400, 413 or 415.
 */
export async function readWanted(request: HttpRequest, most: number): Promise<WantedStatus> {
  const type = toMediaType(request);
  if (type === "text/plain" || type === "") return { text: trimEnd(await readBody(request, most)), ttl: undefined };
  if (type === "application/json") return parseWanted(await readBody(request, most));
  throw new Problem(415, 'A status is sent as text/plain, or as application/json: {"status": "…"}.');
}

function parseWanted(body: string): WantedStatus {
  const json = parseJson(body);
  if (typeof json !== "object" || json === null || !("status" in json) || typeof json.status !== "string") {
    throw new Problem(400, 'The JSON is no object with a text as its "status".');
  }
  return { text: trimEnd(json.status), ttl: "ttl" in json ? toMilliseconds(json.ttl) : undefined };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Problem(400, "The body is no JSON.");
  }
}

function toMilliseconds(ttl: unknown): number | undefined {
  if (ttl === undefined || ttl === null) return undefined;
  if (typeof ttl === "number" && ttl >= 0.001 && ttl <= A_HUNDRED_YEARS) return ttl * 1000;
  throw new Problem(400, `The "ttl" is no number of seconds, from 0.001 to ${A_HUNDRED_YEARS}.`);
}

/** With lines that end in LF, and without the ends of its last line, as a setter reads it. */
export function trimEnd(text: string): string {
  const lines = text.replaceAll("\r\n", "\n");
  let end = lines.length;
  while (end > 0 && lines.charCodeAt(end - 1) === LF) end--;
  return lines.slice(0, end);
}

const A_HUNDRED_YEARS = 3_155_760_000;
const LF = 0x0a;
