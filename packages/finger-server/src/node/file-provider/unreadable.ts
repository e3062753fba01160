import { FingerError } from "finger-protocol";

/**
 * What to say of a file that the system does not let us read.
 *
 * @param source - How to name the file.
 */
export function unreadable(source: string, cause: unknown): FingerError {
  const { code = "", message = String(cause) } = cause as NodeJS.ErrnoException;
  return refused(source, REASONS.get(code) ?? message, { cause });
}

/** What to say of a path that holds neither a file nor a directory. */
export function irregular(source: string): FingerError {
  return refused(source, "it is no regular file");
}

/** What to say of files that hold more than is read. */
export function tooLarge(source: string, maxBytes: number): FingerError {
  return refused(source, `it has more than ${maxBytes} bytes; see the option maxBytes`);
}

/** What to say of a file that cannot be read for any other reason. */
export function refused(source: string, why: string, options?: { readonly cause: unknown }): FingerError {
  return new FingerError("ERR_FINGER_USERS_FILE", `The users file ${source} cannot be read: ${why}.`, options);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["ENOTDIR", "there is no such file"],
  ["EACCES", "it may not be read"],
  ["EPERM", "it may not be read"],
  ["ELOOP", "its links lead in a circle"],
]);
