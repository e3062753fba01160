import type { FingerUser } from "../user.js";

/** How records are written as text: one that comes with us, or your own. */
export interface Layout {
  /** Writes all that is to be told of one user: lines that end in LF. */
  readonly formatUser: (user: FingerUser, settings: LayoutSettings) => string;
  /** Writes the list of users, of whom there is at least one: a header, then a line for each, or for each login of each. */
  readonly formatUserList: (users: readonly FingerUser[], settings: LayoutSettings) => string;
}

/** What a layout is told beside the records: `FormatOptions` with their defaults. */
export interface LayoutSettings {
  /** The present; what lies half a year before it is shown with its year. */
  readonly now: Date;
  /** The IANA name of the time zone to show times in; `undefined` is the system's. */
  readonly timeZone: string | undefined;
  /** The abbreviation of the time zone at a time, where it is known better than by `Intl`. */
  readonly zoneName: ((date: Date) => string | undefined) | undefined;
  /** The columns of the screen. */
  readonly width: number;
  /** Whether the plan, the project and the key are shown. */
  readonly plans: boolean;
}
