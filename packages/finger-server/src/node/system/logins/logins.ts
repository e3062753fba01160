import type { FingerLogin } from "finger-protocol";
import type { Account } from "../accounts/account.js";

/** Where somebody is logged in. */
export interface Presence extends FingerLogin {
  readonly login: string;
  /** Since when nothing was typed, where that is known otherwise than by the terminal. */
  readonly idleSince?: Date | undefined;
}

/** Who is on, and who was, by what this machine keeps of it. */
export interface Logins {
  /** All who are on, by their logins, each in the order of the machine. */
  present(): Promise<ReadonlyMap<string, readonly Presence[]>>;
  /** The last login of an account; `null` when it never was here, `undefined` when nobody knows. */
  last(account: Account): Promise<FingerLogin | null | undefined>;
}
