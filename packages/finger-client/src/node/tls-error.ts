import { FingerError } from "finger-protocol";
import { show } from "../connection/connection-error.js";
import type { Place } from "../connection/dial.js";

/** What went wrong with TLS, as an error of ours; of what has to do with the way there, the cause itself. */
export function toTlsError(cause: NodeJS.ErrnoException, place: Place): unknown {
  const { code = "", message } = cause;
  if (/^ERR_SSL|^EPROTO$/.test(code))
    return new FingerError("ERR_FINGER_TLS", `${show(place)} speaks no TLS that we know: ask without it.`, { cause });
  if (code === "ECONNRESET" && message.includes("before secure")) return hungUp(place, cause);
  if (/CERT|^ERR_TLS|^UNABLE_TO|HOSTNAME_MISMATCH/.test(code))
    return new FingerError(
      "ERR_FINGER_TLS",
      `The certificate of ${show(place)} is not to be trusted: ${message}. Trust its issuer if you know it.`,
      { cause },
    );
  return cause;
}

/** The server closes where it should speak TLS. */
export function hungUp(place: Place, cause?: Error): FingerError {
  return new FingerError("ERR_FINGER_TLS", `${show(place)} hung up where it should speak TLS: ask without it.`, {
    cause,
  });
}
