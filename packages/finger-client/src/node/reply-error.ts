import { FingerError } from "finger-protocol";

/** The host and the port that were asked. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** What the system says of a connection, as an error of ours. */
export function toFingerError(cause: NodeJS.ErrnoException, { host, port }: Place): FingerError {
  const code =
    cause.code ?? (cause instanceof AggregateError ? (cause.errors[0] as NodeJS.ErrnoException).code : undefined);
  const place = `${host}, port ${port}`;
  switch (code) {
    case "ENOTFOUND":
      return new FingerError("ERR_FINGER_RESOLVE", `There is no host ${host}; check its spelling.`, { cause });
    case "EAI_AGAIN":
      return new FingerError("ERR_FINGER_RESOLVE", `${host} cannot be looked up now; check the network.`, { cause });
    case "ECONNREFUSED":
      return new FingerError("ERR_FINGER_CONNECT", `No finger server listens on ${place}; try another port.`, {
        cause,
      });
    case "ECONNRESET":
    case "EPIPE":
      return new FingerError("ERR_FINGER_IO", `${place} broke the connection before it answered.`, { cause });
    case "ETIMEDOUT":
      return new FingerError("ERR_FINGER_TIMEOUT", `${place} cannot be reached in time.`, { cause });
    default:
      return new FingerError("ERR_FINGER_CONNECT", `${place} cannot be reached: ${cause.message}.`, { cause });
  }
}

/** The connection broke when a part of the reply had come. */
export function brokenOff(cause: unknown, { host, port }: Place): FingerError {
  return new FingerError("ERR_FINGER_IO", `${host}, port ${port} broke the connection in the middle of its answer.`, {
    cause,
  });
}

/** The server was silent for `ms` milliseconds, or was not reached in them. */
export function late({ host, port }: Place, ms: number, isConnected: boolean): FingerError {
  const what = isConnected ? "sent nothing" : "could not be reached";
  return new FingerError("ERR_FINGER_TIMEOUT", `${host}, port ${port} ${what} for ${ms / 1000} s; give it more time.`);
}

/** The caller wants no answer any more. */
export function aborted(signal: AbortSignal | undefined): FingerError {
  return new FingerError("ERR_FINGER_ABORTED", "The lookup was aborted.", { cause: signal?.reason });
}
