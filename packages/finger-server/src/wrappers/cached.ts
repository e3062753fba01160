import type { FingerUser } from "finger-protocol";
import {
  type Answer,
  type LookupContext,
  type LookupFunction,
  type LookupProvider,
  toProvider,
  type UserChange,
} from "../provider.js";
import { type CacheSettings, createAnswerCache } from "./answer-cache.js";
import { canList, canWatch } from "./offers.js";

/** How {@link cached} remembers. */
export interface CacheOptions {
  /** How long an answer is given without another look, in milliseconds. @default 30_000 */
  readonly ttl?: number | undefined;
  /** How much longer it is still given at once, while a new one is fetched, in milliseconds. @default 300_000 */
  readonly stale?: number | undefined;
  /** How long it is remembered that a name is not known, in milliseconds. @default 5_000 */
  readonly negativeTtl?: number | undefined;
  /** Answers to remember: the last so many, and never more than twice as many. @default 1000 */
  readonly max?: number | undefined;
  /**
   * What tells the questions apart, besides `/W`; for a provider whose answers depend on the peer it has to say of which
   * kind the peer is. The name of a list is the empty one. @default the name
   */
  readonly key?: ((name: string, context: LookupContext) => string) | undefined;
  /** Hears of errors that no lookup waits for: of fetching anew, while the old answer is given. @default nobody hears */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Milliseconds of a clock that does not go back. @default performance.now */
  readonly now?: (() => number) | undefined;
}

/** A provider that remembers answers. */
export interface CachedProvider extends LookupProvider {
  /** Forgets what tells of this login, and all lists; or, without a login, everything. */
  clear(login?: string): void;
}

/**
 * Remembers answers and lists, so that a slow provider answers fast: for `ttl` as they are, and for `stale` longer while a
 * new answer is fetched in the background. If that fails the old one stays until it is too old. Errors are not remembered,
 * nor are streams, which everybody gets anew.
 *
 * Who asks for the same at the same time waits for one lookup, which has the signal of none of them: it is aborted when
 * all of them have gone. A provider that may hang is best given a deadline inside: `cached(withDeadline(provider, 5_000))`.
 *
 * Put {@link redact} around it and not inside, or tell the peers apart by `key`. While somebody watches, who has changed is
 * forgotten before the change is passed on; a change in an {@link alias} is only seen when the answer is a record.
 *
 * @throws `RangeError` when a time is negative or `max` is no positive whole number.
 *
 * @example
 * ```ts
 * let asked = 0;
 * const provider = cached((name) => `${name} was looked up ${++asked} times`);
 * const { respond } = createFingerServer({ provider });
 * await respond(parseQuery("alice"));
 * await respond(parseQuery("alice")); // "alice was looked up 1 times\n"
 * ```
 */
export function cached(source: LookupProvider | LookupFunction, options: CacheOptions = {}): CachedProvider {
  const provider = toProvider(source);
  const { key: toKey = (name) => name } = options;
  const cache = createAnswerCache(resolveSettings(options));
  return {
    lookup: async (name, context) => {
      const key = `user ${context.verbose} ${toKey(name, context)}`;
      const ask = (signal: AbortSignal) => provider.lookup(name, toShared(context, signal));
      return cache.get({ key, name, ask }, context);
    },
    clear: cache.forget,
    ...(canList(provider) && {
      list: async (context: LookupContext) => {
        const key = `list ${context.verbose} ${toKey("", context)}`;
        const ask = (signal: AbortSignal): Promise<Answer> => provider.list(toShared(context, signal));
        return (await cache.get({ key, name: undefined, ask }, context)) as readonly FingerUser[];
      },
    }),
    ...(canWatch(provider) && {
      watch: (signal: AbortSignal) => forgetChanged(provider.watch(signal), cache.forget),
    }),
  };
}

function toShared({ verbose, peer }: LookupContext, signal: AbortSignal): LookupContext {
  return { verbose, peer, signal };
}

async function* forgetChanged(
  changes: AsyncIterable<UserChange>,
  forget: (login: string | undefined) => void,
): AsyncGenerator<UserChange> {
  for await (const change of changes) {
    forget(change.login);
    yield change;
  }
}

function resolveSettings({
  ttl = 30_000,
  stale = 300_000,
  negativeTtl = 5_000,
  max = 1000,
  now = () => performance.now(),
  onError = () => {},
}: CacheOptions): CacheSettings {
  for (const [name, value] of Object.entries({ ttl, stale, negativeTtl })) {
    if (value >= 0) continue;
    throw new RangeError(`The option ${name} must be a number of milliseconds from 0, but is ${String(value)}.`);
  }
  if (Number.isSafeInteger(max) && max >= 1) return { ttl, stale, negativeTtl, max, now, onError };
  throw new RangeError(`The option max must be a positive whole number, but is ${String(max)}.`);
}
