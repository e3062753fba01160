import { FingerError } from "finger-protocol";
import type { StatusStore } from "../../store/status-store.js";
import { createTurnstile } from "../../turnstile.js";
import { isAskable } from "../../users/login.js";
import { quote } from "../../users/mistakes.js";
import { createToken, hashToken, isTokenOf } from "./hash-token.js";

/** The tokens of those who may set their status from elsewhere. Nobody keeps them but their owners: here are hashes. */
export interface Tokens {
  /** Whether that is the token of the login. It takes as long when the login has none. */
  verify(login: string, token: string): Promise<boolean>;
  /** Whether the login has a token. */
  has(login: string): Promise<boolean>;
  /**
   * Gives a login a new token, in the place of one that it may have, and resolves to it: it cannot be read again.
   *
   * @throws `RangeError` when it is no login that a setter takes.
   */
  issue(login: string): Promise<string>;
  /** Takes the token of a login away. Resolves to whether it had one. */
  revoke(login: string): Promise<boolean>;
  /** Yields the logins that have a token, in no order. */
  list(): AsyncIterable<string>;
}

/** Where hashes are kept, by login. */
export interface HashPlace {
  get(login: string): Promise<string | undefined>;
  put(login: string, hash: string): Promise<void>;
  delete(login: string): Promise<boolean>;
  list(): AsyncIterable<string>;
}

/** Makes tokens of a place for their hashes. */
export function createTokens(place: HashPlace): Tokens {
  const turnstile = createTurnstile(AT_ONCE, WAITING, busy);
  return {
    async verify(login, token) {
      const leave = await turnstile.enter(NEVER);
      try {
        return await isTokenOf(await place.get(login), token);
      } finally {
        leave();
      }
    },
    has: async (login) => (await place.get(login)) !== undefined,
    async issue(login) {
      if (!isAskable(login) || login.includes(" ")) throw new RangeError(`${quote(login)} is no login.`);
      const token = createToken();
      await place.put(login, await hashToken(token));
      return token;
    },
    revoke: (login) => place.delete(login),
    list: () => place.list(),
  };
}

/**
 * Keeps the hashes of tokens in a store of their own: a folder, or a prefix of Redis, that holds no statuses. All servers
 * that share the store know the same tokens.
 *
 * @example
 * ```ts no-run
 * const tokens = storeTokens(fileStore("/var/lib/finger/tokens", { history: 1 }));
 * console.log(await tokens.issue("alice"));
 * const setter = createSetter({ store: fileStore("/var/lib/finger/statuses"), authenticate: byToken(tokens) });
 * ```
 */
export function storeTokens(store: StatusStore): Tokens {
  return createTokens({
    get: async (login) => (await store.get(login))?.text,
    put: async (login, hash) => {
      await store.put(login, hash);
    },
    delete: (login) => store.delete(login),
    async *list() {
      for await (const { login } of store.list()) yield login;
    },
  });
}

function busy(): FingerError {
  return new FingerError("ERR_FINGER_PROVIDER", `More than ${WAITING} tokens wait to be checked.`);
}

/** A hash takes a core for a while, and memory. */
const AT_ONCE = 2;
const WAITING = 64;
const NEVER: AbortSignal = new AbortController().signal;
