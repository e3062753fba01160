import { FingerError } from "finger-protocol";
import { nobodyWaits } from "./nobody-waits.js";
import { startTimer } from "./timer.js";

/**
 * Waits for `work`, but no longer than `ms` milliseconds and no longer than until `outer` is aborted. The signal that the
 * work gets is aborted when nobody waits any more; what becomes of the work then, nobody hears.
 *
 * @throws `FingerError` `ERR_FINGER_TIMEOUT` when the time is over, `ERR_FINGER_ABORTED` when `outer` is aborted.
 */
export function within<T>(
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const giveUp = (error: FingerError) => {
      settle();
      reject(error);
      controller.abort(error);
    };
    const onAbort = () => giveUp(nobodyWaits(outer));
    const settle = () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", onAbort);
    };
    if (outer?.aborted) return reject(nobodyWaits(outer));
    const timer = startTimer(ms, () => giveUp(late(ms)), undefined);
    outer?.addEventListener("abort", onAbort, { once: true });
    // The async function makes a rejection of what is thrown at once.
    (async () => work(controller.signal))().finally(settle).then(resolve, reject);
  });
}

function late(ms: number): FingerError {
  return new FingerError("ERR_FINGER_TIMEOUT", `No answer came within ${ms} ms.`);
}
