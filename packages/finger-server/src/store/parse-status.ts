import { parseInstant } from "../users/instant.js";
import type { StoredStatus } from "./status-store.js";

/**
 * Reads a status that a store has kept as JSON. What somebody has written by hand is read, too, when there is no doubt
 * about it.
 *
 * @returns `undefined` when it is none.
 */
export function parseStatus(login: string, value: unknown): StoredStatus | undefined {
  const { rev, text, at, expires } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const [since, until] = [parseDate(at), parseDate(expires)];
  const isWhole = typeof rev === "string" && rev !== "" && typeof text === "string" && since !== undefined;
  if (!isWhole || (expires !== undefined && until === undefined)) return undefined;
  const status = { login, text, at: since, rev };
  return until === undefined ? status : { ...status, expires: until };
}

/** As JSON writes a date, which may be of a year beyond 9999, or as people do. `Date` alone would guess. */
function parseDate(text: unknown): Date | undefined {
  if (typeof text !== "string") return undefined;
  const date = new Date(text);
  const isExact = !Number.isNaN(date.getTime()) && date.toISOString() === text;
  return isExact ? date : parseInstant(text);
}
