import type { Trouble } from "../trouble.js";
import type { Connection } from "./connection.js";
import type { Keys } from "./keys.js";

/** What a store stands on. */
export interface Ground {
  readonly connection: Connection;
  readonly trouble: Trouble;
  readonly keys: Keys;
  /** Where each change is told of. */
  readonly channel: string;
  /** How many statuses of a login are kept. */
  readonly history: number;
  /** How long a call may take, in milliseconds. */
  readonly timeout: number;
  /** Where Redis is, for messages. */
  readonly place: string;
}
