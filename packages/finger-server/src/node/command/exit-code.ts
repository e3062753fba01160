import { FingerError } from "finger-protocol";

/** The exit codes of sysexits(3) that `finger-server` uses. */
export const EXIT = {
  usage: 64,
  data: 65,
  noInput: 66,
  noUser: 67,
  unavailable: 69,
  software: 70,
  cannotCreate: 73,
  noPermission: 77,
  config: 78,
} as const;

/**
 * What the user wrote cannot be meant. The code is in the error: the command is in two bundles, and each has a class of its own.
 */
export class UsageError extends Error {
  readonly exitCode: number = EXIT.usage;
}

/** There is no such login. */
export class NoUserError extends Error {
  readonly exitCode: number = EXIT.noUser;
}

/** Does what fails by a `RangeError` when the user wrote something that cannot be meant. */
export function toUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asUsage(error);
  }
}

/** The same for what takes time. */
export async function toUsageAsync<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asUsage(error);
  }
}

function asUsage(error: unknown): unknown {
  return error instanceof RangeError ? new UsageError(error.message) : error;
}

/** The exit code of an error. */
export function toExitCode(error: unknown): number {
  // Of wrong usage, and of a daemon, which has found its own.
  const { exitCode } = Object(error) as { readonly exitCode?: unknown };
  if (typeof exitCode === "number") return exitCode;
  if (!FingerError.is(error)) return EXIT.software;
  return codeOf(error);
}

function codeOf({ code, cause }: FingerError): number {
  const reason = findReason(cause);
  if (FingerError.is(reason) && code !== "ERR_FINGER_CONFIG") return codeOf(reason);
  const { code: system = "" } = (reason ?? {}) as NodeJS.ErrnoException;
  if (system === "EACCES" || system === "EPERM") return EXIT.noPermission;
  const isThere = cause === undefined;
  if (code === "ERR_FINGER_CONFIG") return isThere || system !== "ENOENT" ? EXIT.config : EXIT.noInput;
  if (code === "ERR_FINGER_USERS_FILE") return isThere ? EXIT.data : EXIT.noInput;
  if (code === "ERR_FINGER_SERVICE") return EXIT.software;
  if (code === "ERR_FINGER_PROCESS") return isThere ? EXIT.unavailable : EXIT.cannotCreate;
  return EXIT.unavailable;
}

/** What an error comes from in the end; of several the first. */
function findReason(cause: unknown): unknown {
  return cause instanceof AggregateError ? cause.errors[0] : cause;
}
