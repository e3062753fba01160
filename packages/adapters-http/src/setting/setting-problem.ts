import { FingerError } from "finger-protocol";
import { Problem } from "../http/problem.js";

/**
 * What a peer is told of a status that did not change: the words of the setter, which are for it, and of all else that it did not.
 *
 * @param onError - Hears of what nobody else does: a setter tells of its own trouble.
 */
export function toSettingProblem(error: unknown, onError: (error: unknown) => void): Problem {
  if (error instanceof Problem) return error;
  // A time that no store can keep.
  if (error instanceof RangeError || error instanceof TypeError) return new Problem(400, error.message);
  if (!FingerError.is(error)) onError(error);
  const { code, message } = FingerError.is(error) ? error : { code: undefined, message: "" };
  if (code === "ERR_FINGER_INVALID") return new Problem(400, message);
  if (code === "ERR_FINGER_DENIED") return new Problem(401, message, INVALID_TOKEN);
  if (code === "ERR_FINGER_LIMITED") return new Problem(429, message, { "retry-after": "60" });
  if (code === "ERR_FINGER_CONFLICT") return new Problem(412, CHANGED);
  if (code === "ERR_FINGER_STORE") return new Problem(503, "Nothing has changed; please try again later.", RETRY);
  return new Problem(503, "Perhaps nothing has changed: look at the status, and try again later.", RETRY);
}

const CHANGED = "The status has changed meanwhile; look at it, and decide anew.";
const INVALID_TOKEN = { "www-authenticate": 'Bearer realm="finger", error="invalid_token"' };
const RETRY = { "retry-after": "10" };
