import type { FingerUser } from "finger-protocol";
import {
  type Answer,
  type LookupContext,
  type LookupFunction,
  type LookupProvider,
  toProvider,
  type UserChange,
} from "../provider.js";
import { toSafe, warn } from "../warn.js";
import { isRecord, isSeveral } from "../wrappers/answer-kinds.js";
import { joinChanges } from "../wrappers/join-changes.js";
import { createMirror, type Mirror } from "./mirror.js";
import type { StatusStore, StoredStatus } from "./status-store.js";

/** What goes with the statuses. */
export interface StoreProviderOptions {
  /**
   * Who there is: a users file, the accounts of the system. The status is put into their records, in the place of one that
   * they have, and nobody else's is told of. @default everybody who has a status, and nothing more of them
   */
  readonly accounts?: LookupProvider | LookupFunction | undefined;
  /** Hears of a store that cannot be read, once until it can be. @default a warning of the process */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** A provider of what is in a store. It is a service, too; nobody needs to start it. */
export interface StoreProvider extends LookupProvider, AsyncDisposable {
  /** `statuses of` and the name of the store. */
  readonly name: string;
  watch(signal: AbortSignal): AsyncIterable<UserChange>;
  /**
   * Reads the store and follows it, as the first question does; resolves when all was read once.
   *
   * @throws `FingerError` `ERR_FINGER_STORE` when it cannot be read. It is tried again until it can be.
   */
  start(): Promise<void>;
  /** Follows the store no longer, and leaves it open. What is known goes on to be told. */
  stop(): Promise<void>;
}

/**
 * Answers with the statuses of a store. They are kept at hand, so that an answer waits for no disk and no network, and the
 * last ones known are told while the store cannot be read. What is put through the store, by this process or another, is
 * told as soon as the store's notice comes.
 *
 * @example
 * ```ts
 * const store = memoryStore();
 * const server = createFingerServer({ provider: storeProvider(store) });
 * await store.put("alice", "Happy and well");
 * await server.respond(parseQuery("alice")); // "Happy and well\n"
 * ```
 */
export function storeProvider(store: StatusStore, options: StoreProviderOptions = {}): StoreProvider {
  const mirror = createMirror(store, toSafe(options.onError ?? warn));
  const accounts = options.accounts === undefined ? undefined : toProvider(options.accounts);
  return {
    name: `statuses of ${store.name}`,
    ...(accounts === undefined ? statusesAlone(mirror) : statusesOf(accounts, mirror)),
    start: mirror.start,
    stop: mirror.stop,
    [Symbol.asyncDispose]: mirror.stop,
  };
}

type Watched = LookupProvider & Required<Pick<LookupProvider, "watch">>;

function statusesAlone(mirror: Mirror): Watched {
  return {
    async lookup(name) {
      const status = await mirror.get(name);
      return status === undefined ? undefined : toUser(status);
    },
    list: async () => (await mirror.all()).map(toUser),
    watch: mirror.watch,
  };
}

function statusesOf(accounts: LookupProvider, mirror: Mirror): Watched {
  const { list, watch } = accounts;
  const complete = async (user: FingerUser) => withStatus(user, await mirror.get(user.login));
  const completeAll = async (answer: Answer | undefined): Promise<Answer | undefined> => {
    if (isSeveral(answer)) return Promise.all(answer.map(complete));
    return isRecord(answer) ? complete(answer) : answer;
  };
  return {
    lookup: async (name, context) => completeAll(await accounts.lookup(name, context)),
    ...(list !== undefined && {
      list: async (context: LookupContext) => Promise.all((await list.call(accounts, context)).map(complete)),
    }),
    watch: (signal) =>
      watch === undefined
        ? mirror.watch(signal)
        : joinChanges([mirror.watch, (inner) => watch.call(accounts, inner)], signal),
  };
}

function toUser({ login, text, at }: StoredStatus): FingerUser {
  return { login, status: text, statusAt: at };
}

/** Who has set an empty status says nothing, and what the account says stands. */
function withStatus(user: FingerUser, status: StoredStatus | undefined): FingerUser {
  if (status === undefined || status.text === "") return user;
  return { ...user, status: status.text, statusAt: status.at };
}
