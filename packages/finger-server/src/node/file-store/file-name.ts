import { createHash } from "node:crypto";

/** What every name of a file that holds statuses ends with. */
const ENDING = ".json";
/** Most file systems take 255 bytes; a few less. */
const LONGEST = 143;

/**
 * The name of a login's file: small letters, digits, `-`, `_` and dots are themselves, and all else is `%` and two digits for
 * each byte, so that no login is a path, hidden, or the same as another where case does not count. One too long for a name
 * is its hash.
 *
 * @example toFileName("Al/ice") // "%41l%2Fice.json"
 */
export function toFileName(login: string): string {
  let name = "";
  for (const byte of new TextEncoder().encode(login)) name += toNameByte(byte, name === "");
  if (name.length + ENDING.length <= LONGEST) return name + ENDING;
  return `~${createHash("sha256").update(login).digest("hex")}${ENDING}`;
}

/** Whose file a name is; `undefined` when it is nobody's, or does not tell. */
export function toLogin(fileName: string): string | undefined {
  if (!isStatusFile(fileName) || fileName.startsWith("~")) return undefined;
  try {
    const login = decodeURIComponent(fileName.slice(0, -ENDING.length));
    return toFileName(login) === fileName ? login : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a file of that name holds statuses: not what is half-written, a lock, or somebody else's. */
export function isStatusFile(fileName: string): boolean {
  return fileName.endsWith(ENDING) && !fileName.startsWith(".");
}

function toNameByte(byte: number, isFirst: boolean): string {
  const isPlain = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x5f;
  if (isPlain || (byte === 0x2e && !isFirst)) return String.fromCharCode(byte);
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
