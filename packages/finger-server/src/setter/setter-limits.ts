import { resolveBounds } from "../server/limits.js";

/**
 * Bounds on what one peer, or all of them together, can take from a setter. `false` switches one off; `undefined` leaves
 * the default. For `perPeer` and `rate` peers on this machine are not counted.
 */
export interface SetterLimits {
  /** Longest status, in bytes. At most 65,536. @default 4096 */
  readonly statusBytes?: number | false | undefined;
  /** Time for the status to arrive as a whole, in milliseconds: somebody may be typing it. @default 60_000 */
  readonly time?: number | false | undefined;
  /** Time to find out whether the peer may, and again for the store to keep the status, in milliseconds. @default 15_000 */
  readonly storeTime?: number | false | undefined;
  /** Longest pause of a peer while it reads its answer, and then closes, in milliseconds. @default 30_000 */
  readonly idle?: number | false | undefined;
  /** Connections at a time. @default 64 */
  readonly connections?: number | false | undefined;
  /** Connections at a time of one peer. @default 8 */
  readonly perPeer?: number | false | undefined;
  /** Statuses a minute of one peer, a third of them in one burst. @default 60 */
  readonly rate?: number | false | undefined;
  /** Wrong tokens for one login, a minute, of one peer, a third of them in one burst. @default 15 */
  readonly failures?: number | false | undefined;
}

/** All limits, with their defaults; what is off is `Infinity`. */
export type ResolvedSetterLimits = { readonly [Name in keyof SetterLimits]-?: number };

const DEFAULT_LIMITS: ResolvedSetterLimits = {
  statusBytes: 4096,
  time: 60_000,
  storeTime: 15_000,
  idle: 30_000,
  connections: 64,
  perPeer: 8,
  rate: 60,
  failures: 15,
};

/** @throws `RangeError` when a limit is neither a positive whole number nor `false`. */
export function resolveSetterLimits(limits: SetterLimits = {}): ResolvedSetterLimits {
  const resolved = resolveBounds(DEFAULT_LIMITS, limits);
  return { ...resolved, statusBytes: Math.min(resolved.statusBytes, MOST_STATUS_BYTES) };
}

/** The longest status that is read when no limit is wanted: a store keeps no longer one. */
export const MOST_STATUS_BYTES = 65_536;
