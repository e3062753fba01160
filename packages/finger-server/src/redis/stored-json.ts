import { FingerError } from "finger-protocol";
import type { StoredStatus } from "../store/status-store.js";
import { quote } from "../users/mistakes.js";

/** A status as it stands in Redis. Whose it is the key tells. */
export function formatStored({ rev, text, at, expires }: StoredStatus): string {
  return JSON.stringify({ rev, text, at, expires });
}

/**
 * Reads a status as it stands in Redis.
 *
 * @throws `FingerError` `ERR_FINGER_STORE` for what this store has not written: it is not for us to guess at it.
 */
export function parseStored(login: string, json: string, place: string): StoredStatus {
  const { rev, text, at, expires } = toRecord(json);
  const since = toDate(at);
  const until = toDate(expires);
  const isWhole = typeof rev === "string" && rev !== "" && typeof text === "string" && since !== undefined;
  if (isWhole && (until !== undefined || expires === undefined)) {
    const status = { login, text, at: since, rev };
    return until === undefined ? status : { ...status, expires: until };
  }
  const what = `What ${place} has as a status of ${quote(login)} is none: ${quote(json)}`;
  throw new FingerError(
    "ERR_FINGER_STORE",
    `${what}. Somebody else has written it; take it away, or choose another prefix.`,
  );
}

function toRecord(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function toDate(text: unknown): Date | undefined {
  const date = typeof text === "string" ? new Date(text) : undefined;
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString() === text ? date : undefined;
}
