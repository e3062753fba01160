import { LONGEST_TIME } from "../assert-whole.js";
import { createChangeFeed } from "../change-feed.js";
import type { UserChange } from "../provider.js";
import { startTimer, type Timer } from "../server/timer.js";
import { createTrouble } from "../trouble.js";
import { toLoginKey } from "../users/login.js";
import { within } from "../within.js";
import { isTold } from "./create-store.js";
import { createRerun, type Rerun } from "./rerun.js";
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
/** How long it is until a store that failed is read again, in milliseconds: twice as long each time. */
const SHORTEST_DELAY = 500;
const LONGEST_DELAY = 16_000;

/**
 * Makes a mirror of a store. It follows the store's notices, which are hints: each makes it read a login again, or all. A
 * store that cannot be read leaves in place what is known, and is read again until it can be.
 *
 * @param onError - Hears of a store that fails, once until all of it was read again.
 */
export function createMirror(store: StatusStore, onError: (error: unknown) => void): Mirror {
  const feed = createChangeFeed();
  const statuses = new Map<string, StoredStatus>();
  /** The logins that are being read, and whoever waits for that. */
  const reading = new Map<string, { readonly read: Rerun; readonly done: Promise<void> }>();
  /** The logins that were read since the list has been. */
  const overlapping = new Set<string>();
  let run: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  let isStopped = false;
  let isLoaded = false;
  let isReading = false;
  const reads = createTrouble(onError);
  const watches = createTrouble(onError);
  let delay = SHORTEST_DELAY;
  /** The reading of all that is under way, or was last. */
  let read: Promise<void> = Promise.resolve();
  /** How many wait for that, and hear of its failure. */
  let waiting = 0;
  let stopping: Promise<void> | undefined;
  let retry: Timer | undefined;
  const expiries = createAlarm(tellExpired);

  function take(login: string, status: StoredStatus | undefined): void {
    if (status?.expires !== undefined) expiries.set(status.expires.getTime());
    if (statuses.get(login)?.rev === status?.rev) return;
    if (status === undefined) statuses.delete(login);
    else statuses.set(login, status);
    if (isLoaded) feed.publish([{ login }]);
  }

  function tellExpired(): void {
    for (const { login, expires } of [...statuses.values()]) {
      const time = expires?.getTime() ?? Number.POSITIVE_INFINITY;
      if (time <= Date.now()) take(login, undefined);
      else expiries.set(time);
    }
  }

  /** Reads; when that fails it is told, unless somebody waits for it, and all is read again later. */
  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (waiting === 0 && !isStopped) reads.begin(error);
      if (retry === undefined && !isStopped) retry = startBackgroundTimer(delay, readAgain);
      delay = Math.min(delay * 2, LONGEST_DELAY);
      throw error;
    }
  }

  function readAgain(): void {
    retry = undefined;
    read = readAll();
    read.catch(told);
  }

  const readAll = createRerun(() =>
    attempt(async () => {
      const missing = new Set(statuses.keys());
      isReading = true;
      overlapping.clear();
      for (const login of reading.keys()) overlapping.add(login);
      try {
        for await (const status of store.list()) {
          missing.delete(status.login);
          if (!overlapping.has(status.login)) take(status.login, status);
        }
        isLoaded = true;
        reads.end();
        delay = SHORTEST_DELAY;
      } finally {
        isReading = false;
        // Which of the two readings is older nobody can tell, nor whether who is missing is gone or cannot be read.
        for (const login of new Set([...overlapping, ...(isLoaded ? missing : [])])) readOne(login);
      }
    }),
  );

  function readOne(login: string): void {
    if (isReading) overlapping.add(login);
    const read =
      reading.get(login)?.read ?? createRerun(() => attempt(async () => take(login, await store.get(login))));
    const done = read().catch(told);
    const entry = { read, done };
    reading.set(login, entry);
    void done.then(() => {
      if (reading.get(login) === entry) reading.delete(login);
    });
  }

  function hear({ login, rev }: StatusNotice): void {
    if (login === undefined) readAll().catch(told);
    else if (rev === undefined || statuses.get(toLoginKey(login))?.rev !== rev) readOne(toLoginKey(login));
  }

  /** A watch that ends is begun again; what was missed meanwhile shows in the list. */
  async function follow({ signal }: AbortController): Promise<void> {
    let wait = SHORTEST_DELAY;
    while (!signal.aborted) {
      try {
        const notices = store.watch(signal);
        read = readAll();
        read.catch(told);
        for await (const notice of notices) {
          watches.end();
          wait = SHORTEST_DELAY;
          hear(notice);
        }
      } catch (error) {
        watches.begin(error);
      }
      if (!signal.aborted) await pause(wait, signal);
      wait = Math.min(wait * 2, LONGEST_DELAY);
    }
  }

  function begin(): void {
    const stop = new AbortController();
    run = { stop, ended: follow(stop) };
  }

  async function end(): Promise<void> {
    run?.stop.abort();
    await run?.ended;
    run = undefined;
  }

  /** Reads all: the beginning does so itself. */
  async function load(): Promise<void> {
    if (run === undefined) begin();
    else if (!isReading) read = readAll();
    waiting++;
    try {
      await read;
    } finally {
      waiting--;
    }
  }

  return {
    async get(login) {
      if (!(isLoaded || isStopped)) await load();
      const key = toLoginKey(login);
      const pending = reading.get(key);
      if (pending !== undefined) await within(PATIENCE, undefined, () => pending.done).catch(told);
      const status = statuses.get(key);
      return isTold(status) ? status : undefined;
    },
    async all() {
      if (!(isLoaded || isStopped)) await load();
      return [...statuses.values()].filter(isTold).sort(byLogin);
    },
    watch(signal) {
      if (!isStopped && run === undefined) begin();
      return feed.subscribe(signal);
    },
    async start() {
      await stopping;
      isStopped = false;
      await load();
    },
    stop() {
      isStopped = true;
      clearTimeout(retry);
      retry = undefined;
      expiries.clear();
      stopping = end();
      return stopping;
    },
  };
}

/** Its error is told by who does the work; who asked for it has what was known. */
function told(): void {}

function byLogin(one: StoredStatus, other: StoredStatus): number {
  return one.login < other.login ? -1 : 1;
}

/** Calls `onTime` at the earliest of the times that it was set to, and is then set to none. */
function createAlarm(onTime: () => void): { set(time: number): void; clear(): void } {
  let timer: Timer | undefined;
  let earliest = Number.POSITIVE_INFINITY;
  const clear = () => {
    clearTimeout(timer);
    earliest = Number.POSITIVE_INFINITY;
  };
  const set = (time: number) => {
    if (time >= earliest) return;
    clearTimeout(timer);
    earliest = time;
    timer = startBackgroundTimer(Math.min(LONGEST_TIME, Math.max(0, time - Date.now())), () => {
      earliest = Number.POSITIVE_INFINITY;
      onTime();
    });
  };
  return { set, clear };
}

/** A timer that keeps no process alive. Those of other runtimes than Node's have no unref. */
function startBackgroundTimer(ms: number, onTime: () => void): Timer | undefined {
  const timer = startTimer(ms, onTime, undefined);
  if (typeof timer === "object") timer.unref();
  return timer;
}

/** Resolves after a while, or at once when the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = startBackgroundTimer(ms, end);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
    signal.addEventListener("abort", end, { once: true });
  });
}
