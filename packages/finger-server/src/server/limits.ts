/**
 * Bounds on what one peer, or all of them together, can take from the server. `false` switches one off; `undefined` leaves
 * the default.
 */
export interface Limits {
  /** Longest query line, in bytes; a line is never longer than 1 MiB, even when this is off. @default 1024 */
  readonly queryBytes?: number | false | undefined;
  /** Time for the query to arrive as a whole, in milliseconds. @default 10_000 */
  readonly queryTime?: number | false | undefined;
  /** Time for the provider to answer, or to begin its stream, in milliseconds. @default 10_000 */
  readonly lookupTime?: number | false | undefined;
  /** Longest pause of a peer while it reads its answer, and then closes, in milliseconds. @default 30_000 */
  readonly idle?: number | false | undefined;
  /** Longest answer, in bytes; the rest is cut off. A stream is as long as it likes. @default 1_048_576 */
  readonly answerBytes?: number | false | undefined;
  /**
   * Connections at a time. One too many takes the place of the one that has been silent longest, or is turned away when
   * all have asked. @default 256
   */
  readonly connections?: number | false | undefined;
  /**
   * Connections at a time of one peer: an IPv4 address, or an IPv6 network of 64 bits. One too many is turned away.
   * @default 8
   */
  readonly perPeer?: number | false | undefined;
  /**
   * Queries a minute of one peer. A third of them may come in one burst; who is not known counts as three, to make the
   * guessing of names slow (RFC 1288 3.2.6). From 3,000 a minute on, the burst may be twice as much: who asks is not
   * looked at before all peers together have asked a third of it. @default 30
   */
  readonly rate?: number | false | undefined;
}

/** All limits, with their defaults; what is off is `Infinity`. */
export type ResolvedLimits = { readonly [Name in keyof Limits]-?: number };

const DEFAULT_LIMITS: ResolvedLimits = {
  queryBytes: 1024,
  queryTime: 10_000,
  lookupTime: 10_000,
  idle: 30_000,
  answerBytes: 1024 * 1024,
  connections: 256,
  perPeer: 8,
  rate: 30,
};

/** The names of the limits, in the order of the documentation. */
export const LIMIT_NAMES = Object.keys(DEFAULT_LIMITS) as ReadonlyArray<keyof Limits>;

/** The longest line that is read when no limit is wanted: each connection may hold one in memory. */
const MOST_QUERY_BYTES = 1024 * 1024;

/**
 * @param processes - How many share the port; each of them has its part of the `connections`.
 * @throws `RangeError` when a limit is neither a positive whole number nor `false`.
 */
export function resolveLimits(limits: Limits = {}, processes = 1): ResolvedLimits {
  const resolved = resolveBounds(DEFAULT_LIMITS, limits);
  resolved.connections = Math.ceil(resolved.connections / processes);
  resolved.queryBytes = Math.min(resolved.queryBytes, MOST_QUERY_BYTES);
  return resolved;
}

/**
 * The bounds given, and the usual ones for those that are not; what is off is `Infinity`.
 *
 * @throws `RangeError` when one is neither a positive whole number nor `false`, or is not known.
 */
export function resolveBounds<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
  given: { readonly [Key in Name]?: number | false | undefined },
): Record<Name, number> {
  const names = Object.keys(defaults) as Name[];
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new RangeError(`There is no limit ${name}; the limits are ${names.join(", ")}.`);
    }
  }
  const resolved: Record<Name, number> = { ...defaults };
  for (const name of names) resolved[name] = resolveLimit(name, given[name] ?? defaults[name]);
  return resolved;
}

function resolveLimit(name: string, value: number | false): number {
  if (value === false || value === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(
    `The limit ${name} must be a positive whole number, or false for none, but is ${String(value)}.`,
  );
}
