import { FingerError } from "finger-protocol";

/**
 * Waits for `work`, but no longer than `ms` milliseconds. What comes too late is given to `leave`.
 *
 * @throws `FingerError` `ERR_FINGER_TIMEOUT` when the time is over, `ERR_FINGER_ABORTED` when `signal` is aborted.
 */
export function within<T>(
  ms: number,
  signal: AbortSignal,
  work: () => Promise<T>,
  leave: (late: T) => void = () => {},
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let isOver = false;
    const end = () => {
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
    const giveUp = (error: FingerError) => {
      end();
      reject(error);
    };
    const late = () => giveUp(new FingerError("ERR_FINGER_TIMEOUT", `No answer came within ${ms} ms.`));
    const abort = () => giveUp(new FingerError("ERR_FINGER_ABORTED", "Nobody waits for the answer any more."));
    const timer = ms > LONGEST_TIME ? undefined : setTimeout(late, ms);
    signal.addEventListener("abort", abort);
    if (signal.aborted) return abort();
    // The async function makes a rejection of what is thrown at once.
    (async () => work())().then(
      (value) => {
        if (isOver) return leave(value);
        end();
        resolve(value);
      },
      (error) => {
        end();
        reject(error);
      },
    );
  });
}

/** What a timer can wait for. */
const LONGEST_TIME = 2 ** 31 - 1;
