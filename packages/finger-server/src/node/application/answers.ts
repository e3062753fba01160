import { FingerError } from "finger-protocol";
import { createChangeFeed } from "../../change-feed.js";
import type { LookupProvider, UserChange } from "../../provider.js";
import { pause } from "../../timer.js";
import { canList, canWatch } from "../../wrappers/offers.js";

/** The answers of an application, which come from one provider now and from another after a reload. */
export interface Answers {
  /** Asks the provider of the moment; as long as there is none, questions wait. */
  readonly provider: Required<LookupProvider>;
  /** The same for who counts its questions by itself. */
  readonly uncounted: Required<LookupProvider>;
  /** Resolves when what was asked until now is answered, or after so many milliseconds. */
  settle(ms: number): Promise<void>;
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

  const uncounted: Required<LookupProvider> = {
    lookup: (name, context) =>
      current === undefined ? first.then((provider) => provider.lookup(name, context)) : current.lookup(name, context),
    list: async (context) => {
      const provider = current ?? (await first);
      if (canList(provider)) return provider.list(context);
      throw new FingerError("ERR_FINGER_DENIED", "There is no list of the users.");
    },
    watch,
  };

  const pending = new Set<Promise<unknown>>();
  const count = <T>(answer: Promise<T>): Promise<T> => {
    const done = answer.then(noop, noop);
    pending.add(done);
    void done.then(() => pending.delete(done));
    return answer;
  };

  return {
    begun: first,
    uncounted,
    provider: {
      lookup: (name, context) => count(uncounted.lookup(name, context)),
      list: (context) => count(uncounted.list(context)),
      watch,
    },
    async settle(ms) {
      const over = new AbortController();
      await Promise.race([Promise.all(pending), pause(ms, over.signal)]);
      over.abort();
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

function noop(): void {}
