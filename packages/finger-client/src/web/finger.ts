import type { FingerTarget } from "finger-protocol";
import type { Dial } from "../connection/dial.js";
import { type FingerReply, lookUp } from "../finger.js";
import { streamText } from "../finger-stream.js";
import type { FingerOptions, FingerStreamOptions } from "../options.js";
import { putStatus, type SetStatusOptions } from "../set-status.js";

/** Asks as on Node, over connections that the option `connect` makes. @throws `TypeError` without it. */
export function finger(target: string | FingerTarget, options?: FingerOptions): Promise<FingerReply> {
  return lookUp(target, options, dialNothing);
}

/** Streams as on Node, over connections that the option `connect` makes. @throws `TypeError` without it. */
export function fingerStream(
  target: string | FingerTarget,
  options?: FingerStreamOptions,
): AsyncGenerator<string, void, undefined> {
  return streamText(target, options, dialNothing);
}

/** Sets a status as on Node, over connections that the option `connect` makes. @throws `TypeError` without it. */
export function setStatus(target: string, status: string, options?: SetStatusOptions): Promise<void> {
  return putStatus(target, status, options, dialNothing);
}

const dialNothing: Dial = () => {
  throw new TypeError("This runtime has no sockets of its own: give the option connect, which makes connections.");
};
