import type { FingerUser } from "finger-protocol";
import type { HttpReply } from "../http/http-reply.js";

/** Replies that were made a moment ago: most questions are for the same thing, and to write a page takes time. */
export interface Memo {
  /**
   * The reply that was made of the same records within the last second, or else one that is made now.
   *
   * @param key - What it is a reply to.
   * @param users - All that it is made of, but the time.
   */
  take(key: string, users: readonly FingerUser[], make: () => Promise<HttpReply>): Promise<HttpReply>;
}

interface Kept {
  readonly users: readonly FingerUser[];
  readonly at: number;
  readonly reply: HttpReply;
}

/** @param now - The time in milliseconds. @default the clock of the runtime that only goes forward */
export function createMemo(now: () => number = () => performance.now()): Memo {
  const kept = new Map<string, Kept>();
  let bytes = 0;

  const keep = (key: string, users: readonly FingerUser[], at: number, reply: HttpReply) => {
    const length = toLength(reply);
    if (length > LARGEST || !users.every(isPlain)) return;
    bytes += length;
    if (bytes > MOST_BYTES || kept.size >= MOST) {
      kept.clear();
      bytes = length;
    }
    bytes -= toLength(kept.get(key)?.reply);
    // A record may be changed in its place, so what it was is kept; what is within its sessions and its mail is not looked at.
    kept.set(key, { users: users.map((user) => ({ ...user })), at, reply });
  };

  return {
    async take(key, users, make) {
      const last = kept.get(key);
      if (last !== undefined && now() - last.at < LONGEST && areSame(last.users, users)) return last.reply;
      const at = now();
      const reply = await make();
      keep(key, users, at, reply);
      return reply;
    },
  };
}

/** Pages tell how long ago something was; that may be wrong by as much. */
const LONGEST = 1000;
const MOST = 512;
const MOST_BYTES = 8 * 1024 * 1024;
const LARGEST = 1024 * 1024;

function toLength(reply: HttpReply | undefined): number {
  return reply?.body instanceof Uint8Array ? reply.body.length : 0;
}

/** What a record of a class holds may be behind getters, where it cannot be compared. */
function isPlain(user: FingerUser): boolean {
  const prototype = Object.getPrototypeOf(user);
  return prototype === Object.prototype || prototype === null;
}

function areSame(before: readonly FingerUser[], users: readonly FingerUser[]): boolean {
  return before.length === users.length && users.every((user, index) => isSame(before[index], user));
}

function isSame(before: FingerUser | undefined, user: FingerUser): boolean {
  if (before === undefined || !isPlain(user)) return false;
  let left = Object.keys(before).length;
  for (const field in user) {
    const name = field as keyof FingerUser;
    if (!Object.is(before[name], user[name])) return false;
    left--;
  }
  return left === 0;
}
