import { parseLists } from "./reply-shape/lists.js";
import { parseLong } from "./reply-shape/long.js";
import { parseTable } from "./reply-shape/table.js";
import { sanitize } from "./sanitize.js";
import type { FingerUser } from "./user.js";

/** How the times of a reply are read. */
export interface ParseReplyOptions {
  /** The present: a time without a year is the last of its kind before it. @default the system's clock */
  readonly now?: Date | undefined;
}

/**
 * Reads the users that a reply speaks of: the long and short output of netkit, the BSDs, macOS, Solaris and cfingerd,
 * and the lists that pubnixes and finger services print. A reply in no known shape has none; nothing is guessed.
 *
 * What fits no field of a user stays in `text`. A time is read only when its zone is certain, that is UTC, GMT or an
 * offset; a line with another stays in `text`. In a list of addresses the login is the whole address.
 *
 * @example
 * ```ts
 * parseReply("Login: alice          \t\t\tName: Alice\nNo mail.\nNo Plan.\n");
 * // [{ login: "alice", name: "Alice", mail: null }]
 * ```
 */
export function parseReply(reply: string, { now = new Date() }: ParseReplyOptions = {}): FingerUser[] {
  const lines = sanitize(reply).split("\n");
  for (const parse of [parseLong, parseTable, parseLists]) {
    const users = parse(lines, now);
    if (users.length > 0) return users;
  }
  return [];
}
