import { toSafe } from "../warn.js";
import { toReason } from "./failure.js";

/** What does not work now, by where it shows. */
export interface Trouble {
  /** Is told on, unless it has been already: this place is in trouble, or another is by the same cause. */
  begin(place: string, cause: unknown): void;
  end(place: string): void;
}

/**
 * Makes a list of troubles with none in it.
 *
 * @param toError - Makes of a cause what is told.
 */
export function createTrouble(onError: (error: unknown) => void, toError: (cause: unknown) => Error): Trouble {
  const tell = toSafe(onError);
  const reasons = new Map<string, string>();
  return {
    begin(place, cause) {
      if (reasons.has(place)) return;
      const reason = toReason(cause);
      const isKnown = [...reasons.values()].includes(reason);
      reasons.set(place, reason);
      if (!isKnown) tell(toError(cause));
    },
    end: (place) => void reasons.delete(place),
  };
}
