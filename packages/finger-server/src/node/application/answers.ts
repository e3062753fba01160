import { FingerError } from "finger-protocol";
import { createChangeFeed } from "../../change-feed.js";
import type { LookupProvider, UserChange } from "../../provider.js";
import { canList, canWatch } from "../../wrappers/offers.js";

/** The answers of an application, which come from one provider now and from another after a reload. */
export interface Answers {
  /** Asks the provider of the moment; as long as there is none, questions wait. */
  readonly provider: Required<LookupProvider>;
  /** Resolves when there is one. */
  readonly begun: Promise<unknown>;
  /** Answers from another provider, from now on. */
  become(provider: LookupProvider): void;
}

/** Makes answers that come from nowhere yet. */
export function createAnswers(): Answers {
  const turn = createChangeFeed();
  let current: LookupProvider | undefined;
  let begin: (provider: LookupProvider) => void = () => {};
  const first = new Promise<LookupProvider>((resolve) => {
    begin = resolve;
  });
  let ended = new AbortController();

  /** Tells of the changes of the provider of the moment, and of the moment itself. */
  async function* watch(signal: AbortSignal): AsyncGenerator<UserChange> {
    const turns = turn.subscribe(signal)[Symbol.asyncIterator]();
    for (let provider = current; !signal.aborted; provider = current) {
      const until = AbortSignal.any([signal, ended.signal]);
      if (provider !== undefined && canWatch(provider)) yield* provider.watch(until);
      const { done } = await turns.next();
      if (done) return;
      // Who is known now, and what is known of them, may all be different.
      yield { login: undefined };
    }
  }

  return {
    begun: first,
    provider: {
      lookup: (name, context) =>
        current === undefined
          ? first.then((provider) => provider.lookup(name, context))
          : current.lookup(name, context),
      list: async (context) => {
        const provider = current ?? (await first);
        if (canList(provider)) return provider.list(context);
        throw new FingerError("ERR_FINGER_DENIED", "There is no list of the users.");
      },
      watch,
    },
    become(provider) {
      if (provider === current) return;
      current = provider;
      begin(provider);
      ended.abort();
      ended = new AbortController();
      turn.publish([{ login: undefined }]);
    },
  };
}
