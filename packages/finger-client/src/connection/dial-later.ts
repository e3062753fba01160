import type { Caller, Connection } from "./dial.js";

/**
 * Makes a connection once the way to make it is there. Until then it can be paused and closed already; when that happens,
 * `signal` tells who prepares it.
 */
export function dialLater(
  caller: Caller,
  prepare: (signal: AbortSignal) => Promise<(caller: Caller) => Connection>,
): Connection {
  const gone = new AbortController();
  let connection: Connection | undefined;
  let isPaused = false;
  let isEnded = false;
  const start = (dial: (caller: Caller) => Connection): void => {
    connection = dial(caller);
    if (isPaused) connection.pause();
    if (isEnded) connection.end();
    if (gone.signal.aborted) connection.destroy();
  };
  prepare(gone.signal)
    .then(start)
    .catch((error: unknown) => {
      if (!gone.signal.aborted) caller.ended(error);
    });
  return {
    pause: () => {
      isPaused = true;
      connection?.pause();
    },
    resume: () => {
      isPaused = false;
      connection?.resume();
    },
    end: () => {
      isEnded = true;
      connection?.end();
    },
    destroy: () => {
      gone.abort();
      connection?.destroy();
    },
  };
}
