import { FingerError } from "finger-protocol";

/** What to say of a config that cannot be read or written, as a sentence that begins with its source. */
export function toConfigError(source: string, why: string, cause?: unknown): FingerError {
  return new FingerError("ERR_FINGER_CONFIG", `${source}: ${why}.`, cause === undefined ? {} : { cause });
}

/** What the system says of a file, for people. */
export function explainSystemError(cause: unknown): string {
  const { code = "", message = String(cause) } = cause as NodeJS.ErrnoException;
  return REASONS.get(code) ?? message;
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["ENOTDIR", "there is no such file"],
  ["EACCES", "the system does not allow it"],
  ["EPERM", "the system does not allow it"],
  ["EISDIR", "it is a folder"],
  ["ELOOP", "its links lead in a circle"],
  ["EROFS", "nothing can be written there"],
  ["ENOSPC", "there is no space left"],
]);
