import QuickLRU from "quick-lru";
import type { PlaceTrouble } from "../../../trouble.js";
import { createTurnstile } from "../../../turnstile.js";
import { within } from "../../../within.js";
import type { Account } from "./account.js";

/** How what was asked is remembered. */
interface AskedRules {
  /** For how long, in milliseconds. */
  readonly ttl: number;
  /** Milliseconds of a clock that does not go back. */
  readonly now: () => number;
  /** Hears when some cannot be asked for, and when all can again. */
  readonly told: PlaceTrouble;
}

/** Accounts that are asked for one by one. */
interface Asked {
  /** Never rejects: who cannot be asked for is who was last known, or nobody. */
  get(login: string): Promise<Account | undefined>;
  forget(): void;
}

/**
 * Makes what asks for accounts, each of which takes a process. Few are asked for at a time, and some wait, so that
 * names which somebody makes up start no storm of them. Who asks for the same shares the answer; one that was known a
 * while ago is given at once, and asked for behind it. That there is no such account is remembered alike: the time does
 * not tell who is there.
 */
export function createAsked(
  ask: (login: string) => Promise<Account | undefined>,
  { ttl, now, told }: AskedRules,
): Asked {
  const turnstile = createTurnstile(AT_ONCE, MOST_WAITING, () => new Error("too many are asked for"));
  let memory = createMemory();

  const askInTurn = (login: string) =>
    within(PATIENCE, undefined, async (signal) => {
      const leave = await turnstile.enter(signal);
      try {
        return await ask(login);
      } finally {
        leave();
      }
    });

  const askNow = async (login: string, { known, running }: Memory) => {
    try {
      const account = await askInTurn(login);
      known.set(login, { account, at: now() });
      // While there is a crowd one that has its turn does not mean that all have theirs.
      if (running.size === 1) told.end();
      return account;
    } catch (error) {
      told.begin(error);
      const last = known.get(login);
      return last !== undefined && now() - last.at < LONGEST_KEPT ? last.account : undefined;
    } finally {
      running.delete(login);
    }
  };

  return {
    async get(login) {
      const { known, running } = memory;
      const last = known.get(login);
      const age = last === undefined ? Number.POSITIVE_INFINITY : now() - last.at;
      if (age < ttl) return last?.account;
      const asking = running.get(login) ?? askNow(login, memory);
      running.set(login, asking);
      return age < ttl + LONGEST_BEHIND ? last?.account : asking;
    },
    forget() {
      memory = createMemory();
    },
  };
}

interface Memory {
  readonly known: QuickLRU<string, { readonly account: Account | undefined; readonly at: number }>;
  readonly running: Map<string, Promise<Account | undefined>>;
}

function createMemory(): Memory {
  return { known: new QuickLRU({ maxSize: MOST_KNOWN }), running: new Map() };
}

/** For how long above its time what is known is given at once, in milliseconds. */
export const LONGEST_BEHIND = 300_000;
/** For how long it is given when it cannot be asked for. */
export const LONGEST_KEPT = 3_600_000;

const AT_ONCE = 2;
const MOST_WAITING = 64;
/** The last so many, and never more than twice as many. */
const MOST_KNOWN = 4096;
/** How long a turn and its answer are waited for, in milliseconds. */
const PATIENCE = 5000;
