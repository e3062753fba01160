import { FingerError } from "finger-protocol";

/**
 * What a store throws when it cannot do what it was asked to.
 *
 * @param what - A sentence without its end: "Cannot write alice.json in /var/lib/finger".
 */
export function storeError(what: string, cause: unknown): FingerError {
  return new FingerError("ERR_FINGER_STORE", `${what}: ${toReason(cause)}.`, { cause });
}

/** The message of an error, without the call and the path that the system's errors repeat. */
function toReason(cause: unknown): string {
  const { code = "", message = String(cause) } = cause as NodeJS.ErrnoException;
  return REASONS[code] ?? message.replace(/\.$/, "");
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "the system does not allow it (EACCES)",
  EDQUOT: "the quota is used up (EDQUOT)",
  EEXIST: "it is no folder (EEXIST)",
  EIO: "the disk does not work (EIO)",
  ENOENT: "there is no such folder (ENOENT)",
  ENOSPC: "there is no space left (ENOSPC)",
  ENOTDIR: "it is no folder (ENOTDIR)",
  EPERM: "the system does not allow it (EPERM)",
  EROFS: "the file system is read-only (EROFS)",
};
