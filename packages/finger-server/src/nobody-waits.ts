import { FingerError } from "finger-protocol";

/**
 * What ends work whose answer nobody waits for any more.
 *
 * @param signal - What told so; its reason becomes the `cause`.
 */
export function nobodyWaits(signal?: AbortSignal): FingerError {
  return new FingerError("ERR_FINGER_ABORTED", "Nobody waits for the answer any more.", { cause: signal?.reason });
}
