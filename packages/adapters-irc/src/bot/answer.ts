import { FingerError, type RefusalReason } from "finger-protocol";
import type { Answer, LookupContext, LookupProvider } from "finger-server";
import { toSayable } from "../irc/text.js";
import type { Question } from "./parse-question.js";
import { closeAnswer, noAnswer, toUser } from "./provider-answer.js";
import { noSuchUser, type Reply, toLine, toPrefix, toReply } from "./reply.js";
import type { BotRules } from "./rules.js";
import { within } from "./within.js";

/** What is asked of a provider; statuses are set elsewhere. */
type ProviderQuestion = Exclude<Question, { readonly kind: "status" }>;

/**
 * Answers a question for somebody of whom nothing is known, so that no rule for people on this machine fits. Never rejects: what
 * goes wrong is told to `onError`, and to the asker that it did.
 *
 * The words are the tutorial's, `Status of alice: …`, also for who is not known. Of a record the status is told, or else the
 * plan, as in its chapter 24; all of it is for those who ask by `-l`.
 */
export async function answer(question: ProviderQuestion, rules: BotRules, signal: AbortSignal): Promise<Reply> {
  try {
    return await ask(question, rules, signal);
  } catch (error) {
    if (isTrouble(error)) rules.onError(error);
    return toErrorReply(question, error);
  }
}

async function ask(question: ProviderQuestion, rules: BotRules, signal: AbortSignal): Promise<Reply> {
  const { provider, forward, list } = rules;
  const canList = list && provider.list !== undefined;
  switch (question.kind) {
    case "help":
      return toLine([HELP, ...(canList ? [LIST_HELP] : []), ...(rules.setting ? [SETTING_HELP] : [])].join(" "));
    case "invalid":
      return toLine(`Finger query refused: ${REASONS[question.reason]}`);
    case "list":
      return canList ? askList(provider, rules, signal) : toLine(LIST_DENIED);
    case "user":
      return askName(question.user, provider, question.verbose, rules, signal);
    case "forward":
      if (forward === undefined) return toLine(FORWARDING_DENIED);
      return askName(toName(question), forward, question.verbose, rules, signal);
  }
}

async function askName(
  name: string,
  provider: LookupProvider,
  verbose: boolean,
  { limits, onError }: BotRules,
  signal: AbortSignal,
): Promise<Reply> {
  const use = createContext(signal, verbose);
  try {
    const leave = (late: Answer | undefined) => void closeAnswer(late, onError);
    const found = await within(limits.lookupTime, signal, () => provider.lookup(name, use.context), leave);
    return await toReply(name, found, verbose, {
      lines: limits.lines,
      ms: STREAM_TIME,
      signal: use.context.signal,
      onError,
    });
  } finally {
    use.end();
  }
}

async function askList(provider: LookupProvider, { limits }: BotRules, signal: AbortSignal): Promise<Reply> {
  const use = createContext(signal, false);
  try {
    const users = await within(limits.lookupTime, signal, async () => provider.list?.(use.context));
    if (!Array.isArray(users)) throw noAnswer("list", users);
    const logins = users.map((user) => toSayable(toUser(user).login));
    return { lines: [logins.join(", ") || "No one logged on."], name: "", isWhole: true };
  } finally {
    use.end();
  }
}

/** Somebody of whom nothing is known, and who waits until it is over. */
function createContext(outer: AbortSignal, verbose: boolean): { readonly context: LookupContext; end(): void } {
  const controller = new AbortController();
  const end = () => {
    outer.removeEventListener("abort", end);
    controller.abort(new FingerError("ERR_FINGER_ABORTED", "Nobody waits for the answer any more."));
  };
  outer.addEventListener("abort", end);
  if (outer.aborted) end();
  return { context: { verbose, peer: { address: "", port: undefined }, signal: controller.signal }, end };
}

function toErrorReply(question: ProviderQuestion, error: unknown): Reply {
  const code = FingerError.is(error) ? error.code : undefined;
  const isDenied = code === "ERR_FINGER_DENIED";
  switch (question.kind) {
    case "user":
      return isDenied ? noSuchUser(question.user) : toLine(`${toPrefix(question.user)}${INTERNAL_ERROR}`);
    case "forward":
      if (isDenied) return toLine(FORWARDING_DENIED);
      return toLine(`${toPrefix(toName(question))}${UNREACHABLE.has(code) ? NOT_REACHED : INTERNAL_ERROR}`);
    default:
      return toLine(isDenied ? LIST_DENIED : INTERNAL_ERROR);
  }
}

/** Whether an error is for the one who runs this: no refusal, and nobody who has left. */
function isTrouble(error: unknown): boolean {
  return !(FingerError.is(error) && (error.code === "ERR_FINGER_DENIED" || error.code === "ERR_FINGER_ABORTED"));
}

/** The whole name goes to the provider: which host to ask is its affair (RFC 1288 2.4). */
function toName({ user, hosts }: Extract<ProviderQuestion, { readonly kind: "forward" }>): string {
  return [user, ...hosts].join("@");
}

const LIST_DENIED = "Finger online user list denied";
const FORWARDING_DENIED = "Finger forwarding service denied";
const INTERNAL_ERROR = "Internal error in server";
const NOT_REACHED = "Could not connect to remote host";
const HELP = "Say a name to me, or !finger NAME in a channel, and I tell the status; -l NAME tells all that is known.";
const LIST_HELP = "Say list to me for who there is.";
const SETTING_HELP = "Say !status and a text to me to set yours.";

const REASONS: Readonly<Record<RefusalReason, string>> = {
  "too-long": "it is too long",
  control: "there is a control character in it",
  "empty-host": "there is an @ without a host behind it",
  "bad-host": "what stands behind an @ is no host name",
};

/** What a forwarding fails with for a fault of the host asked, not of ours. */
const UNREACHABLE: ReadonlySet<unknown> = new Set([
  "ERR_FINGER_RESOLVE",
  "ERR_FINGER_CONNECT",
  "ERR_FINGER_TIMEOUT",
  "ERR_FINGER_IO",
]);

/** How long a stream has for the lines that are told of it. */
const STREAM_TIME = 2000;
