import type { FingerUser } from "finger-protocol";
import {
  type Answer,
  type LookupContext,
  type LookupFunction,
  type LookupProvider,
  toProvider,
  type UserChange,
} from "../provider.js";
import { isStream } from "../server/answer.js";
import { closeAnswer, isSeveral, isUnknown } from "./answer-kinds.js";
import { type DiscloseFunction, type Disclosure, type DisclosureRule, toPolicy } from "./disclosure.js";
import { canList, canWatch } from "./offers.js";

/** What is shown of a user to the one who asks. */
type Show = (login: string) => Disclosure;

/**
 * Leaves out of answers and lists what is not for everybody (RFC 1288 3.2.3): by user, by the network of the peer, field
 * by field. A field that is left out is not spoken of.
 *
 * The rules are a function, or a list of which the first that fits counts; where none does, the login and the full name
 * are shown. IPv4 addresses mapped into IPv6 are IPv4 addresses. A peer without an address, `local`, is one on a pipe or
 * a Unix socket: a surface that answers others has to pass on their addresses.
 *
 * - A hidden user is looked up like any other, and is then not known, nor listed. The time that the provider takes shows all
 *   the same; a provider that is quicker for those it does not have tells the two apart.
 * - A text or a stream may say anything, and counts as the field `text`. The name asked for is taken for the login, to the
 *   letter, so put `redact` inside of `alias` and `route`, and hide nobody by name of a provider that takes `Bob` for `bob`. Where
 *   `text` is not shown, the login alone is.
 * - A change is a hint for one of whom nothing is known: it is kept back when a rule hides the user from anybody. A function
 *   is asked for a peer without an address and a port.
 *
 * @throws `RangeError` when a network or a field is none, and `TypeError` when what to show is no such thing.
 *
 * @example
 * ```ts
 * const users = memoryProvider({ alice: { name: "Alice Adams", homePhone: "5550123" }, bob: "Out" });
 * const provider = redact(users, [
 *   { users: ["bob"], show: "hidden" },
 *   { networks: ["10.0.0.0/8", "local"], show: "all" },
 * ]);
 * const { respond } = createFingerServer({ provider });
 * await respond(parseQuery("bob")); // "finger: bob: no such user.\n"
 * ```
 */
export function redact(
  source: LookupProvider | LookupFunction,
  rules: DiscloseFunction | readonly DisclosureRule[],
): LookupProvider {
  const provider = toProvider(source);
  const { discloseTo, mayHide } = toPolicy(rules);
  return {
    lookup: async (name, context) => {
      return redactAnswer(await provider.lookup(name, context), name, discloseTo(context.peer));
    },
    ...(canList(provider) && {
      list: async (context: LookupContext) => {
        return redactUsers(await provider.list(context), discloseTo(context.peer));
      },
    }),
    ...(canWatch(provider) && { watch: (signal: AbortSignal) => keepBack(provider.watch(signal), mayHide) }),
  };
}

async function redactAnswer(answer: Answer | undefined, name: string, show: Show): Promise<Answer | undefined> {
  if (isUnknown(answer)) {
    // For one who does not exist the rules are asked as well, so that it takes as long as for one who is hidden.
    show(name);
    return undefined;
  }
  if (typeof answer === "string" || isStream(answer)) return redactText(answer, name, show(name));
  if (!isSeveral(answer)) return redactUser(answer, show(answer.login));
  const users = redactUsers(answer, show);
  return isUnknown(users) ? undefined : users;
}

async function redactText<T extends string | AsyncIterable<string>>(
  text: T,
  login: string,
  shown: Disclosure,
): Promise<T | FingerUser | undefined> {
  if (shown === "all" || (shown !== "hidden" && shown.includes("text"))) return text;
  await closeAnswer(text);
  return shown === "hidden" ? undefined : { login };
}

function redactUsers(users: readonly FingerUser[], show: Show): readonly FingerUser[] {
  return users.map((user) => redactUser(user, show(user.login))).filter((user) => user !== undefined);
}

function redactUser(user: FingerUser, shown: Disclosure): FingerUser | undefined {
  if (shown === "all") return user;
  if (shown === "hidden") return undefined;
  const fields = Object.entries(user).filter(([field]) => (shown as readonly string[]).includes(field));
  return { ...Object.fromEntries(fields), login: user.login };
}

async function* keepBack(
  changes: AsyncIterable<UserChange>,
  mayHide: (login: string) => boolean,
): AsyncGenerator<UserChange> {
  for await (const change of changes) {
    if (change.login === undefined || !mayHide(change.login)) yield change;
  }
}
