import type { FingerError } from "finger-protocol";
import { type Glance, glanceAt } from "./glance.js";
import type { UsersFile } from "./read-file.js";
import { type ReadSettings, readQuietly } from "./read-quietly.js";
import type { UserSet } from "./user-set.js";

/** What is known of a users file. It is replaced as a whole, and never changed. */
interface Knowledge {
  /** The last good set. */
  readonly set: UserSet | undefined;
  /** Why the last read gave no set. */
  readonly failure: FingerError | undefined;
}

/** How to bring the knowledge up to date. */
interface RefreshOptions extends Pick<ReadSettings, "isUrgent" | "wait"> {
  /** Reads the file even when nothing seems to have changed. */
  readonly isForced: boolean;
  /** Hears what stands at the path before it is read, so that no change after that is missed. */
  readonly onGlance: (seen: Glance) => void;
}

/** Reads a users file anew when it has changed. */
export interface UsersReader {
  current(): Knowledge;
  /**
   * Reads what has changed. One call must be over before the next.
   *
   * @returns Why there is no new set, unless that has been told before.
   */
  refresh(options: RefreshOptions): Promise<FingerError | undefined>;
}

/**
 * Makes a reader that has read nothing yet.
 *
 * @param onSet - Hears of each new set, and of the one that it replaces.
 */
export function createUsersReader(
  file: UsersFile,
  onSet: (set: UserSet, before: UserSet | undefined) => void,
): UsersReader {
  let known: Knowledge = { set: undefined, failure: undefined };
  let kind: Glance["kind"] | undefined;
  let state: string | undefined;
  let told: string | undefined;

  const tell = (error: FingerError): FingerError | undefined => {
    const news = `${state}: ${error.message}`;
    const isNews = news !== told;
    told = news;
    known = { set: known.set, failure: error };
    return isNews ? error : undefined;
  };

  const take = (set: UserSet, seen: Glance): undefined => {
    const before = known.set;
    told = undefined;
    kind ??= seen.kind;
    known = { set, failure: undefined };
    onSet(set, before);
  };

  return {
    current: () => known,
    async refresh({ isForced, onGlance, ...how }) {
      const seen = await glanceAt(file.path);
      if (seen.state === state && !isForced) return undefined;
      onGlance(seen);
      const outcome = await readQuietly({ ...how, file, kind, before: known.set });
      state = outcome.state;
      return outcome.error === undefined ? take(outcome.set, outcome.seen) : tell(outcome.error);
    },
  };
}
