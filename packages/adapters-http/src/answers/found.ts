import { type FingerUser, formatQuery, sanitize } from "finger-protocol";
import type { Answer } from "finger-server";
import { Problem } from "../http/problem.js";
import { toCheckedUser } from "./checked-user.js";

/** What a provider knows of a name, by what can be made of it. */
export type Found =
  | { readonly kind: "user"; readonly user: FingerUser }
  /** A text, which is all there is: the login is what was asked for. */
  | { readonly kind: "text"; readonly user: FingerUser; readonly text: string }
  | { readonly kind: "stream"; readonly stream: AsyncIterable<string> }
  | { readonly kind: "several"; readonly users: readonly FingerUser[] };

/**
 * Sorts an answer; `undefined` when nobody has the name.
 *
 * @throws `FingerError` `ERR_FINGER_PROVIDER` for what is no answer.
 */
export function toFound(
  name: string,
  answer: Answer | null | undefined,
  onError: (error: unknown) => void,
): Found | undefined {
  if (answer === undefined || answer === null) return undefined;
  if (typeof answer === "string") {
    const text = sanitize(answer);
    return { kind: "text", user: { login: name, text }, text };
  }
  if (Array.isArray(answer)) return toSeveral(name, answer, onError);
  if (typeof answer === "object" && Symbol.asyncIterator in answer) return { kind: "stream", stream: answer };
  return { kind: "user", user: toCheckedUser(answer, onError) };
}

function toSeveral(name: string, users: readonly FingerUser[], onError: (error: unknown) => void): Found | undefined {
  if (users.length <= 1) return toFound(name, users[0], onError);
  return { kind: "several", users: users.map((user) => toCheckedUser(user, onError)) };
}

/** Ends a stream that nobody will read, so that whoever makes it stops; all else needs nothing. */
export async function leaveFound(found: Found | undefined, onError: (error: unknown) => void): Promise<void> {
  if (found?.kind === "stream") await leaveStream(found.stream, onError);
}

/** Ends a stream that nobody will read. */
async function leaveStream(stream: AsyncIterable<string>, onError: (error: unknown) => void): Promise<void> {
  try {
    await stream[Symbol.asyncIterator]().return?.();
  } catch (error) {
    onError(error);
  }
}

/**
 * Refuses what can be nobody's name: control characters, blanks around it, an `@`, which is for other hosts.
 *
 * @throws {@link Problem} 400 or 404.
 */
export function assertName(name: string): void {
  if (name.length > LONGEST_NAME) throw noSuchUser();
  if (CONTROL.test(name)) throw new Problem(400, "There is a control character in the name.");
  try {
    formatQuery({ kind: "user", user: name, verbose: false });
  } catch {
    throw noSuchUser();
  }
}

/** The same for who is not known, hidden or not to be named. */
export function noSuchUser(): Problem {
  return new Problem(404, "There is no such user.");
}

/** No query over finger is longer. */
const LONGEST_NAME = 1024;
const CONTROL = /[\0-\x1f\x7f-\x9f]/;
