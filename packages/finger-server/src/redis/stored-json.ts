import { FingerError } from "finger-protocol";
import { parseStatus } from "../store/parse-status.js";
import type { StoredStatus } from "../store/status-store.js";
import { quote } from "../users/mistakes.js";

/** A status as it stands in Redis. Whose it is the key tells. */
export function formatStored({ rev, text, at, expires }: StoredStatus): string {
  return JSON.stringify({ rev, text, at, expires });
}

/**
 * Reads a status as it stands in Redis.
 *
 * @throws `FingerError` `ERR_FINGER_STORE` for what is none: it is not for us to guess at it.
 */
export function parseStored(login: string, json: string, place: string): StoredStatus {
  const status = parseStatus(login, parseJson(json));
  if (status !== undefined) return status;
  const what = `What ${place} has as a status of ${quote(login)} is none: ${quote(json)}`;
  throw new FingerError(
    "ERR_FINGER_STORE",
    `${what}. Somebody else has written it; take it away, or choose another prefix.`,
  );
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
