/** Bounds on what one peer, or all of them, can ask of the server. */
export interface Limits {
  /** Longest query line, in bytes. @default 1024 */
  readonly queryBytes?: number | undefined;
  /** Time for the query to arrive, in milliseconds. @default 10_000 */
  readonly queryTime?: number | undefined;
  /** Time for the provider to answer, in milliseconds. @default 10_000 */
  readonly lookupTime?: number | undefined;
  /** Longest pause while the peer reads its answer, in milliseconds. @default 30_000 */
  readonly idle?: number | undefined;
  /** Connections at a time; one too many is closed at once. @default 256 */
  readonly connections?: number | undefined;
}

/** All limits, with their defaults. */
export type ResolvedLimits = { readonly [Name in keyof Limits]-?: number };

const DEFAULT_LIMITS: ResolvedLimits = {
  queryBytes: 1024,
  queryTime: 10_000,
  lookupTime: 10_000,
  idle: 30_000,
  connections: 256,
};

/** @throws `RangeError` when a limit is not a positive whole number. */
export function resolveLimits(limits: Limits = {}): ResolvedLimits {
  const resolved: Record<keyof Limits, number> = { ...DEFAULT_LIMITS };
  for (const name of Object.keys(DEFAULT_LIMITS) as Array<keyof Limits>) {
    const value = limits[name] ?? DEFAULT_LIMITS[name];
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`The limit ${name} must be a positive whole number, but is ${value}.`);
    }
    resolved[name] = value;
  }
  return resolved;
}
