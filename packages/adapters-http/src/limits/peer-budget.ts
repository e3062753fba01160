import type { Peer } from "finger-server";
import { toPeerKey } from "./peer-key.js";

/** So many of something a minute for each peer; a third of them may come in one burst. */
export interface PeerBudget {
  /** Whether the peer has one left. */
  canPay(peer: Peer): boolean;
  /** Takes one; gives whether there was one left. */
  pay(peer: Peer): boolean;
}

/** What one peer has left, as of `at`, in milliseconds. */
interface Account {
  left: number;
  at: number;
}

/**
 * Makes a budget that nobody has touched. The peers that came last are remembered, so that no number of them makes it grow.
 *
 * @param rate - How many there are a minute; `Infinity` for no bound.
 * @param now - The time in milliseconds. @default the clock of the runtime that only goes forward
 */
export function createPeerBudget(rate: number, now: () => number = () => performance.now()): PeerBudget {
  const burst = Math.max(1, Math.ceil(rate / 3));
  const accounts = new Map<string, Account>();

  const find = (peer: Peer): Account | undefined => {
    const key = rate === Number.POSITIVE_INFINITY ? undefined : toPeerKey(peer);
    if (key === undefined) return undefined;
    const at = now();
    const account = accounts.get(key) ?? { left: burst, at };
    account.left = Math.min(burst, account.left + ((at - account.at) * rate) / 60_000);
    account.at = at;
    // Who was here last is at the end.
    accounts.delete(key);
    accounts.set(key, account);
    const [oldest = key] = accounts.keys();
    if (accounts.size > REMEMBERED) accounts.delete(oldest);
    return account;
  };

  return {
    canPay: (peer) => (find(peer)?.left ?? 1) >= 1,
    pay(peer) {
      const account = find(peer);
      if (account === undefined) return true;
      if (account.left < 1) return false;
      account.left--;
      return true;
    },
  };
}

const REMEMBERED = 16_384;
