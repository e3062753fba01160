import { FingerError } from "finger-protocol";

/** The exit codes of sysexits(3) that `finger-server` uses. */
const EXIT = { usage: 64, data: 65, noInput: 66, noUser: 67, unavailable: 69, noPermission: 77 } as const;

/** What the user wrote cannot be meant. */
export class UsageError extends Error {}

/** There is no such login. */
export class NoUserError extends Error {}

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
  if (error instanceof UsageError || isParseArgsError(error)) return EXIT.usage;
  if (error instanceof NoUserError) return EXIT.noUser;
  if (!FingerError.is(error)) return EXIT.unavailable;
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  if (code === "EACCES" || code === "EPERM") return EXIT.noPermission;
  if (error.code === "ERR_FINGER_USERS_FILE") return error.cause === undefined ? EXIT.data : EXIT.noInput;
  return EXIT.unavailable;
}

function isParseArgsError(error: unknown): boolean {
  return error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith("ERR_PARSE_ARGS");
}
