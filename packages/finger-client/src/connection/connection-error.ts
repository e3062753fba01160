import { FingerError } from "finger-protocol";
import type { Place } from "./dial.js";

/** What the system, or a connection of the caller's own, says of a lookup, as an error of ours. */
export function toFingerError(cause: unknown, place: Place): FingerError {
  if (FingerError.is(cause)) return cause;
  const { host } = place;
  const there = show(place);
  const code = toCode(cause);
  switch (code) {
    case "ENOTFOUND":
      return new FingerError("ERR_FINGER_RESOLVE", `There is no host ${host}; check its spelling.`, { cause });
    case "EAI_AGAIN":
      return new FingerError("ERR_FINGER_RESOLVE", `${host} cannot be looked up now; check the network.`, { cause });
    case "ECONNREFUSED":
      return new FingerError("ERR_FINGER_CONNECT", `No finger server listens on ${there}; try another port.`, {
        cause,
      });
    case "ECONNRESET":
    case "EPIPE":
      return new FingerError("ERR_FINGER_IO", `${there} broke the connection before it answered.`, { cause });
    case "ETIMEDOUT":
      return new FingerError("ERR_FINGER_TIMEOUT", `${there} cannot be reached in time.`, { cause });
    default:
      return new FingerError("ERR_FINGER_CONNECT", `${there} cannot be reached: ${toMessage(cause)}.`, { cause });
  }
}

/** The connection broke when a part of the reply had come. */
export function brokenOff(cause: unknown, place: Place): FingerError {
  return new FingerError("ERR_FINGER_IO", `${show(place)} broke the connection in the middle of its answer.`, {
    cause,
  });
}

/** The server was silent for `ms` milliseconds, or was not reached in them. */
export function late(place: Place, ms: number, isConnected: boolean): FingerError {
  const what = isConnected ? "sent nothing" : "could not be reached";
  return new FingerError("ERR_FINGER_TIMEOUT", `${show(place)} ${what} for ${ms / 1000} s; give it more time.`);
}

/** The server was not silent, but not done in `ms` milliseconds either. */
export function tooSlow(place: Place, ms: number): FingerError {
  const what = `was not done in ${ms / 1000} s; give it more time, or read its answer as it comes`;
  return new FingerError("ERR_FINGER_TIMEOUT", `${show(place)} ${what}.`);
}

/** The caller wants no answer any more. */
export function aborted(signal: AbortSignal | undefined): FingerError {
  return new FingerError("ERR_FINGER_ABORTED", "The lookup was aborted.", { cause: signal?.reason });
}

/** A place for a message. */
export function show({ host, port }: Place): string {
  return `${host}, port ${port}`;
}

/** Of several addresses that all failed, the first speaks for them. */
function toCode(cause: unknown): unknown {
  if (typeof cause !== "object" || cause === null) return undefined;
  const { code } = cause as NodeJS.ErrnoException;
  return code ?? (cause instanceof AggregateError ? toCode(cause.errors[0]) : undefined);
}

/** What an error says, to be put in front of a full stop. */
export function toMessage(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, "");
}
