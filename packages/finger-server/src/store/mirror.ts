import { createChangeFeed } from "../change-feed.js";
import type { UserChange } from "../provider.js";
import { pause } from "../timer.js";
import { createTrouble } from "../trouble.js";
import { toLoginKey } from "../users/login.js";
import { within } from "../within.js";
import { createKnownStatuses } from "./known-statuses.js";
import { createReadings } from "./readings.js";
import type { StatusNotice, StatusStore, StoredStatus } from "./status-store.js";

/** All statuses of a store, at hand: what the store had when it could be read last. */
export interface Mirror {
  /** The status of a login. While a change of it is being read, that is waited for, but not for long. */
  get(login: string): Promise<StoredStatus | undefined>;
  /** All of them, by login. */
  all(): Promise<readonly StoredStatus[]>;
  /** Yields whose status has changed, or expired, until `signal` is aborted. */
  watch(signal: AbortSignal): AsyncIterable<UserChange>;
  /** Begins to follow the store, and resolves when all was read once; rejects when it cannot be, and goes on to try. */
  start(): Promise<void>;
  /** Follows the store no longer. What is known goes on to be told. */
  stop(): Promise<void>;
}

/** How long a lookup waits for a change that is being read before it tells what was known, in milliseconds. */
const PATIENCE = 1_000;
/** How long it is until a watch that ended is begun again, in milliseconds: twice as long each time. */
const SHORTEST_PAUSE = 500;
const LONGEST_PAUSE = 16_000;

/**
 * Makes a mirror of a store. It follows the store's notices, which are hints: each makes it read a login again, or all. A
 * store that cannot be read leaves in place what is known, and is read again until it can be.
 *
 * @param onError - Hears of a store that fails, once until it works again.
 */
export function createMirror(store: StatusStore, onError: (error: unknown) => void): Mirror {
  const feed = createChangeFeed();
  let isLoaded = false;
  const known = createKnownStatuses((login) => {
    if (isLoaded) feed.publish([{ login }]);
  });
  const onList = () => {
    isLoaded = true;
  };
  const readings = createReadings({ store, known, onList, onError });
  const trouble = createTrouble(onError).at("watch");
  let run: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  let stopping: Promise<void> | undefined;
  let isStopped = false;

  function hear({ login, rev }: StatusNotice): void {
    if (login === undefined) readings.all();
    else if (rev === undefined || known.get(toLoginKey(login))?.rev !== rev) readings.one(toLoginKey(login));
  }

  /** Watches until it is stopped. What a watch that ended may have missed shows in the list. */
  async function follow({ signal }: AbortController): Promise<void> {
    for (let wait = SHORTEST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
      try {
        for await (const notice of store.watch(signal)) {
          trouble.end();
          wait = SHORTEST_PAUSE;
          hear(notice);
        }
      } catch (error) {
        trouble.begin(error);
      }
      await pause(wait, signal);
      if (signal.aborted) return;
      readings.all();
    }
  }

  function begin(): void {
    if (run !== undefined) return;
    const stop = new AbortController();
    run = { stop, ended: follow(stop) };
    readings.all();
  }

  async function load(): Promise<void> {
    begin();
    await readings.load();
  }

  async function end(): Promise<void> {
    readings.stop();
    known.stop();
    run?.stop.abort();
    await run?.ended;
    run = undefined;
  }

  return {
    async get(login) {
      if (!(isLoaded || isStopped)) await load();
      const key = toLoginKey(login);
      const pending = readings.pending(key);
      if (pending !== undefined) await within(PATIENCE, undefined, () => pending).catch(isLate);
      return known.get(key);
    },
    async all() {
      if (!(isLoaded || isStopped)) await load();
      return known.all();
    },
    watch(signal) {
      if (!isStopped) begin();
      return feed.subscribe(signal);
    },
    async start() {
      await stopping;
      isStopped = false;
      await load();
    },
    stop() {
      isStopped = true;
      stopping = end();
      return stopping;
    },
  };
}

/** Then what was known is told. */
function isLate(): void {}
