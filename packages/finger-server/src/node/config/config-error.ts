import { FingerError } from "finger-protocol";
import { type Reasons, toSystemReason } from "../system-reason.js";

/** What to say of a config that cannot be read or written, as a sentence that begins with its source. */
export function toConfigError(source: string, why: string, cause?: unknown): FingerError {
  return new FingerError("ERR_FINGER_CONFIG", `${source}: ${why}.`, cause === undefined ? {} : { cause });
}

/** What the system says of a config, for people. */
export function explainSystemError(cause: unknown): string {
  return toSystemReason(cause, OF_CONFIGS);
}

const OF_CONFIGS: Reasons = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  ELOOP: "its links lead in a circle",
};
