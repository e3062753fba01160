import * as z from "zod/mini";
import { LONGEST_TIME } from "../../../assert-whole.js";
import { matchHosts } from "../../../host-names.js";
import { parseNetwork } from "../../../network.js";
import { parseRedisUrl } from "../../../redis/address.js";
import { nearest } from "../../../users/nearest.js";
import { parseUrlTemplate } from "../../../web-page/url-template.js";
import { parsePlace } from "../../address.js";
import { parseStore } from "../../application/store-place.js";
import { parseAllowList } from "../../guard.js";
import { parseOctal } from "../../octal.js";
import { readArgv } from "../../program/argv.js";
import { NOTES } from "./notes.js";

// What a value may be. Each function makes a new schema, for a description belongs to one key. What a value must be is a
// clause that begins with "it", to be put behind its path and itself.

/**
 * What stands there is read by `read`, which throws when it cannot be.
 *
 * @param subject - How what is thrown may name the value, if not by what it is.
 */
function readable(
  what: string,
  read: (text: string) => void,
  pattern?: string,
  subject?: string,
): z.ZodMiniType<string> {
  const schema = text(what).check(
    z.check<string>(({ value, issues }) => {
      const why = findWhy(() => read(value), JSON.stringify(value), subject);
      if (why !== undefined) issues.push({ code: "custom", message: why, input: value, continue: true });
    }),
  );
  if (pattern !== undefined) NOTES.add(schema, { pattern });
  return schema;
}

/**
 * What is wrong, without the value: it may be long, or have a password in it.
 *
 * @param subjects - How what is thrown may name the value, before it says what is wrong with it.
 */
function findWhy(read: () => void, ...subjects: ReadonlyArray<string | undefined>): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    const subject = subjects.find((one) => one !== undefined && message.includes(one));
    if (subject === undefined) return "it cannot be read";
    return `it${message.slice(message.indexOf(subject) + subject.length)}`.replace(/\.$/, "");
  }
}

/** A text that is not empty. */
export function text(what: string, whyNotEmpty = `it must be ${what}`): z.ZodMiniType<string> {
  const why = `it must be ${what}`;
  const error = ({ input }: { input?: unknown }) => (isScalar(input) ? `${why}; put it in quotes` : why);
  return z.string({ error }).check(
    z.minLength(1, whyNotEmpty),
    z.refine((value) => !value.includes("\0"), "it must be without NUL"),
  );
}

function isScalar(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

/** A text that may be empty. */
export function phrase(): z.ZodMiniType<string> {
  return z.string({
    error: ({ input }) => (isScalar(input) ? "it must be a text; put it in quotes" : "it must be a text"),
  });
}

/** One of some words. */
export function word<const Words extends readonly string[]>(words: Words): z.ZodMiniType<Words[number]> {
  return z.enum(words, {
    error: ({ input }) => {
      const meant = typeof input === "string" ? nearest(input, words) : undefined;
      if (meant !== undefined) return `there is no such word; did you mean ${JSON.stringify(meant)}?`;
      return `it must be ${formatChoice(words.map((word) => JSON.stringify(word)))}`;
    },
  }) as z.ZodMiniType<Words[number]>;
}

function formatChoice(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** Yes or no. */
export function flag(): z.ZodMiniType<boolean> {
  return z.boolean("it must be true or false");
}

/** A whole number. */
export function whole(least: number, most: number, what?: string): z.ZodMiniType<number> {
  const why = what ?? `it must be a whole number from ${least} to ${most}`;
  return z.int(why).check(z.gte(least, why), z.lte(most, why));
}

/** A bound that can be taken away. */
export function limit(): z.ZodMiniType<number | false> {
  return limitUpTo(Number.MAX_SAFE_INTEGER, NO_LIMIT);
}

/** One that is never above another. */
export function limitUpTo(
  most: number,
  why: string = `it must be a whole number from 1 to ${most}, or false for as much`,
): z.ZodMiniType<number | false> {
  return z.union([whole(1, most, why), z.literal(false)], why);
}

const NO_LIMIT = "it must be a positive whole number, or false for none";

/** The same for a time. */
export function timeLimit(): z.ZodMiniType<number | false> {
  const error = ({ input }: { input?: unknown }) => toTimeMistake(input, NO_LIMIT, "false for none");
  return z.union([time(error), z.literal(false)], { error });
}

/** A time that may be none at all. */
export function timeOrNone(): z.ZodMiniType<number> {
  const error = ({ input }: { input?: unknown }) => toTimeMistake(input, "it must be a whole number, or 0 for none");
  return z.union([time(error), z.literal(0)], { error });
}

function time(error: (issue: { input?: unknown }) => string): z.ZodMiniType<number> {
  return z.int({ error }).check(z.gte(LEAST_TIME, { error }), z.lte(LONGEST_TIME, { error }));
}

/** Nobody wants an answer within less: it is meant in seconds. */
const LEAST_TIME = 100;

function toTimeMistake(input: unknown, otherwise: string, none?: string): string {
  if (typeof input !== "number" || input <= 0) return otherwise;
  if (input < LEAST_TIME) {
    return `times are in milliseconds; write ${Math.ceil(input * 1000)} for ${input} ${input === 1 ? "second" : "seconds"}`;
  }
  if (input > LONGEST_TIME) return `no timer measures that; write ${none ?? `at most ${LONGEST_TIME}`}`;
  return `${otherwise}; times are in milliseconds`;
}

/** Some of the same. */
export function list<T extends z.ZodMiniType>(what: string, item: T): z.ZodMiniArray<T> {
  return z.array(item, `it must be ${what}`);
}

/** A port, or where to listen as a text. */
export function address(): z.ZodMiniType<number | string> {
  const what = "PORT, HOST:PORT, [IPV6]:PORT, or the path of a Unix socket, such as ./setter.sock";
  const port = whole(0, 65535, "it must be a port, a number from 0 to 65535");
  const place = readable(what, (value) => parsePlace("it", value), String.raw`^(\d{1,5}|[^/]+:\d{1,5}|[^\0]*/[^\0]*)$`);
  return z.union([port, place], `it must be ${what}`);
}

/** The permissions of a file. */
export function octal(example: string): z.ZodMiniType<string> {
  const read = (value: string) => parseOctal("it", value);
  return readable(`one to four digits in octal, such as "${example}"`, read, "^[0-7]{1,4}$");
}

/** The networks of peers. */
export function network(): z.ZodMiniType<string> {
  return readable("a network such as 10.0.0.0/8 or 2001:db8::/32", parseNetwork, NETWORK);
}

/** The same, or those who have no address. */
export function networkOrLocal(): z.ZodMiniType<string> {
  const read = (value: string) => void (value === "local" || parseNetwork(value));
  return readable('a network such as 10.0.0.0/8, or "local"', read, `^local$|${NETWORK}`);
}

const NETWORK = String.raw`^[0-9A-Fa-f:.]+(/\d{1,3})?$`;

/** A host, or all below one. */
export function host(): z.ZodMiniType<string> {
  return readable("a host such as example.org or *.example.org", (value) => matchHosts([value]), "^[^\\s/@]+$");
}

/** A host, an address or a network of one's own. */
export function ownHost(): z.ZodMiniType<string> {
  return readable("a host, an address or a network", (value) => parseAllowList([value]), "^[^\\s@]+$");
}

/** A host on the web, with a port where that is another than usual, and not all below one. */
export function webHost(): z.ZodMiniType<string> {
  const what = "a host such as plan.example, or plan.example:8443";
  const read = (value: string) => {
    if (value.includes("*")) throw new RangeError(`${JSON.stringify(value)} must be one host; name each of them`);
    assertWeb(isWebRoot(`http://${value}`) && !value.endsWith("/"), value, what);
  };
  return readable(what, read, "^[^\\s/?#@*]+$");
}

/** Who a page is of, as browsers name it. */
export function webOrigin(): z.ZodMiniType<string> {
  const what = "a scheme and a host, such as https://plan.example, and nothing behind them";
  return readable(what, (value) => assertWeb(isWebRoot(value), value, what), "^https?://[^\\s/?#@]+/?$");
}

/** Where pages are below a root. A slash at the end is as none. */
export function basePath(): z.ZodMiniType<string> {
  const what = "a path such as /finger";
  return readable(what, (value) => assertWeb(isBasePath(value.replace(/\/$/, "")), value, what), "^(/[^\\s/?#]+)*/?$");
}

function assertWeb(isRight: boolean, value: string, what: string): void {
  if (!isRight) throw new RangeError(`${JSON.stringify(value)} must be ${what}`);
}

/** Whether it is a scheme and a host, and no more: a slash behind them is no more. URLs may have hosts that nobody can have. */
function isWebRoot(value: string): boolean {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return false;
  const { origin, hostname, href } = new URL(value);
  return href === `${origin}/` && /^(?:\[.*\]|[\w-]+(?:\.[\w-]+)*)$/.test(hostname);
}

function isBasePath(path: string): boolean {
  if (path === "") return true;
  return /^(?:\/[\w.~!$&'()*+,;=:@%-]+)+$/.test(path) && new URL(path, "http://h").pathname === path;
}

/** Where statuses are kept. */
export function storeUrl(): z.ZodMiniType<string> {
  return readable("file:FOLDER, redis://HOST, rediss://HOST, or memory:", readStore, STORE, "The URL of Redis");
}

function readStore(value: string): void {
  parseStore(value, () => {});
  if (/^rediss?:/.test(value)) parseRedisUrl(value);
}

const STORE = "^(file:.+|rediss?://.*|memory:)$";

/** Where the pages of users are. */
export function pageUrl(): z.ZodMiniType<string> {
  return readable("the URL of a page with {name} in it", parseUrlTemplate, "^[Hh][Tt]{2}[Pp][Ss]?:.*\\{name\\}");
}

/** The server of the bot. */
export function ircUrl(): z.ZodMiniType<string> {
  return readable("a URL such as ircs://nick@host/#channel", assertIrcUrl, "^ircs?://");
}

/** What the bot reads of it is seen to there; this is what would be a URL of anything, and what must not be in one. */
function assertIrcUrl(value: string): void {
  if (!/^ircs?:\/\/[^\s\p{Cc}]+$/u.test(value) || !URL.canParse(value)) {
    throw new RangeError(
      `${JSON.stringify(value)} is no URL of an IRC server; write one such as ircs://nick@host/#channel`,
    );
  }
  const { username, password, hostname } = new URL(value);
  if (password !== "")
    throw new RangeError(`${JSON.stringify(value)} must be without a password; see irc.account.passwordFile`);
  if (hostname === "")
    throw new RangeError(`${JSON.stringify(value)} must have a host, as in ircs://nick@host/#channel`);
  if (/[\s\p{Cc}!@#&*?,:.$]/u.test(decodeURIComponent(username))) {
    throw new RangeError(`${JSON.stringify(value)} must have a nick that is one`);
  }
}

/** A channel of the bot, and its key. */
export function ircChannel(): z.ZodMiniType<string> {
  const what = 'a channel such as #friends, or with its key "#friends secret"';
  const read = (value: string) => {
    if (!IRC_CHANNEL.test(value)) throw new RangeError(`${JSON.stringify(value)} must be ${what}`);
  };
  return readable(what, read, IRC_CHANNEL.source);
}

const IRC_CHANNEL = /^[#&+!][^ ,\0\x07\r\n]*( [^ ,\0\r\n]+)?$/;

/** A program with its arguments. */
export function argv(): z.ZodMiniType<string[]> {
  return list("a list: the absolute path of a program, and its arguments", phrase()).check(
    z.check<string[]>(({ value, issues }) => {
      const why = findWhy(() => readArgv(value), "The argv of commandProvider");
      if (why !== undefined) issues.push({ code: "custom", message: why, input: value, continue: true });
    }),
  );
}

/** The module of a plug-in. */
export function moduleName(): z.ZodMiniType<string> {
  const why = "it must be a path that begins with a dot or a slash, or the name of a package";
  return z.string(why).check(z.regex(/^(\.{0,2}\/[^\0]+|(@[\w.-]+\/)?[A-Za-z0-9][\w.-]*(\/[\w./-]+)?)$/, why));
}

/** A user, or a group, of the system. */
export function account(what: string): z.ZodMiniType<string | number> {
  const why = `it must be the name or the number of a ${what}`;
  return z.union([z.string(why).check(z.regex(/^[^\s:/]+$/, why)), whole(0, 2 ** 32 - 2, why)], why);
}
