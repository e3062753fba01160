import { type FingerQuery, type FormatOptions, formatUser, formatUserList, sanitize } from "finger-protocol";
import type { LookupContext, LookupProvider } from "./provider.js";
import type { Texts } from "./texts.js";

/** What decides an answer, apart from the query and the peer. */
export interface AnswerRules {
  readonly provider: LookupProvider;
  readonly texts: Texts;
  /** Whether lists are given where the provider has them. */
  readonly list: boolean;
  readonly format: FormatOptions;
}

/** The text of the answer to a query. Rejects when the provider does. */
export async function answer(query: FingerQuery, context: LookupContext, rules: AnswerRules): Promise<string> {
  const { texts } = rules;
  switch (query.kind) {
    case "list":
      return answerList(context, rules);
    case "user":
      return answerUser(query.user, context, rules);
    case "forward":
      return texts.forwardingDenied;
    case "invalid":
      return texts.badQuery(query.reason);
  }
}

async function answerUser(name: string, context: LookupContext, { provider, texts, format }: AnswerRules) {
  const found = await provider.lookup(name, context);
  if (found === undefined) return texts.noSuchUser(sanitize(name));
  return typeof found === "string" ? found : formatUser(found, format);
}

/** `/W` asks for the long output of each user, as it does of fingerd(8). */
async function answerList(context: LookupContext, { provider, texts, list, format }: AnswerRules) {
  if (!list || provider.list === undefined) return texts.listDenied;
  const users = await provider.list(context);
  return context.verbose ? users.map((user) => formatUser(user, format)).join("\n") : formatUserList(users, format);
}
