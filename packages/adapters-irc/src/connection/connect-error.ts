import { FingerError, sanitize } from "finger-protocol";

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Why there is no connection, and what to do. */
export function cannotConnect(cause: Error, place: Place, isSecure: boolean): FingerError {
  const there = show(place);
  const code = toCode(cause);
  const why = sanitize(cause.message).replace(/\.$/, "");
  if (code === "ENOTFOUND")
    return new FingerError("ERR_FINGER_RESOLVE", `There is no host ${place.host}; check its spelling.`, { cause });
  if (code === "EAI_AGAIN")
    return new FingerError("ERR_FINGER_RESOLVE", `${place.host} cannot be looked up now; check the network.`, {
      cause,
    });
  if (code === "ECONNREFUSED")
    return new FingerError("ERR_FINGER_CONNECT", `No server listens on ${there}; try another port.`, { cause });
  if (isSecure && !NETWORK.test(code)) return toTlsError(code, why, there, cause);
  return new FingerError("ERR_FINGER_CONNECT", `${there} cannot be reached: ${why}.`, { cause });
}

function toTlsError(code: string, why: string, there: string, cause: Error): FingerError {
  const advice = CERTIFICATE.test(code)
    ? "trust its issuer by the option server.tls.ca if you know it"
    : "see whether TLS is spoken on this port (6697 it is, as a rule)";
  return new FingerError("ERR_FINGER_TLS", `There is no TLS with ${there}: ${why}; ${advice}.`, { cause });
}

/** The connection was there, and is not any more. */
export function brokenOff(cause: unknown, place: Place): FingerError {
  const why = cause instanceof Error ? sanitize(cause.message).replace(/\.$/, "") : String(cause);
  return new FingerError("ERR_FINGER_IO", `The connection to ${show(place)} broke: ${why}.`, { cause });
}

export function lateTo(place: Place, ms: number): FingerError {
  return new FingerError(
    "ERR_FINGER_CONNECT",
    `${show(place)} could not be reached in ${ms / 1000} s; check host and port.`,
  );
}

export function stopped(signal: AbortSignal): FingerError {
  return new FingerError("ERR_FINGER_ABORTED", "The connection is not wanted any more.", { cause: signal.reason });
}

function show({ host, port }: Place): string {
  return `${host}, port ${port}`;
}

/** Of several addresses that all failed, the first speaks for them. */
function toCode(cause: unknown): string {
  if (typeof cause !== "object" || cause === null) return "";
  const { code } = cause as NodeJS.ErrnoException;
  return code ?? (cause instanceof AggregateError ? toCode(cause.errors[0]) : "");
}

const NETWORK = /^(?:EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|ETIMEDOUT|EACCES|EPERM|EADDRNOTAVAIL|EMFILE|ENFILE)$/;
const CERTIFICATE = /CERT|INVALID_|PATH_LENGTH|^ERR_TLS|^UNABLE_TO|HOSTNAME_MISMATCH/;
