import { FingerError } from "finger-protocol";

/** The calls of a store that are under way. */
export interface Calls {
  /** Does the work of a call. @throws `FingerError` `ERR_FINGER_STORE` when the store is closed. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Lets no more begin; resolves when all have ended. */
  close(): Promise<void>;
}

/** Makes a list of calls with none in it. */
export function createCalls(place: string): Calls {
  const running = new Set<Promise<unknown>>();
  let isClosed = false;
  return {
    async run(work) {
      if (isClosed) throw new FingerError("ERR_FINGER_STORE", `The store in ${place} is closed, and answers no more.`);
      const done = work();
      running.add(done);
      try {
        return await done;
      } finally {
        running.delete(done);
      }
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(running);
    },
  };
}
