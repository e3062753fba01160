import { FingerError } from "finger-protocol";

/** Whether an error says no more than that the signal was aborted. */
export function isInterrupted(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  const { cause } = Object(error) as Error;
  const isIt = error === signal.reason || (FingerError.is(error) && error.code === "ERR_FINGER_ABORTED");
  return isIt || (cause !== undefined && isInterrupted(cause, signal));
}
