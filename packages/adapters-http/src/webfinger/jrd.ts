import { FINGER_PORT, type FingerUser, formatFingerUrl, sanitize } from "finger-protocol";
import type { PersonLinks } from "../options.js";
import { toFormPath, toPersonPath } from "../route.js";
import { type AccountRules, toHostname } from "./account.js";

/** What WebFinger tells of a resource (RFC 7033 4.4). */
interface Jrd {
  readonly subject: string;
  readonly aliases: readonly string[];
  readonly properties?: Readonly<Record<string, string>>;
  readonly links: readonly JrdLink[];
}

/** A link (RFC 7033 4.4.4). */
interface JrdLink {
  readonly rel: string;
  readonly type?: string;
  readonly href: string;
}

/**
 * Writes what WebFinger tells of a user as a document for it (RFC 7033 4.4), the link that matters most first.
 *
 * @param rels - The kinds of links that are asked for; all when it is empty.
 */
export function formatJrd(
  user: FingerUser,
  links: PersonLinks | undefined,
  rules: AccountRules,
  rels: readonly string[],
): string {
  const login = user.login.replace(/\p{Surrogate}/gu, "\ufffd");
  const host = toHostname(rules.hosts[0] ?? "") ?? "";
  const page = `${rules.origin}${rules.base}${toPersonPath(login)}`;
  const all = toLinks(login, page, links, rules);
  const name = sanitize(user.name ?? "").trim();
  const jrd: Jrd = {
    subject: `acct:${encodeUserPart(login)}@${host}`,
    aliases: [page, ...toFingerUrl(login, host)],
    ...(name !== "" && { properties: { "http://schema.org/name": name } }),
    links: rels.length === 0 ? all : all.filter(({ rel }) => rels.includes(rel)),
  };
  return JSON.stringify(jrd);
}

function toLinks(
  login: string,
  page: string,
  links: PersonLinks | undefined,
  { origin, base }: AccountRules,
): readonly JrdLink[] {
  const json = toFormPath(login, "json");
  const { profile = page, avatar, activityPub } = links ?? {};
  return [
    ...toLink("http://webfinger.net/rel/profile-page", "text/html", profile),
    ...toLink("http://webfinger.net/rel/avatar", undefined, avatar),
    ...toLink("self", "application/activity+json", activityPub),
    { rel: "alternate", type: "application/json", href: json === undefined ? page : `${origin}${base}${json}` },
    { rel: "http://schemas.google.com/g/2010#updates-from", type: "application/atom+xml", href: `${page}/feed.atom` },
  ];
}

/** What is no address on the web is left out: it may be the user who wrote it, and others follow it. */
function toLink(rel: string, type: string | undefined, href: string | undefined): readonly JrdLink[] {
  if (href === undefined || !/^https?:\/\/[^\s\0-\x20"<>]+$/i.test(href)) return [];
  return [type === undefined ? { rel, href } : { rel, type, href }];
}

/** None when finger has no way to ask for the login. */
function toFingerUrl(login: string, host: string): readonly string[] {
  try {
    const query = { kind: "user", user: login, verbose: false } as const;
    return [formatFingerUrl({ query, host: host.replace(/^\[|\]$/g, ""), port: FINGER_PORT })];
  } catch {
    return [];
  }
}

/** RFC 7565 7 lets these stand as they are, which `encodeURIComponent` encodes. */
function encodeUserPart(login: string): string {
  return encodeURIComponent(login).replace(/%(?:24|26|2B|2C|3B|3D)/g, decodeURIComponent);
}
