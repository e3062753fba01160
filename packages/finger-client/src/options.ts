/** How to ask. */
export interface FingerOptions {
  /** Asks for more with `/W` (RFC 1288 2.5.4); the target can ask for it too. @default false */
  readonly verbose?: boolean | undefined;
  /** The port to ask when the target names none. @default 79 */
  readonly port?: number | undefined;
  /** Longest wait for the connection, and then for the next bytes, in milliseconds. @default 10_000 */
  readonly timeout?: number | undefined;
  /** Longest reply read, in bytes; the rest is cut off. @default 1_048_576 */
  readonly maxBytes?: number | undefined;
  /** Ends the lookup when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Options with their defaults. */
export interface ResolvedOptions {
  readonly verbose: boolean;
  readonly port: number;
  readonly timeout: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** @throws `RangeError` when a number is not a positive whole number, or the port none. */
export function resolveOptions(options: FingerOptions = {}): ResolvedOptions {
  const { verbose = false, port = 79, timeout = 10_000, maxBytes = 1024 * 1024, signal } = options;
  assertWhole("port", port, 65535);
  assertWhole("timeout", timeout, 2 ** 31 - 1);
  assertWhole("maxBytes", maxBytes, Number.MAX_SAFE_INTEGER);
  return { verbose, port, timeout, maxBytes, signal };
}

function assertWhole(name: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return;
  throw new RangeError(`The option ${name} must be a whole number from 1 to ${most}, but is ${value}.`);
}
