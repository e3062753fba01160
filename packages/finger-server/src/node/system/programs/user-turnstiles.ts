import { FingerError } from "finger-protocol";
import { createTurnstile, type Turnstile } from "../../../turnstile.js";

/** Lets one in at a time for each user. */
export interface UserTurnstiles {
  /** As that of a {@link Turnstile}. */
  enter(uid: number, signal: AbortSignal): Promise<() => void>;
}

/** Makes one that remembers only users for whom somebody is in. */
export function createUserTurnstiles(): UserTurnstiles {
  const all = new Map<number, { readonly turnstile: Turnstile; visitors: number }>();
  return {
    async enter(uid, signal) {
      const own = all.get(uid) ?? {
        turnstile: createTurnstile(1, MOST_WAITING, () => tooMany(`lookups wait for the program of user ${uid}`)),
        visitors: 0,
      };
      all.set(uid, own);
      own.visitors++;
      const forget = () => {
        if (--own.visitors === 0) all.delete(uid);
      };
      try {
        const leave = await own.turnstile.enter(signal);
        return () => {
          leave();
          forget();
        };
      } catch (error) {
        forget();
        throw error;
      }
    },
  };
}

/** What one more is told. */
export function tooMany(what: string): FingerError {
  return new FingerError("ERR_FINGER_PROVIDER", `Too many ${what} at the moment.`);
}

/** How many wait for one user's program: each may take all its time. */
const MOST_WAITING = 8;
