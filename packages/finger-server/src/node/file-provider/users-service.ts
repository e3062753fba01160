import { setTimeout as delay } from "node:timers/promises";
import { FingerError } from "finger-protocol";
import { LONGEST_TIME } from "../../assert-whole.js";
import { createTurns } from "../../turns.js";
import { warn } from "../../warn.js";
import { createFollower } from "./follower.js";
import type { ResolvedOptions } from "./options.js";
import type { UserSet } from "./user-set.js";
import { createUsersReader } from "./users-reader.js";

/** Keeps a set of users as their file has them. */
export interface UsersService {
  /** The last good set. */
  current(): UserSet | undefined;
  /** Follows the file from now on, unless it was stopped. */
  follow(): void;
  /** Follows the file, and resolves to the first good set; rejects while there is none. */
  first(): Promise<UserSet>;
  start(): Promise<void>;
  stop(): Promise<void>;
  reload(): Promise<void>;
}

/**
 * Reads the users when they are first asked for, and again whenever the follower has a hint.
 *
 * @param onSet - Hears of each new set, and of the one that it replaces.
 */
export function createUsersService(
  { file, following, onError }: ResolvedOptions,
  onSet: (set: UserSet, before: UserSet | undefined) => void,
): UsersService {
  const reader = createUsersReader(file, onSet);
  const follower = createFollower(following, () => void check().catch(warn));
  const takeTurn = createTurns();
  let run: AbortController | undefined;
  let isStopped = false;
  let isChecking = false;
  let isStale = false;
  let loading: Promise<FingerError | undefined> | undefined;

  function begin(): void {
    isStopped = false;
    run ??= new AbortController();
    follower.begin();
  }

  function refresh(isForced: boolean, isUrgent: boolean): Promise<FingerError | undefined> {
    const { signal } = run ?? new AbortController();
    return takeTurn(file.path, async () => {
      signal.throwIfAborted();
      const wait = (ms: number) => pause(ms, signal);
      return reader.refresh({ isForced, isUrgent, wait, onGlance: follower.arm });
    });
  }

  /** A hint that comes during a read may be of a change that the read missed, so there is another look after it. */
  async function check(): Promise<void> {
    isStale = true;
    if (isChecking) return;
    isChecking = true;
    try {
      while (isStale && run !== undefined) await checkOnce(run.signal);
    } finally {
      isChecking = false;
    }
  }

  async function checkOnce(signal: AbortSignal): Promise<void> {
    isStale = false;
    const news = await refresh(false, false).catch((error: unknown) => (signal.aborted ? undefined : error));
    if (news !== undefined) onError(news);
  }

  /** Those who wait for the first set share one read. */
  function load(): Promise<FingerError | undefined> {
    if (loading === undefined) {
      const own = holdProcess(refresh(false, true)).finally(() => {
        if (loading === own) loading = undefined;
      });
      loading = own;
    }
    return loading;
  }

  function need(): UserSet {
    const { set, failure } = reader.current();
    if (set === undefined) throw failure ?? stopped(file.source);
    return set;
  }

  return {
    current: () => reader.current().set,
    follow() {
      if (isStopped || run !== undefined) return;
      begin();
      check().catch(warn);
    },
    async first() {
      if (isStopped || (run !== undefined && reader.current().failure !== undefined)) return need();
      begin();
      await load();
      return need();
    },
    async start() {
      begin();
      const news = await load();
      need();
      if (news !== undefined) onError(news);
    },
    async stop() {
      isStopped = true;
      loading = undefined;
      run?.abort(stopped(file.source));
      run = undefined;
      follower.end();
      await takeTurn(file.path, async () => {});
    },
    async reload() {
      if (!isStopped) begin();
      await holdProcess(refresh(true, true));
      const { failure } = reader.current();
      if (failure !== undefined) throw failure;
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { ref: false, signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

/** Somebody who waits for a read keeps the process alive, and what goes before it; a read in the background does not. */
async function holdProcess<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, LONGEST_TIME);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

function stopped(source: string): FingerError {
  return new FingerError("ERR_FINGER_ABORTED", `The users file ${source} is not followed any more: it was stopped.`);
}
