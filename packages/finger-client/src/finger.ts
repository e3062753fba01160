import {
  decodeReply,
  FINGER_PORT,
  type FingerTarget,
  type FingerUser,
  parseReply,
  parseTarget,
  sanitize,
} from "finger-protocol";
import type { RemoteAddress } from "./node/open-reply.js";
import { type FingerOptions, resolveOptions } from "./options.js";

/** What came back. */
export interface FingerReply {
  /** The reply as text that is safe to show: decoded, sanitised, its lines ended by LF. */
  readonly text: string;
  /** The users that the reply speaks of; none when it is in no known shape. */
  readonly users: readonly FingerUser[];
  /** The reply as it came. */
  readonly bytes: Uint8Array;
  /** There was more than `maxBytes`, or the connection broke before the end. */
  readonly truncated: boolean;
  /** The address that answered. */
  readonly address: RemoteAddress;
}

/**
 * Asks a finger server. A target without a host asks `localhost`.
 *
 * @param target - What `parseTarget` of finger-protocol reads, such as `alice@host`, or what it returns.
 * @throws `FingerError` `ERR_FINGER_TARGET`, `ERR_FINGER_RESOLVE`, `ERR_FINGER_CONNECT`, `ERR_FINGER_TIMEOUT`,
 * `ERR_FINGER_IO` or `ERR_FINGER_ABORTED`; `RangeError` for an option out of range.
 *
 * @example
 * ```ts
 * const { text } = await finger("alice@plan.example");
 * ```
 */
export async function finger(target: string | FingerTarget, options?: FingerOptions): Promise<FingerReply> {
  const resolved = resolveOptions(options);
  const { query, host = "localhost", port } = typeof target === "string" ? parseTarget(target) : target;
  const { ask } = await import("./node/ask.js");
  const { bytes, truncated, address } = await ask(
    resolved.verbose ? { ...query, verbose: true } : query,
    { host, port: port === FINGER_PORT ? resolved.port : port },
    resolved,
  );
  const decoded = decodeReply(bytes);
  return { text: sanitize(decoded), users: parseReply(decoded), bytes, truncated, address };
}
