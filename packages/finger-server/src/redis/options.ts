import { assertWhole, LONGEST_TIME } from "../assert-whole.js";
import { resolveHistory } from "../store/create-store.js";
import type { HistoryOptions } from "../store/status-store.js";
import { warn } from "../warn.js";

/** How statuses are kept in Redis. */
export interface RedisStoreOptions extends HistoryOptions {
  /**
   * What the names of all keys begin with. Where Redis is a cluster behind one address it needs braces, so that they are
   * kept together: `{finger}:`.
   * @default "finger:"
   */
  readonly prefix?: string | undefined;
  /** How long a call may take, in milliseconds, connecting included; then it rejects. @default 3_000 */
  readonly timeout?: number | undefined;
  /** How often one who watches has Redis asked whether notices were missed, in milliseconds. @default 1_000 */
  readonly pollInterval?: number | undefined;
  /**
   * Hears once that Redis cannot be used, and again only after it could be used meanwhile; once that Redis would lose
   * statuses in a restart; and once of each entry that a list leaves out because it is no status. It does not hear of a call
   * that fails: who made the call does.
   * @default a warning of the process
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** All options, checked, with their defaults. */
export interface ResolvedOptions {
  readonly prefix: string;
  readonly history: number;
  readonly timeout: number;
  readonly pollInterval: number;
  readonly onError: (error: unknown) => void;
}

/** @throws `TypeError` or `RangeError` when one is not as it must be. */
export function resolveOptions(options: RedisStoreOptions): ResolvedOptions {
  const { prefix = "finger:", timeout = 3_000, pollInterval = 1_000, onError = warn } = options;
  if (typeof prefix !== "string") throw new TypeError(`The option prefix must be a text, but is ${String(prefix)}.`);
  if (typeof onError !== "function") {
    throw new TypeError(`The option onError must be a function, but is ${String(onError)}.`);
  }
  assertWhole("timeout", timeout, LONGEST_TIME);
  assertWhole("pollInterval", pollInterval, LONGEST_TIME);
  return { prefix, history: resolveHistory(options), timeout, pollInterval, onError };
}
