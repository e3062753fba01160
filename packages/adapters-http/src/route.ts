import { Problem } from "./http/problem.js";
import { decodePercent } from "./text/percent.js";

/** What a path asks for. */
export type Route =
  | { readonly kind: "list"; readonly form: Form | undefined }
  | { readonly kind: "person"; readonly login: string; readonly form: Form | undefined }
  | { readonly kind: "feed"; readonly login: string | undefined; readonly format: "atom" | "json" }
  | { readonly kind: "gateway"; readonly host: string; readonly name: string }
  | { readonly kind: "redirect"; readonly path: string }
  | { readonly kind: "events" | "openapi" | "rpc" | "webfinger" };

/** The form that the end of a path names. */
export type Form = "json" | "text";

/**
 * What a path asks for; `undefined` when it is none of ours.
 *
 * @param path - Percent-encoded, and without what it is mounted at.
 * @throws {@link Problem} when it is no path at all.
 */
export function parseRoute(path: string): Route | undefined {
  if (!path.startsWith("/")) return path === "" ? { kind: "list", form: undefined } : undefined;
  const [first = "", second, ...rest] = path.slice(1).split("/");
  if (first === "") return second === undefined ? { kind: "list", form: undefined } : undefined;
  if (first.startsWith("@")) return rest.length === 0 ? toGateway(first, second) : undefined;
  if (second === undefined) return OTHERS.has(first) ? undefined : (FIXED.get(first) ?? toPerson(first));
  if (rest.length > 0) return undefined;
  // Made anew, for `/\\host` is another host to a browser.
  if (second === "") return { kind: "redirect", path: toPersonPath(toLogin(first)) };
  const format = FEEDS.get(second);
  return format && { kind: "feed", login: toLogin(first), format };
}

/** Paths that are nobody's. The page of a user with such a login is at `/~login`, as is that of everybody. */
const FIXED: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["events", { kind: "events" }],
  ["feed.atom", { kind: "feed", login: undefined, format: "atom" }],
  ["feed.json", { kind: "feed", login: undefined, format: "json" }],
  ["openapi.json", { kind: "openapi" }],
  ["RPC2", { kind: "rpc" }],
  [".json", { kind: "list", form: "json" }],
  [".txt", { kind: "list", form: "text" }],
]);

/** What browsers and robots look for at the root of a host, which may have it. */
const OTHERS: ReadonlySet<string> = new Set(["favicon.ico", "robots.txt"]);

const FEEDS: ReadonlyMap<string, "atom" | "json"> = new Map([
  ["feed.atom", "atom"],
  ["feed.json", "json"],
]);

const FORMS: ReadonlyArray<readonly [end: string, form: Form]> = [
  [".json", "json"],
  [".txt", "text"],
];

function toPerson(segment: string): Route {
  if (segment.startsWith("~")) return { kind: "person", login: toLogin(segment), form: undefined };
  const [end = "", form] = FORMS.find(([end]) => segment.endsWith(end)) ?? [];
  return { kind: "person", login: decode(segment.slice(0, segment.length - end.length)), form };
}

/** The login that a whole segment is of. */
function toLogin(segment: string): string {
  return decode(segment.startsWith("~") ? segment.slice(1) : segment);
}

function toGateway(segment: string, name = ""): Route {
  return { kind: "gateway", host: decode(segment.slice(1)), name: decode(name) };
}

function decode(segment: string): string {
  const text = decodePercent(segment);
  if (text !== undefined) return text;
  throw new Problem(400, "The path is no UTF-8, or a percent sign in it is not followed by two hexadecimal digits.");
}

/** The path of a user's page, behind what this is mounted at. */
export function toPersonPath(login: string): string {
  const segment = encode(login);
  return isPlain(segment) ? `/${segment}` : `/~${segment}`;
}

/** The path of a user's page in one form; `undefined` when only the header `Accept` can ask for it. */
export function toFormPath(login: string, form: Form): string | undefined {
  const [end] = FORMS.find(([, other]) => other === form) ?? [];
  const segment = `${encode(login)}${end}`;
  return login.startsWith("~") || FIXED.has(segment) || OTHERS.has(segment) ? undefined : `/${segment}`;
}

/** Half of a surrogate pair has no place in a URL. */
function encode(login: string): string {
  return encodeURIComponent(login.replace(/\p{Surrogate}/gu, "\ufffd"));
}

/** Whether the segment is read as the login and nothing else; `.` and `..` would be lost on the way. */
function isPlain(segment: string): boolean {
  if (segment.startsWith("~") || segment.startsWith(".") || FIXED.has(segment) || OTHERS.has(segment)) return false;
  return FORMS.every(([end]) => !segment.endsWith(end));
}
