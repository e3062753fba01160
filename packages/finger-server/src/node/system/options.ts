import { assertWhole } from "../../assert-whole.js";
import { MOST_ID } from "./accounts/account.js";
import type { SystemPrograms } from "./programs/options.js";

/** Which accounts are told of, and what of them. */
export interface SystemOptions {
  /** Accounts with a lower number are those of programs, and not told of. @default 1_000 */
  readonly minUid?: number | undefined;
  /** Nor are those with a higher one. @default none is too high, but 60_514 to 65_535 are those of services and `nobody` */
  readonly maxUid?: number | undefined;
  /** Logins that are answered as if they were nobody's. @default none */
  readonly hidden?: readonly string[] | undefined;
  /**
   * Finds people by the words of their real names, too, as finger(1) does; several of one name are several users, and what is told
   * of them is the server's affair (RFC 1288 2.5.3). @default false
   */
  readonly names?: boolean | undefined;
  /** Whom a list has: those who are on, as finger(1), or all. @default "online" */
  readonly list?: "online" | "all" | undefined;
  /** Programs that answer in place of the records, in efingerd's manner. @default none is run */
  readonly programs?: SystemPrograms | undefined;
  /** Hears of what cannot be read, once while it lasts. @default a warning of the process */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Where the machine keeps it. */
  readonly places?: SystemPlaces | undefined;
}

/** Where a machine keeps what is told of its accounts, for one that is not as others. */
export interface SystemPlaces {
  /** @default "/etc/passwd", and what getent(1) tells */
  readonly passwd?: string | undefined;
  /** @default "/var/mail" */
  readonly mail?: string | undefined;
  /** @default "/run/utmp" */
  readonly utmp?: string | undefined;
  /** @default "/var/log/lastlog" */
  readonly lastlog?: string | undefined;
  /** @default "/dev" */
  readonly terminals?: string | undefined;
}

/** The options with their defaults. */
export interface SystemRules {
  /** Whether an account may be told of. */
  readonly isShown: (account: { readonly login: string; readonly uid: number }) => boolean;
  readonly names: boolean;
  readonly list: "online" | "all";
}

/** @throws `TypeError` or `RangeError` for an option that is wrong. */
export function resolveSystemRules(options: SystemOptions): SystemRules {
  const { minUid = 1_000, maxUid, hidden = [], names = false, list = "online" } = options;
  assertWhole("minUid", minUid, MOST_ID, 0);
  if (maxUid !== undefined) assertWhole("maxUid", maxUid, MOST_ID, 0);
  if (!Array.isArray(hidden) || !hidden.every((login) => typeof login === "string")) {
    throw new TypeError("The option hidden must be a list of logins.");
  }
  if (typeof names !== "boolean") throw new TypeError(`The option names must be a boolean, but is ${String(names)}.`);
  if (list !== "online" && list !== "all") {
    throw new TypeError(`The option list must be "online" or "all", but is ${JSON.stringify(list)}.`);
  }
  const isHidden = new Set<string>(hidden);
  const isTooHigh = maxUid === undefined ? isReserved : (uid: number) => uid > maxUid;
  return {
    isShown: ({ login, uid }) => uid >= minUid && !isTooHigh(uid) && !isHidden.has(login),
    names,
    list,
  };
}

/**
 * Whether a number is nobody's own: it is one that systemd gives to services and containers, or stands for `nobody`, on macOS, too.
 * Those of systemd-homed are below, and those of LDAP and of Active Directory mostly above.
 */
function isReserved(uid: number): boolean {
  return (uid >= 60_514 && uid <= 65_535) || uid === MOST_ID;
}
