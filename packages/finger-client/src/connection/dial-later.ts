import type { Caller, Connection } from "./dial.js";

/**
 * Makes a connection once the way to make it is there. Until then it can be paused and left already; when it is left,
 * `signal` is aborted, who prepares it gives up what there is of it, and nothing is sent.
 */
export function dialLater(
  caller: Pick<Caller, "ended">,
  prepare: (signal: AbortSignal) => Promise<() => Connection>,
): Connection {
  const gone = new AbortController();
  let connection: Connection | undefined;
  let isPaused = false;
  let isEnded = false;
  const start = (dial: () => Connection): void => {
    if (gone.signal.aborted) return;
    connection = dial();
    if (isPaused) connection.pause();
    if (isEnded) connection.end();
  };
  prepare(gone.signal)
    .then(start)
    .catch((error: unknown) => {
      if (!gone.signal.aborted) caller.ended(error ?? new Error("the connection failed"));
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
