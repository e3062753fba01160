import { FingerError, show } from "./error.js";
import { isHost } from "./host.js";

/** Why a query line was refused. */
export type RefusalReason = "too-long" | "control" | "empty-host" | "bad-host";

/** `{C}`: who is on? RFC 1288 2.5.1. */
export interface ListQuery {
  readonly kind: "list";
  /** `/W` was asked for: say more (RFC 1288 2.5.4). */
  readonly verbose: boolean;
}

/** `{U}`: what about this user? RFC 1288 2.5.2. The name is as typed; its case is kept. */
export interface UserQuery {
  readonly kind: "user";
  readonly user: string;
  /** `/W` was asked for: say more (RFC 1288 2.5.4). */
  readonly verbose: boolean;
}

/** `{Q2}`: ask the last of `hosts` for `user` at the others. An empty `user` asks for the list there. */
export interface ForwardQuery {
  readonly kind: "forward";
  readonly user: string;
  /** At least one, in the order of the line; the next hop is the last (RFC 1288 2.4). */
  readonly hosts: readonly string[];
  /** `/W` was asked for, for the last hop to obey (RFC 1288 2.5.4). */
  readonly verbose: boolean;
}

/** A line that is no query. It is a value, for the network sends one every day. */
export interface InvalidQuery {
  readonly kind: "invalid";
  readonly reason: RefusalReason;
}

/** A query that can be answered, and so formatted. */
export type ValidQuery = ListQuery | UserQuery | ForwardQuery;

/** One query line, read. */
export type FingerQuery = ValidQuery | InvalidQuery;

/** How a query line is read. */
export interface QueryOptions {
  /**
   * Reads the line as RFC 1288 2.3 prints it: `/W` in capitals, first, with spaces behind it; no tab; blanks
   * belong to the name. The bare user name that its grammar forgot is read all the same. @default false
   */
  readonly strict?: boolean | undefined;
}

/**
 * Reads one query line; what follows its first CR or LF is not looked at. Never throws, and takes time linear
 * in the length of the line.
 *
 * RFC 1288 2.3 has no rule for a bare user name, yet every client sends one. Lenient reading also takes `/w`,
 * the switch glued to the name (`/Walice`), the switch behind it (RFC 1194), tabs for spaces, blanks around the
 * line, and a byte order mark before it.
 *
 * @example
 * ```ts
 * parseQuery("/W alice"); // { kind: "user", user: "alice", verbose: true }
 * parseQuery("alice@h1@h2"); // { kind: "forward", user: "alice", hosts: ["h1", "h2"], verbose: false }
 * parseQuery("alice@"); // { kind: "invalid", reason: "empty-host" }
 * ```
 */
export function parseQuery(line: string, { strict = false }: QueryOptions = {}): FingerQuery {
  const seen = scan(line);
  if ((seen & CONTROL) !== 0 || (strict && (seen & TABS) !== 0)) return { kind: "invalid", reason: "control" };
  const text = (seen & (INTERNATIONAL | LINE_END)) === 0 ? line : toOneLine(line);
  const { rest, verbose } = strict ? takeStrictSwitch(text) : takeSwitches(text);
  const name = (seen & TABS) === 0 ? rest : rest.replaceAll("\t", " ");
  if ((seen & HOSTS) !== 0) return parseForward(name, verbose, strict);
  return name === "" ? { kind: "list", verbose } : { kind: "user", user: name, verbose };
}

/**
 * Writes a query as its line, without the line end; {@link parseQuery} reads it back as the same query.
 *
 * @throws {@link FingerError} `ERR_FINGER_QUERY` when no line says this: a control character or `@` in the name,
 * blanks around it, a name that begins with `/W`, a malformed host. Nothing can be smuggled into the line.
 *
 * @example
 * ```ts
 * formatQuery({ kind: "forward", user: "alice", hosts: ["h1"], verbose: true }); // "/W alice@h1"
 * ```
 */
export function formatQuery(query: ValidQuery, options?: QueryOptions): string {
  const parts = toParts(query);
  const name = parts.join("@").normalize("NFC");
  const line = query.verbose ? (name === "" ? "/W" : `/W ${name}`) : name;
  const read = parseQuery(line, options);
  if (read.kind === query.kind && read.verbose === query.verbose) {
    // What was read has no `@` in a part, so one in what was asked for, to smuggle in a host, makes a difference.
    if (toParts(read).join() === parts.join().normalize("NFC")) return line;
  }
  const why = read.kind === "invalid" ? REFUSALS[read.reason] : "a server would read it as another query";
  throw new FingerError("ERR_FINGER_QUERY", `Cannot ask for ${show(name)}: ${why}.`);
}

/** What each reason means, to go into the sentence of an error. */
export const REFUSALS: Readonly<Record<RefusalReason, string>> = {
  "too-long": "it is too long",
  control: "there is a control character in it",
  "empty-host": "there is an @ without a host behind it",
  "bad-host": "what stands behind an @ is no host, or has a port",
};

/** What the line has between its `@`s. */
function toParts(query: ValidQuery): readonly string[] {
  if (query.kind === "list") return [];
  return query.kind === "user" ? [query.user] : [query.user, ...query.hosts];
}

/** What a line holds, as bits: one pass that makes the others rare. */
const TABS = 1;
const HOSTS = 2;
const INTERNATIONAL = 4;
const LINE_END = 8;
const CONTROL = 16;

function scan(line: string): number {
  let seen = 0;
  for (let index = 0; index < line.length; index++) {
    const code = line.charCodeAt(index);
    if (code === AT) seen |= HOSTS;
    if (code >= SPACE && code < DEL) continue;
    if (code === CR || code === LF) return seen | LINE_END;
    if (code === TAB) seen |= TABS;
    else if (code > LAST_C1) seen |= INTERNATIONAL;
    else return CONTROL;
  }
  return seen;
}

/** The line up to its end, as UTF-8 can say it, and in normal form C, so that one name has one spelling. */
function toOneLine(line: string): string {
  let end = 0;
  while (end < line.length && line.charCodeAt(end) !== CR && line.charCodeAt(end) !== LF) end++;
  return line
    .slice(0, end)
    .replace(/[\ud800-\udfff]/gu, "\ufffd")
    .normalize("NFC");
}

/** RFC 1288 2.3: `/W` alone, or `/W`, one or more spaces and the rest. */
function takeStrictSwitch(text: string): { rest: string; verbose: boolean } {
  const verbose = text === "/W" || text.startsWith("/W ");
  let start = verbose ? 2 : 0;
  while (verbose && text.charCodeAt(start) === SPACE) start++;
  return { rest: text.slice(start), verbose };
}

/** Takes the switch off both ends of the line as often as it stands there, and the blanks with it. */
function takeSwitches(text: string): { rest: string; verbose: boolean } {
  let verbose = false;
  let start = 0;
  let end = text.length;
  while (start < end && (isBlank(text, start) || text.charCodeAt(start) === BYTE_ORDER_MARK)) start++;
  while (isSwitch(text, start, end)) {
    verbose = true;
    start += 2;
    while (start < end && isBlank(text, start)) start++;
  }
  while (end > start && isBlank(text, end - 1)) end--;
  while (end - start > 2 && isSwitch(text, end - 2, end) && isBlank(text, end - 3)) {
    verbose = true;
    end -= 3;
    while (end > start && isBlank(text, end - 1)) end--;
  }
  return { rest: end - start === text.length ? text : text.slice(start, end), verbose };
}

function parseForward(rest: string, verbose: boolean, strict: boolean): FingerQuery {
  let at = rest.indexOf("@");
  const hosts = rest.slice(at + 1).split("@");
  if (hosts.includes("")) return { kind: "invalid", reason: "empty-host" };
  if (!hosts.every(isHost)) return { kind: "invalid", reason: "bad-host" };
  while (!strict && at > 0 && isBlank(rest, at - 1)) at--;
  return { kind: "forward", user: rest.slice(0, at), hosts, verbose };
}

function isSwitch(text: string, start: number, end: number): boolean {
  return end - start >= 2 && text.charCodeAt(start) === SLASH && (text.charCodeAt(start + 1) | LOWER_CASE) === LETTER_W;
}

/** Only space and tab: a no-break space is a name like another, and must not turn into a list. */
function isBlank(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === SPACE || code === TAB;
}

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const SLASH = 0x2f;
const AT = 0x40;
const DEL = 0x7f;
const LAST_C1 = 0x9f;
const LETTER_W = 0x77;
const LOWER_CASE = 0x20;
const BYTE_ORDER_MARK = 0xfeff;
