/**
 * What went wrong, as a stable code. `docs/reference/errors.md` says what each one means and what to do.
 */
export type FingerErrorCode =
  | "ERR_FINGER_TARGET"
  | "ERR_FINGER_QUERY"
  | "ERR_FINGER_USERS_FILE"
  | "ERR_FINGER_LISTEN"
  | "ERR_FINGER_RESOLVE"
  | "ERR_FINGER_CONNECT"
  | "ERR_FINGER_TLS"
  | "ERR_FINGER_PROXY"
  | "ERR_FINGER_TIMEOUT"
  | "ERR_FINGER_IO"
  | "ERR_FINGER_ABORTED"
  | "ERR_FINGER_DENIED"
  | "ERR_FINGER_LIMITED"
  | "ERR_FINGER_INVALID"
  | "ERR_FINGER_REFUSED"
  | "ERR_FINGER_PROVIDER"
  | "ERR_FINGER_STORE"
  | "ERR_FINGER_CONFLICT"
  | "ERR_FINGER_CONFIG"
  | "ERR_FINGER_SERVICE"
  | "ERR_FINGER_PROCESS";

/**
 * The one error class of the finger packages. The message says what happened, with which value, and what
 * to do next; the code is for programs.
 *
 * @example
 * ```ts
 * try {
 *   parseTarget("alice@");
 * } catch (error) {
 *   if (FingerError.is(error)) console.error(error.code); // ERR_FINGER_TARGET
 * }
 * ```
 */
export class FingerError extends Error {
  override readonly name = "FingerError";
  /** Stable; match on this and never on the message. */
  readonly code: FingerErrorCode;

  constructor(code: FingerErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  /** Tells a `FingerError` even when two copies of this package are installed. */
  static is(value: unknown): value is FingerError {
    return value instanceof Error && value.name === "FingerError" && "code" in value;
  }
}

/** A value for a message: in quotes, and with all that could upset a terminal spelt out. */
export function show(text: string): string {
  return JSON.stringify(text).replace(new RegExp(UNSEEN, "gu"), (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** No literal: the classes of Unicode take half a millisecond to load when it is read, and most runs have no error. */
const UNSEEN = String.raw`[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]`;
