import { FingerError } from "finger-protocol";
import { parseStatus } from "../../store/parse-status.js";
import type { StoredStatus } from "../../store/status-store.js";

/** Writes the statuses of a login, the latest first, as a file that people can read. */
export function formatRecord(login: string, statuses: readonly StoredStatus[]): string {
  return `${JSON.stringify({ login, statuses: statuses.map(({ login: _, ...status }) => status) }, null, 2)}\n`;
}

/**
 * Reads what {@link formatRecord} wrote.
 *
 * @param source - How to name the file in an error.
 * @throws `FingerError` `ERR_FINGER_STORE` when it is not such a file.
 */
export function parseRecord(text: string, source: string): readonly StoredStatus[] {
  const { login, statuses } = (parseJson(text, source) ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof login !== "string" || !Array.isArray(statuses) || statuses.length === 0) throw broken(source);
  return statuses.map((value) => {
    const status = parseStatus(login, value);
    if (status === undefined) throw broken(source);
    return status;
  });
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text.replace(BYTE_ORDER_MARK, ""));
  } catch (cause) {
    throw broken(source, cause);
  }
}

function broken(source: string, cause?: unknown): FingerError {
  const what = `${source} does not hold statuses as they were written; restore the file, or remove it`;
  return new FingerError("ERR_FINGER_STORE", `${what}.`, { cause });
}

/** Some editors leave one behind. */
const BYTE_ORDER_MARK = /^\uFEFF/;
