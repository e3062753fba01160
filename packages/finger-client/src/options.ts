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

/** How to ask for a reply that is read as it comes. */
export interface FingerStreamOptions extends Omit<FingerOptions, "maxBytes"> {
  /** Longest wait for the connection, in milliseconds. @default what `timeout` is */
  readonly connectTimeout?: number | undefined;
  /** Longest reply read, in bytes; there the stream ends. @default a stream is as long as it likes */
  readonly maxBytes?: number | undefined;
  /**
   * Leaves control characters in the text, for a caller who makes them harmless in a way of their own; the text then comes
   * at once, and not in whole lines. @default false
   */
  readonly raw?: boolean | undefined;
  /**
   * The IP addresses of the host, from a caller who has looked it up already: nothing is looked up then, and all are
   * tried, each a moment after the other. The host is still what errors speak of. @default looks the host up
   */
  readonly addresses?: readonly string[] | undefined;
}

/** Options with their defaults. */
export interface ResolvedOptions {
  readonly verbose: boolean;
  readonly port: number;
  readonly timeout: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** Options of a stream with their defaults. */
export interface ResolvedStreamOptions extends ResolvedOptions {
  readonly connectTimeout: number;
  readonly raw: boolean;
  readonly addresses: readonly string[] | undefined;
}

/** @throws `RangeError` when a number is not a positive whole number, or the port none. */
export function resolveOptions(options: FingerOptions = {}): ResolvedOptions {
  const { verbose = false, port = 79, timeout = 10_000, maxBytes = 1024 * 1024, signal } = options;
  assertWhole("port", port, 65535);
  assertWhole("timeout", timeout, 2 ** 31 - 1);
  assertWhole("maxBytes", maxBytes, Number.MAX_SAFE_INTEGER);
  return { verbose, port, timeout, maxBytes, signal };
}

/** @throws `RangeError` as {@link resolveOptions} does, and when `addresses` is empty. */
export function resolveStreamOptions(options: FingerStreamOptions = {}): ResolvedStreamOptions {
  const { maxBytes = Number.MAX_SAFE_INTEGER, raw = false, addresses } = options;
  const resolved = resolveOptions({ ...options, maxBytes });
  const { connectTimeout = resolved.timeout } = options;
  assertWhole("connectTimeout", connectTimeout, 2 ** 31 - 1);
  if (addresses?.length === 0) throw new RangeError("The option addresses must have an IP address, but is empty.");
  return { ...resolved, connectTimeout, raw, addresses };
}

function assertWhole(name: string, value: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return;
  throw new RangeError(`The option ${name} must be a whole number from 1 to ${most}, but is ${value}.`);
}
