import type { HttpLimits } from "../options.js";

/** All limits; what is off is `Infinity`. */
export type ResolvedLimits = { readonly [Name in keyof HttpLimits]-?: number };

const DEFAULT_LIMITS: ResolvedLimits = {
  lookupTime: 10_000,
  bodyBytes: 65_536,
  misses: 60,
  gateway: 30,
  streams: 16_384,
  streamsPerPeer: 16,
};

/** @throws `RangeError` when a limit is neither a positive whole number nor `false`, or is not known. */
export function resolveLimits(given: HttpLimits = {}): ResolvedLimits {
  const names = Object.keys(DEFAULT_LIMITS) as Array<keyof HttpLimits>;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(DEFAULT_LIMITS, name));
  if (unknown !== undefined) throw new RangeError(`There is no limit ${unknown}; the limits are ${names.join(", ")}.`);
  const entries = names.map((name) => [name, resolveLimit(name, given[name] ?? DEFAULT_LIMITS[name])]);
  return Object.fromEntries(entries) as ResolvedLimits;
}

function resolveLimit(name: string, value: number | false): number {
  if (value === false || value === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(
    `The limit ${name} must be a positive whole number, or false for none, but is ${String(value)}.`,
  );
}
