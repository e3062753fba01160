import type { PlaceTrouble } from "../../trouble.js";
import type { Logins } from "./logins/logins.js";

/** Where what is told of an account is found. */
export interface Surroundings {
  readonly logins: Logins;
  /** The folder of the mailboxes. */
  readonly mail: string | undefined;
  /** The folder of the terminals. */
  readonly terminals: string | undefined;
  /** Hears of a home, or a file in it, each by itself, and of mailboxes that cannot be looked at. */
  readonly trouble: { readonly home: (path: string) => PlaceTrouble; readonly mail: PlaceTrouble };
}
