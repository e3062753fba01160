import { toSafe } from "./warn.js";

/** Tells of trouble once, until it is over. */
export interface Trouble {
  /** Something failed: it is told, unless this place is in trouble already, or another is by the same cause. */
  begin(place: string, error: unknown): void;
  /** It works there. */
  end(place: string): void;
  /** The trouble of one place. */
  at(place: string): PlaceTrouble;
}

/** As {@link Trouble}, for those who know one place alone. */
export interface PlaceTrouble {
  begin(error: unknown): void;
  end(): void;
}

/**
 * Makes one that is told to `onError`: what fails again and again would fill a log with one thing.
 *
 * @param toError - Makes of what failed what is told; two that read the same have the same cause. @default as it is
 */
export function createTrouble(
  onError: (error: unknown) => void,
  toError: (cause: unknown) => unknown = (cause) => cause,
): Trouble {
  const tell = toSafe(onError);
  const causes = new Map<string, string>();
  const begin = (place: string, cause: unknown) => {
    if (causes.has(place)) return;
    const error = toError(cause);
    const isTold = [...causes.values()].includes(String(error));
    causes.set(place, String(error));
    if (!isTold) tell(error);
  };
  const end = (place: string) => void causes.delete(place);
  return { begin, end, at: (place) => ({ begin: (error) => begin(place, error), end: () => end(place) }) };
}
