import { FingerError } from "finger-protocol";

/**
 * Waits for `work`, but no longer than `ms` milliseconds and no longer than until `outer` is aborted. The signal that the
 * work gets is aborted when nobody waits any more.
 *
 * @throws `FingerError` `ERR_FINGER_TIMEOUT` when the time is over, `ERR_FINGER_ABORTED` when `outer` is aborted.
 */
export async function withDeadline<T>(
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const giveUp = (error: FingerError) => {
      reject(error);
      controller.abort(error);
    };
    const onAbort = () => giveUp(new FingerError("ERR_FINGER_ABORTED", "Nobody waits for the answer any more."));
    const timer = setTimeout(() => giveUp(late(ms)), ms);
    outer?.addEventListener("abort", onAbort, { once: true });
    const settle = () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", onAbort);
    };
    work(controller.signal).then(resolve, reject).finally(settle);
  });
}

function late(ms: number): FingerError {
  return new FingerError(
    "ERR_FINGER_TIMEOUT",
    `The provider did not answer within ${ms} ms; see the limit lookupTime.`,
  );
}
