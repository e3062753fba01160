import { FingerError } from "finger-protocol";

/** What a process could not do to itself. */
export function toProcessError(message: string, cause?: unknown): FingerError {
  return new FingerError("ERR_FINGER_PROCESS", message, cause === undefined ? {} : { cause });
}

/** Why the system refused something, for a sentence. */
export function toReason(error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

/** The code of what the system refused. */
export function toCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this process may not write there",
  EPERM: "the system does not allow it to this process",
  ENOENT: "there is no such folder",
  ENOTDIR: "a part of its path is no folder",
  EISDIR: "it is a folder",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EIO: "the disk fails",
  EAGAIN: "who reads it is behind",
  ENXIO: "nobody reads it",
  ELOOP: "it is a link",
};
