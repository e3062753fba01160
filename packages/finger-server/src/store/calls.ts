import { FingerError } from "finger-protocol";

/** The calls of a store that are under way. */
export interface Calls {
  /** Is aborted when the store is closed. */
  readonly closed: AbortSignal;
  /** Does the work of a call. @throws `FingerError` `ERR_FINGER_STORE` when the store is closed. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Lets no more begin; resolves when all have ended. */
  close(): Promise<void>;
}

/**
 * Makes a list of calls with none in it.
 *
 * @param name - Of the store, for the message.
 */
export function createCalls(name: string): Calls {
  const running = new Set<Promise<unknown>>();
  const closing = new AbortController();
  return {
    closed: closing.signal,
    async run(work) {
      if (closing.signal.aborted) {
        throw new FingerError("ERR_FINGER_STORE", `The store ${name} is closed, and answers no more.`);
      }
      const done = work();
      running.add(done);
      try {
        return await done;
      } finally {
        running.delete(done);
      }
    },
    async close() {
      closing.abort();
      await Promise.allSettled(running);
    },
  };
}
