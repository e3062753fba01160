import {
  FingerError,
  type FingerQuery,
  type FingerUser,
  type FormatOptions,
  formatUser,
  formatUserList,
  sanitize,
} from "finger-protocol";
import type { Answer, LookupContext, LookupProvider } from "../provider.js";
import type { Outcome } from "./audit.js";
import type { Texts } from "./texts.js";

/** What decides an answer, apart from the query and the peer. */
export interface AnswerRules {
  readonly provider: LookupProvider;
  /** Who answers names with an `@`; nobody, and forwarding is refused, when there is none. */
  readonly forward: LookupProvider | undefined;
  readonly texts: Texts;
  /** Whether lists are given where the provider has them, or what gives another. */
  readonly list: boolean | ListFunction;
  /** What is told of a name that means several users. */
  readonly ambiguity: "refuse" | "list" | "all";
  readonly format: FormatOptions;
  /** The longest answer, in bytes: of more, nothing needs to be laid out. */
  readonly answerBytes: number;
}

/** Answers a list with a text, such as a program prints; with `undefined` it is of the users that the provider has. */
export type ListFunction = (context: LookupContext) => Promise<string | AsyncIterable<string> | undefined>;

/** What is sent, and what became of the query. */
export interface Reply {
  readonly outcome: Outcome;
  readonly content: string | AsyncIterable<string>;
}

/** The answer to a query. Rejects when the provider does. */
export async function answer(query: FingerQuery, context: LookupContext, rules: AnswerRules): Promise<Reply> {
  switch (query.kind) {
    case "user":
      return answerName(query.user, await rules.provider.lookup(query.user, context), context, rules);
    case "list":
      return answerList(context, rules);
    case "forward":
      return answerForward([query.user, ...query.hosts].join("@"), context, rules);
    case "invalid":
      return { outcome: "invalid", content: rules.texts.badQuery(query.reason) };
  }
}

/** What is said for a provider that rejected: a refusal, or that something is wrong, but never what. */
export function answerError(error: unknown, query: FingerQuery, { texts }: AnswerRules): Reply {
  const code = FingerError.is(error) ? error.code : undefined;
  if (code === "ERR_FINGER_DENIED") return refuse(query, texts);
  if (query.kind === "forward" && UNREACHABLE.has(code)) return { outcome: "failed", content: texts.unreachable };
  return { outcome: "failed", content: texts.internalError };
}

function refuse(query: FingerQuery, texts: Texts): Reply {
  if (query.kind === "list") return { outcome: "denied", content: texts.listDenied };
  if (query.kind === "forward") return { outcome: "denied", content: texts.forwardingDenied };
  return { outcome: "denied", content: texts.noSuchUser(query.kind === "user" ? sanitize(query.user) : "") };
}

/** What a forwarding fails with for a fault of the host asked, not of ours. */
const UNREACHABLE: ReadonlySet<unknown> = new Set([
  "ERR_FINGER_RESOLVE",
  "ERR_FINGER_CONNECT",
  "ERR_FINGER_TIMEOUT",
  "ERR_FINGER_IO",
]);

/** The whole name goes to the provider: which host to ask is its affair (RFC 1288 2.4). */
async function answerForward(name: string, context: LookupContext, rules: AnswerRules): Promise<Reply> {
  const { forward, texts } = rules;
  if (forward === undefined) return { outcome: "denied", content: texts.forwardingDenied };
  return answerName(name, await forward.lookup(name, context), context, rules);
}

function answerName(name: string, found: Answer | null | undefined, context: LookupContext, rules: AnswerRules): Reply {
  if (typeof found === "string") return { outcome: "answered", content: found };
  if (found === undefined || found === null) return answerUnknown(name, rules);
  if (Array.isArray(found)) return answerSeveral(name, found, context, rules);
  if (isStream(found)) return { outcome: "answered", content: found };
  return { outcome: "answered", content: formatUser(toUser(found), rules.format) };
}

function answerUnknown(name: string, { texts }: AnswerRules): Reply {
  return { outcome: "unknown", content: texts.noSuchUser(sanitize(name)) };
}

/** A name that several users share tells who there is, so it is refused like a list unless it is allowed (3.2.6). */
function answerSeveral(name: string, found: readonly FingerUser[], context: LookupContext, rules: AnswerRules): Reply {
  if (found.length === 0) return answerUnknown(name, rules);
  if (found.length === 1) return answerName(name, found[0], context, rules);
  if (rules.ambiguity === "refuse") return { outcome: "denied", content: rules.texts.noSuchUser(sanitize(name)) };
  return { outcome: "answered", content: formatUsers(found, rules.ambiguity === "all", rules) };
}

/** `/W` asks for the long output of each user, as it does of fingerd(8). */
async function answerList(context: LookupContext, rules: AnswerRules): Promise<Reply> {
  const { provider, texts, list } = rules;
  const text = typeof list === "function" ? await list(context) : undefined;
  if (text !== undefined) return { outcome: "answered", content: text };
  if (!list || provider.list === undefined) return { outcome: "denied", content: texts.listDenied };
  return { outcome: "answered", content: formatUsers(await provider.list(context), context.verbose, rules) };
}

function formatUsers(users: readonly FingerUser[], isLong: boolean, rules: AnswerRules): string {
  if (!Array.isArray(users)) throw wrongType(users, "list(): an array of records");
  users.forEach(toUser);
  return isLong && users.length > 0 ? formatEach(users, rules) : formatUserList(users, rules.format);
}

/** Thousands of plans may be more than fits into memory as one text, and all but the first of them would be cut off. */
function formatEach(users: readonly FingerUser[], { format, answerBytes }: AnswerRules): string {
  let text = "";
  for (const [index, user] of users.entries()) {
    if (text.length > answerBytes) break;
    text += `${index > 0 ? "\n" : ""}${formatUser(user, format)}`;
  }
  return text;
}

/** Tells a stream from a record, which has a login and no iterator. */
export function isStream(answer: unknown): answer is AsyncIterable<string> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

function toUser(found: unknown): FingerUser {
  if (typeof found === "object" && found !== null && "login" in found && typeof found.login === "string") {
    return found as FingerUser;
  }
  throw wrongType(found, "lookup(): a record with a login, a text, a stream of text, or undefined");
}

function wrongType(found: unknown, wanted: string): FingerError {
  const type = found === null ? "null" : Array.isArray(found) ? "an array" : `a value of type ${typeof found}`;
  return new FingerError("ERR_FINGER_PROVIDER", `The provider gave ${type}, and not what is wanted of ${wanted}.`);
}
