import { FingerError } from "finger-protocol";

/** Whether Redis has answered that it will not do it; all other failures leave open whether it has. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === "ReplyError";
}

/** Whether it says already what a store cannot do. */
export function isStoreError(error: unknown): error is FingerError {
  return FingerError.is(error) && error.code === "ERR_FINGER_STORE";
}

/**
 * What the store throws when Redis does not do what it was asked to.
 *
 * @param what - A sentence without its end, the place in it: "Cannot read the statuses in redis://localhost".
 */
export function redisError(what: string, cause: unknown): FingerError {
  return new FingerError("ERR_FINGER_STORE", `${what}: ${toReason(cause)}.`, { cause: toCause(cause) });
}

/** Why Redis does not do it, as a part of a sentence. */
export function toReason(cause: unknown): string {
  const { name = "", message = String(cause), code = "" } = (cause ?? {}) as NodeJS.ErrnoException;
  if (message.startsWith("Socket timeout")) return REASONS["ERR_FINGER_TIMEOUT"] ?? "";
  const [word] = /\b[A-Z]{3,}\b/.exec(message.replace(/\b(ERR|TCP)\b/g, "")) ?? [""];
  const known = REASONS[code] ?? REASONS[name] ?? REASONS[message] ?? (isRefusal(cause) ? REASONS[word] : undefined);
  return known ?? ((message || code).replace(/\.\s*$/, "") || "it gives no reason");
}

/** ioredis hangs on its errors what was sent: the password, or the text of a status. That stays here. */
export function toCause(cause: unknown): unknown {
  if (!(cause instanceof Error) || !("command" in cause)) return cause;
  const { name, message, stack } = cause;
  return Object.defineProperty(Object.assign(new Error(message), { name }), "stack", { value: stack });
}

const BROKEN = "the connection broke";

/** By code, name, message, or the first word of what Redis answers. */
const REASONS: Readonly<Record<string, string>> = {
  BUSY: "it is busy with a script (BUSY)",
  CROSSSLOT: "it is a cluster, in which the prefix needs braces, such as {finger}: (CROSSSLOT)",
  LOADING: "it is still loading its data (LOADING)",
  MISCONF: "it cannot write to its disk (MISCONF)",
  MOVED: "it is a cluster, and keeps this elsewhere (MOVED)",
  NOAUTH: "it wants a password (NOAUTH)",
  NOPERM: "its access list does not allow it (NOPERM)",
  NOREPLICAS: "it has too few replicas (NOREPLICAS)",
  OOM: "its memory is full (OOM)",
  READONLY: "it is a replica, and takes no writes (READONLY)",
  WRONGPASS: "it does not take this login and password (WRONGPASS)",
  WRONGTYPE: "something else is kept there; choose another prefix (WRONGTYPE)",
  ECONNREFUSED: "nobody listens there (ECONNREFUSED)",
  ECONNRESET: BROKEN,
  ENOTFOUND: "there is no such host (ENOTFOUND)",
  EPIPE: BROKEN,
  ETIMEDOUT: "it cannot be reached in time (ETIMEDOUT)",
  ERR_FINGER_TIMEOUT: "it does not answer in time",
  AbortError: BROKEN,
  MaxRetriesPerRequestError: BROKEN,
  "Connection is closed.": BROKEN,
};
