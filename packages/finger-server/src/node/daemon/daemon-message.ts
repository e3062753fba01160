import type { FingerError } from "finger-protocol";
import { type Fault, toError } from "../workers/messages.js";
import { toProcessError } from "./process-error.js";

/** The variable by which a program knows that it is to be a daemon. */
export const DAEMON: string = "FINGER_SERVER_DAEMON";

/** What a daemon tells who started it, under a name of ours: other modules of the program may use the channel, too. */
export interface DaemonMessage {
  readonly fingerDaemon:
    | { readonly kind: "ready" }
    | { readonly kind: "failed"; readonly fault: Fault }
    | { readonly kind: "said"; readonly text: string };
}

/** Why no daemon runs. */
export type DaemonError = FingerError & {
  /** The exit code of the process; 128 more than the number of the signal that ended it; `undefined` when there was none. */
  readonly exitCode: number | undefined;
};

/** The error of the daemon as our own; one that is not of this library is the message of one that is. */
export function toOwnError(fault: Fault): FingerError {
  if (fault.code?.startsWith("ERR_FINGER_")) return toError(fault);
  return toProcessError(`The daemon failed: ${fault.message}`, toError(fault).cause);
}
