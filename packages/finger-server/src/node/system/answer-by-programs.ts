import type { LookupProvider } from "../../provider.js";
import { closeAnswer, isUnknown } from "../../wrappers/answer-kinds.js";
import type { Account } from "./accounts/account.js";
import type { Programs } from "./programs/programs.js";

/**
 * Has programs answer in place of a provider, where there are some: of somebody who has an account and is told of, what the user's
 * program prints, or `luser`; of whom the provider does not know either, what `nouser` prints.
 *
 * @param findTold - The accounts of a name that are told of.
 */
export function answerByPrograms(
  programs: Programs,
  findTold: (name: string) => Promise<readonly Account[]>,
  inner: LookupProvider,
): LookupProvider {
  return {
    ...inner,
    async lookup(name, context) {
      const [account, another] = await findTold(name);
      const isOne = account !== undefined && another === undefined;
      const printed = isOne ? await programs.user(account, context) : undefined;
      if (printed !== undefined) return printed;
      const answer = await inner.lookup(name, context);
      if (!isUnknown(answer)) return answer;
      await closeAnswer(answer);
      return programs.nobody(name, context);
    },
  };
}
