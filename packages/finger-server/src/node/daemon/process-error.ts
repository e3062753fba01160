import { FingerError } from "finger-protocol";
import { type Reasons, toSystemReason } from "../system-reason.js";

/** What a process could not do to itself. */
export function toProcessError(message: string, cause?: unknown): FingerError {
  return new FingerError("ERR_FINGER_PROCESS", message, cause === undefined ? {} : { cause });
}

/** Why the system refused a file that is to be written, for a sentence. */
export function toReason(error: unknown): string {
  return toSystemReason(error, OF_WRITING);
}

/** The code of what the system refused. */
export function toCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

const OF_WRITING: Reasons = {
  EACCES: "this process may not write there",
  ENOENT: "there is no such folder",
  ENOTDIR: "a part of its path is no folder",
  EAGAIN: "who reads it is behind",
  ENXIO: "nobody reads it",
  ELOOP: "it is a link",
};
