import { formatQuery } from "finger-protocol";

/** Whether a query line can carry the login: one that none can would never be found. */
export function isAskable(login: string): boolean {
  try {
    formatQuery({ kind: "user", user: login, verbose: false });
    return true;
  } catch {
    return false;
  }
}

/**
 * The login as a key: in normal form C, so that one name has one spelling. A name in ASCII, as most are, is returned as
 * it is.
 */
export function toLoginKey(login: string): string {
  for (let index = 0; index < login.length; index++) {
    if (login.charCodeAt(index) > LAST_ASCII) return login.normalize("NFC");
  }
  return login;
}

const LAST_ASCII = 0x7f;
