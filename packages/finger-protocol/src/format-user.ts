import type { Layout, LayoutSettings } from "./layout/layout.js";
import { modern } from "./layout/modern.js";
import { netkit } from "./layout/netkit.js";
import type { FingerUser } from "./user.js";

/** How a user is written as text. */
export interface FormatOptions {
  /**
   * `netkit`: to the byte what `finger -l` and `finger -s` print on Linux. `modern`: the status first, then what else is
   * known. Or another: `freebsd` of `finger-protocol/freebsd`, or your own. @default `modern` when there is a status,
   * `netkit` otherwise
   */
  readonly layout?: "netkit" | "modern" | Layout | undefined;
  /** The present; what lies half a year before it is shown with its year. @default the system's clock */
  readonly now?: Date | undefined;
  /** The IANA name of the time zone to show times in, such as `Europe/Berlin`. @default the system's */
  readonly timeZone?: string | undefined;
  /** The abbreviation of the time zone at a time, where it is known better than by `Intl`. @default what `Intl` knows */
  readonly zoneName?: ((date: Date) => string | undefined) | undefined;
  /** The columns of the screen, to which netkit's list is fitted. @default 80 */
  readonly width?: number | undefined;
  /** Shows the plan, the project and the key, as `finger -p` does not (RFC 1288 2.5.2). @default true */
  readonly plans?: boolean | undefined;
}

/**
 * Writes all that a record says of one user: lines that end in LF, with control characters made visible. A user who
 * is nothing but a status is written as that status alone.
 *
 * @example
 * ```ts
 * formatUser({ login: "alice", status: "Happy and well" }); // "Happy and well\n"
 * ```
 */
export function formatUser(user: FingerUser, options: FormatOptions = {}): string {
  return findLayout([user], options).formatUser(user, resolve(options));
}

/**
 * Writes the list of users: a header, then a line for each. In the `netkit` layout it is a line for each login of each
 * user, sorted by name; without users it says that no one is logged on.
 *
 * @example
 * ```ts
 * formatUserList([{ login: "alice", name: "Alice", status: "Happy" }]); // "Login  Name   Status\nalice  Alice  Happy\n"
 * ```
 */
export function formatUserList(users: readonly FingerUser[], options: FormatOptions = {}): string {
  if (users.length === 0) return "No one logged on.\n";
  return findLayout(users, options).formatUserList(users, resolve(options));
}

function findLayout(users: readonly FingerUser[], { layout }: FormatOptions): Layout {
  if (typeof layout === "object") return layout;
  const isModern = layout ? layout === "modern" : users.some(({ status }) => status !== undefined);
  return isModern ? modern : netkit;
}

/** The clock and the screen of one call. */
function resolve({ now = new Date(), timeZone, zoneName, width = 80, plans = true }: FormatOptions): LayoutSettings {
  return { now, timeZone, zoneName, width, plans };
}
