import { FingerError } from "finger-protocol";
import { Problem } from "../http/problem.js";
import { noSuchUser } from "./found.js";

/** What a peer is told of a provider that failed: that it did, and never why (DESIGN: details only in the log). */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isDenied(error)) return noSuchUser();
  return new Problem(503, "Internal error in server", RETRY);
}

/** What a peer is told of a list that was not given. */
export function toListProblem(error: unknown): Problem {
  return isDenied(error) ? listDenied() : toProblem(error);
}

/** RFC 1288 3.2.2. */
export function listDenied(): Problem {
  return new Problem(403, "Finger online user list denied");
}

/** Whether an error is for the one who runs this: no refusal, and no peer that went away. */
export function isTrouble(error: unknown): boolean {
  if (error instanceof Problem) return false;
  return !(FingerError.is(error) && (error.code === "ERR_FINGER_DENIED" || error.code === "ERR_FINGER_ABORTED"));
}

function isDenied(error: unknown): boolean {
  return FingerError.is(error) && error.code === "ERR_FINGER_DENIED";
}

/** When to ask again, in seconds. */
const RETRY = { "retry-after": "10" };
