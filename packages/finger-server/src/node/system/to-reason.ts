import { toSystemReason } from "../system-reason.js";

/** Why a file or a program was of no use, in one line, for a sentence. */
export function toReason(error: unknown): string {
  const [line = ""] = toSystemReason(error).split("\n", 1);
  return line.replace(/\.$/, "");
}
