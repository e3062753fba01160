import { FingerError, sanitize } from "finger-protocol";
import { show } from "../connection/connection-error.js";
import type { Place } from "../connection/dial.js";

/** What went wrong with TLS, as an error of ours; of what has to do with the way there, the cause itself. */
export function toTlsError(cause: NodeJS.ErrnoException, place: Place): unknown {
  const what = explain(cause, show(place));
  return what === undefined ? cause : new FingerError("ERR_FINGER_TLS", what, { cause });
}

function explain({ code = "", message }: NodeJS.ErrnoException, there: string): string | undefined {
  const [, reason] = /SSL routines:[^:]*:([^:\n]+)/.exec(message) ?? [];
  if (reason !== undefined) {
    if (/wrong version|packet length|http request/.test(reason)) return `${there} speaks no TLS: ask without it.`;
    return `TLS with ${there} fails: ${reason}. If it wants to know who we are, see the options cert and key.`;
  }
  if (code === "ECONNRESET" && message.includes("before secure")) return toHungUp(there);
  if (/CERT|INVALID_|PATH_LENGTH|^ERR_TLS|^UNABLE_TO|HOSTNAME_MISMATCH/.test(code))
    return `The certificate of ${there} is not to be trusted: ${sanitize(message)}. Trust its issuer if you know it.`;
  return /SSL|EPROTO/.test(code) ? `TLS with ${there} fails: ${sanitize(message)}.` : undefined;
}

/** The server closes where it should speak TLS. */
export function hungUp(place: Place): FingerError {
  return new FingerError("ERR_FINGER_TLS", toHungUp(show(place)));
}

function toHungUp(there: string): string {
  return `${there} hung up where it should speak TLS: ask without it.`;
}
