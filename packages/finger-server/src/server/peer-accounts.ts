import QuickLRU from "quick-lru";
import { toPeerKey } from "../network.js";
import type { Peer } from "../provider.js";
import type { ResolvedLimits } from "./limits.js";

/** What one peer takes of the server. */
export interface PeerAccount {
  /** Connections that are open. */
  open: number;
  /** Queries that it may still ask, as of `at`, in milliseconds. */
  tokens: number;
  at: number;
}

/**
 * An account for each peer, for the limits `perPeer` and `rate`. The peers that came last are remembered, so that no
 * number of peers makes it grow; who is forgotten begins anew.
 *
 * To learn who a peer is costs more than all else that is done for it, so that is put off while it cannot matter.
 */
export class PeerAccounts {
  private readonly accounts = new QuickLRU<string, PeerAccount>({ maxSize: REMEMBERED });
  private readonly perMs: number;
  private readonly burst: number;
  /** Pays for all while they together ask less than one may. Only where that is so much that its double is, too. */
  private readonly common: PeerAccount | undefined;
  /** Pays for who has no address, and so is on this machine. */
  private readonly local: PeerAccount;

  constructor({ rate }: ResolvedLimits) {
    this.perMs = rate / 60_000;
    this.burst = Math.max(1, Math.ceil(rate / 3));
    this.common = this.burst < MUCH ? undefined : this.create(this.burst);
    this.local = this.create(Number.POSITIVE_INFINITY);
  }

  /** The account of a peer; one without an address has none. */
  find({ address }: Peer): PeerAccount | undefined {
    const key = toPeerKey(address);
    if (key === undefined) return undefined;
    const known = this.accounts.get(key);
    if (known !== undefined) return known;
    const account = this.create(this.burst);
    this.accounts.set(key, account);
    return account;
  }

  /**
   * Takes one query, and gives the account that paid; `undefined` when the peer has none left. They come back evenly, up
   * to a third of a minute's at once.
   */
  payQuery(peer: Peer): PeerAccount | undefined {
    if (this.burst === Number.POSITIVE_INFINITY) return this.local;
    if (this.common !== undefined && this.take(this.common)) return this.common;
    const account = this.find(peer);
    if (account === undefined) return this.local;
    return this.take(account) ? account : undefined;
  }

  /** Charges for a name that is not known, which costs three with the one that was taken. The debt is bounded. */
  chargeUnknown(account: PeerAccount): void {
    account.tokens = Math.max(-this.burst, account.tokens - 2);
  }

  private create(tokens: number): PeerAccount {
    return { open: 0, tokens, at: performance.now() };
  }

  private take(account: PeerAccount): boolean {
    const now = performance.now();
    account.tokens = Math.min(this.burst, account.tokens + (now - account.at) * this.perMs);
    account.at = now;
    if (account.tokens < 1) return false;
    account.tokens--;
    return true;
  }
}

const REMEMBERED = 16_384;
/** From how many queries at once on it does no harm that a peer may get twice as many. */
const MUCH = 1000;
