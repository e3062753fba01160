import type { FingerUser } from "finger-protocol";
import type { Answer } from "../provider.js";
import { isStream } from "../server/answer.js";

/** Whether an answer says that nobody has the name: there is none, or no record in it. */
export function isUnknown(answer: Answer | null | undefined): answer is undefined {
  return answer === undefined || answer === null || (isSeveral(answer) && answer.length === 0);
}

/** Tells the record of one user from a text, a stream and the records of several. */
export function isRecord(answer: Answer | undefined): answer is FingerUser {
  return typeof answer === "object" && answer !== null && !isSeveral(answer) && !isStream(answer);
}

/** Tells the records of several users from the other answers. */
export function isSeveral(answer: Answer | undefined): answer is readonly FingerUser[] {
  return Array.isArray(answer);
}

/** Closes an answer that nobody will read, so that whoever makes a stream stops; other answers need nothing. */
export async function closeAnswer(answer: Answer | undefined): Promise<void> {
  if (isStream(answer)) await answer[Symbol.asyncIterator]().return?.();
}
