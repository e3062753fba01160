import type { LookupProvider } from "../../provider.js";
import { closeAnswer, isUnknown } from "../../wrappers/answer-kinds.js";
import type { Account } from "./accounts/account.js";
import type { Programs } from "./programs/programs.js";

/**
 * Has programs answer in place of a provider, of somebody whom it knows: what the user's own prints, or `luser`. Who is asked for
 * by another name than the login gets the provider's answer: whoever decides what is shown of whom goes by logins.
 *
 * @param findTold - The account of a login, of whose owner may be told.
 */
export function answerByPrograms(
  programs: Programs,
  findTold: (login: string) => Promise<Account | undefined>,
  inner: LookupProvider,
): LookupProvider {
  return {
    ...inner,
    async lookup(name, context) {
      const answer = await inner.lookup(name, context);
      if (isUnknown(answer)) return answer;
      const account = await findTold(name);
      const printed = account && (await programs.user(account, context));
      if (printed === undefined) return answer;
      await closeAnswer(answer);
      return printed;
    },
  };
}

/** Has the program `nouser` answer in place of a provider, of whom that does not know. */
export function answerByNobodys(programs: Programs, inner: LookupProvider): LookupProvider {
  return {
    ...inner,
    async lookup(name, context) {
      const answer = await inner.lookup(name, context);
      if (!isUnknown(answer)) return answer;
      await closeAnswer(answer);
      return programs.nobody(name, context);
    },
  };
}
