import { chooseType } from "./accept.js";
import { Problem } from "./problem.js";

/** The media types that pages, records and texts are answered in, ours first. */
export const TYPES = {
  html: "text/html",
  json: "application/json",
  text: "text/plain",
  atom: "application/atom+xml",
  feed: "application/feed+json",
  problem: "application/problem+json",
  events: "text/event-stream",
  xml: "text/xml",
  jrd: "application/jrd+json",
} as const;

/**
 * What to answer in: what the path says, or what the peer wants most.
 *
 * @param form - What the path says.
 * @throws {@link Problem} 406 when the peer wants none of it.
 */
export function choose<Name extends keyof typeof TYPES>(
  accept: string | undefined,
  form: Name | undefined,
  offered: readonly Name[],
): Name {
  if (form !== undefined && offered.includes(form)) return form;
  const types = offered.map((name) => TYPES[name]);
  const type = form === undefined ? chooseType(accept, types) : undefined;
  const chosen = offered.find((name) => TYPES[name] === type);
  if (chosen !== undefined) return chosen;
  throw new Problem(406, `This can be had as ${types.join(", ")}.`);
}

/** The headers of what is answered in a type: it is what it says, sends nobody elsewhere, and is checked before it is used again. */
export function toHeaders(
  name: keyof typeof TYPES,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const charset = WITHOUT_CHARSET.has(name) ? "" : "; charset=utf-8";
  return { "content-type": `${TYPES[name]}${charset}`, ...COMMON, ...more };
}

/** JSON is UTF-8 (RFC 8259 8.1), and so are streams of events. */
const WITHOUT_CHARSET: ReadonlySet<string> = new Set(["json", "feed", "problem", "events", "jrd"]);

/** Who may see what depends on the peer, so nothing is for a cache that others share. */
const COMMON = {
  "cache-control": "private, no-cache",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  vary: "accept",
  "x-content-type-options": "nosniff",
} as const;
