import { decodeReply } from "finger-protocol";
import { type Account, MOST_ID } from "./account.js";
import { isLogin } from "./is-login.js";

/**
 * Reads the lines of passwd(5), in their order. Of two with the same login the first counts, as it does for the system;
 * comments, the lines of NIS, and what is no account are left out. Never throws.
 */
export function parseAccounts(bytes: Uint8Array): Account[] {
  const accounts = new Map<string, Account>();
  // Lines end before they are decoded, which makes a line end of a CR: nobody adds an account by a name with one in it.
  for (const line of toBuffer(bytes).toString("latin1").split("\n")) {
    const account = parseAccount(line);
    if (account !== undefined && !accounts.has(account.login)) accounts.set(account.login, account);
  }
  return [...accounts.values()];
}

/** Reads one line, which has a character for each byte. */
function parseAccount(line: string): Account | undefined {
  if (line.length > LONGEST_LINE || line.startsWith("#")) return undefined;
  const fields = (BEYOND_ASCII.test(line) ? decodeReply(Buffer.from(line, "latin1")) : line).split(":");
  const [login = "", , uid = "", gid = "", gecos = "", directory = "", shell = ""] = fields;
  if (fields.length !== FIELDS || !isLogin(login) || !isId(uid) || !isId(gid)) return undefined;
  return { login, uid: Number(uid), gid: Number(gid), gecos, directory, shell };
}

function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) <= MOST_ID;
}

function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

const FIELDS = 7;
const BEYOND_ASCII = /[\x80-\xff]/;
/** In bytes; the C library has no room for more. */
const LONGEST_LINE = 4096;
