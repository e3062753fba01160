import { createRerun, type Rerun } from "../rerun.js";
import { startBackgroundTimer, type Timer } from "../timer.js";
import { createTrouble } from "../trouble.js";
import type { KnownStatuses } from "./known-statuses.js";
import type { StatusStore } from "./status-store.js";

/** Reads a store, and again what could not be read. */
export interface Readings {
  /** Reads all, in the background. */
  all(): void;
  /** Resolves when all was read, by a reading that is under way or that begins now; rejects when it cannot be. */
  load(): Promise<void>;
  /** Reads one login, in the background. */
  one(login: string): void;
  /** Resolves when the reading of a login is over that is under way; `undefined` when there is none. */
  pending(login: string): Promise<void> | undefined;
  /** Tries nothing again. */
  stop(): void;
}

/** How long it is until what failed is read again, in milliseconds: twice as long each time. */
const SHORTEST_DELAY = 500;
const LONGEST_DELAY = 16_000;

/** What readings are made of. */
export interface ReadingRules {
  readonly store: StatusStore;
  /** Takes what is read. */
  readonly known: KnownStatuses;
  /** Hears that all was read. */
  readonly onList: () => void;
  /** Hears of what cannot be read, once until everything can be; who waits for it hears it instead. */
  readonly onError: (error: unknown) => void;
}

/** Makes readings of a store that begin when they are asked for. */
export function createReadings({ store, known, onList, onError }: ReadingRules): Readings {
  const trouble = createTrouble(onError).at("reading");
  const reading = new Map<string, { readonly read: Rerun; readonly done: Promise<void> }>();
  /** The logins that could not be read. */
  const failing = new Set<string>();
  /** The logins that were read since the list has been. */
  const overlapping = new Set<string>();
  let isListing = false;
  let isListFailing = false;
  let listing: Promise<void> | undefined;
  /** How many wait for the list. */
  let waiting = 0;
  let delay = SHORTEST_DELAY;
  let retry: Timer | undefined;
  let isStopped = false;

  function fail(error: unknown, isHeard: boolean): void {
    if (!isHeard) trouble.begin(error);
    if (retry !== undefined || isStopped) return;
    retry = startBackgroundTimer(delay, readAgain);
    delay = Math.min(delay * 2, LONGEST_DELAY);
  }

  function readAgain(): void {
    retry = undefined;
    if (isListFailing) list().catch(isTold);
    else for (const login of failing) one(login);
  }

  function succeed(): void {
    if (isListFailing || failing.size > 0) return;
    trouble.end();
    delay = SHORTEST_DELAY;
  }

  /** Which of two readings is older nobody can tell, so what was read meanwhile is read again; and so is who is missing. */
  async function readList(): Promise<void> {
    const missing = new Set(known.logins());
    overlapping.clear();
    for (const login of reading.keys()) overlapping.add(login);
    isListing = true;
    try {
      for await (const status of store.list()) {
        missing.delete(status.login);
        failing.delete(status.login);
        if (!overlapping.has(status.login)) known.take(status.login, status);
      }
      isListFailing = false;
      onList();
      for (const login of missing) overlapping.add(login);
      succeed();
    } catch (error) {
      isListFailing = true;
      fail(error, waiting > 0);
      throw error;
    } finally {
      isListing = false;
      for (const login of overlapping) one(login);
    }
  }

  async function readOne(login: string): Promise<void> {
    try {
      known.take(login, await store.get(login));
      failing.delete(login);
      succeed();
    } catch (error) {
      failing.add(login);
      fail(error, false);
    }
  }

  const relist = createRerun(readList);

  function list(): Promise<void> {
    isStopped = false;
    const own = relist().finally(() => {
      if (listing === own) listing = undefined;
    });
    listing = own;
    return own;
  }

  function one(login: string): void {
    if (isListing) overlapping.add(login);
    const read = reading.get(login)?.read ?? createRerun(() => readOne(login));
    const entry = { read, done: read() };
    reading.set(login, entry);
    void entry.done.then(() => {
      if (reading.get(login) === entry) reading.delete(login);
    });
  }

  return {
    all: () => void list().catch(isTold),
    async load() {
      waiting++;
      try {
        await (listing ?? list());
      } finally {
        waiting--;
      }
    },
    one,
    pending: (login) => reading.get(login)?.done,
    stop() {
      isStopped = true;
      clearTimeout(retry);
      retry = undefined;
    },
  };
}

/** Whoever reads tells of what fails; who began it need not. */
function isTold(): void {}
