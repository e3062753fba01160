import type { FingerUser } from "finger-protocol";
import type { Account } from "./accounts/account.js";
import { toPerson } from "./accounts/gecos.js";

/** What passwd(5) says of somebody. */
export function toIdentity({ login, gecos, directory, shell }: Account): FingerUser {
  return { login, ...toPerson(gecos, login), directory, shell };
}
