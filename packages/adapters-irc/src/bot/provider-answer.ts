import { FingerError, type FingerUser } from "finger-protocol";
import type { Answer } from "finger-server";

/** Tells a stream from a record, which has a login and no iterator. */
export function isStream(answer: unknown): answer is AsyncIterable<string> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

/** Ends a stream that nobody will read, so that whoever makes it stops; all else needs nothing. */
export async function closeAnswer(answer: Answer | null | undefined, onError: (error: unknown) => void): Promise<void> {
  try {
    if (isStream(answer)) await answer[Symbol.asyncIterator]().return?.();
  } catch (error) {
    onError(error);
  }
}

/** @throws `FingerError` `ERR_FINGER_PROVIDER` for what is no record with a login. */
export function toUser(found: unknown): FingerUser {
  if (typeof found === "object" && found !== null && "login" in found && typeof found.login === "string") {
    return found as FingerUser;
  }
  throw noAnswer("lookup", found);
}

/** What a provider did wrong that gave this. */
export function noAnswer(method: string, found: unknown): FingerError {
  const type = Array.isArray(found) ? "an array" : `a value of type ${typeof found}`;
  return new FingerError("ERR_FINGER_PROVIDER", `The provider gave ${type}, which is no answer of ${method}().`);
}
