import QuickLRU from "quick-lru";
import { toPeerKey } from "../network.js";
import type { Peer } from "../provider.js";
import type { ResolvedLimits } from "./limits.js";

/** What one peer takes of the server. */
export interface PeerAccount {
  /** Who that is; {@link ALL} for all together, `undefined` for who has no address. */
  readonly key: string | undefined;
  /** Connections that are open. */
  open: number;
  /** Those that are open at the siblings, as far as it was told. */
  openElsewhere: number;
  /** Queries that it may still ask, as of `at`, in milliseconds. */
  tokens: number;
  at: number;
  /** What the siblings have not been told yet: queries that were spent, and by how much `open` has changed. */
  spent: number;
  opened: number;
}

/** What a peer has taken since the last news: queries that it spent, and by how much its open connections are more. */
export type PeerNews = readonly [key: string, spent: number, opened: number];

/** What a peer takes elsewhere: queries that it has spent since the last news, and connections that are open now. */
export type PeerElsewhere = readonly [key: string, spent: number, open: number];

/** The other processes that answer at the same ports: their peers are ours, and what those take there counts here. */
export interface Siblings {
  /** How many processes there are, with this one. */
  readonly count: number;
  /**
   * Makes the accounts known to their siblings, whose news come by {@link PeerAccounts.hear}. Gives what to call when there
   * is news, to be fetched by {@link PeerAccounts.takeNews}; it is called once until then.
   */
  join(accounts: PeerAccounts): () => void;
}

/**
 * An account for each peer, for the limits `perPeer` and `rate`. The peers that came last are remembered, so that no
 * number of peers makes it grow; who is forgotten begins anew.
 *
 * To learn who a peer is costs more than all else that is done for it, so that is put off while it cannot matter.
 */
export class PeerAccounts {
  /** Whether other processes have such accounts of the same peers. */
  readonly isShared: boolean;
  private readonly accounts = new QuickLRU<string, PeerAccount>({ maxSize: REMEMBERED });
  private perMs = 0;
  private burst = 1;
  /** Pays for all while they together ask less than one may. Only where that is so much that its double is, too. */
  private common: PeerAccount | undefined;
  /** Pays for who has no address, and so is on this machine. */
  private readonly local: PeerAccount;
  private readonly announce: (() => void) | undefined;
  private readonly changed = new Set<PeerAccount>();

  constructor({ rate }: Pick<ResolvedLimits, "rate">, siblings?: Siblings) {
    this.setRate(rate);
    this.local = create(undefined, Number.POSITIVE_INFINITY);
    this.isShared = siblings !== undefined && siblings.count > 1;
    this.announce = this.isShared ? siblings?.join(this) : undefined;
  }

  /** From now on each peer may ask so many queries a minute. What it has asked counts on. */
  setRate(rate: number): void {
    this.perMs = rate / 60_000;
    this.burst = Math.max(1, Math.ceil(rate / 3));
    this.common = this.burst < MUCH ? undefined : (this.common ?? create(ALL, this.burst));
  }

  /** The account of a peer; one without an address has none. */
  find({ address }: Peer): PeerAccount | undefined {
    const key = toPeerKey(address);
    return key === undefined ? undefined : this.findByKey(key);
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
    this.charge(account, 2);
    this.note(account, 2, 0);
  }

  /** Whether there is a query left for a key of the caller's. */
  canPay(key: string): boolean {
    const account = this.findByKey(key);
    this.refill(account);
    return account.tokens >= 1 || this.burst === Number.POSITIVE_INFINITY;
  }

  /** Takes a query from the account of a key of the caller's. */
  pay(key: string): void {
    this.take(this.findByKey(key));
  }

  /** Counts connections that a peer opened, or closed when `change` is negative. */
  countOpen(account: PeerAccount, change: number): void {
    account.open += change;
    this.note(account, 0, change);
  }

  /** What the siblings have not been told yet. */
  takeNews(): readonly PeerNews[] {
    const news: PeerNews[] = [];
    for (const account of this.changed) {
      const { key = "", spent, opened } = account;
      account.spent = account.opened = 0;
      if (spent !== 0 || opened !== 0) news.push([key, spent, opened]);
    }
    this.changed.clear();
    return news;
  }

  /**
   * Charges what peers take elsewhere.
   *
   * @param isWhole - Who is not among them has no connection there.
   */
  hear(peers: readonly PeerElsewhere[], isWhole: boolean): void {
    if (isWhole) for (const [, account] of this.accounts) account.openElsewhere = 0;
    for (const [key, spent, open] of peers) {
      const account = key === ALL ? this.common : this.findByKey(key);
      if (account === undefined) continue;
      this.refill(account);
      this.charge(account, spent);
      account.openElsewhere = open;
    }
  }

  private findByKey(key: string): PeerAccount {
    const known = this.accounts.get(key);
    if (known !== undefined) return known;
    const account = create(key, this.burst);
    this.accounts.set(key, account);
    return account;
  }

  private take(account: PeerAccount): boolean {
    this.refill(account);
    if (account.tokens < 1) return false;
    account.tokens--;
    this.note(account, 1, 0);
    return true;
  }

  private refill(account: PeerAccount): void {
    // Without a rate an account is full always; what is endless cannot be multiplied by no time at all.
    if (this.burst === Number.POSITIVE_INFINITY) return;
    const now = performance.now();
    account.tokens = Math.min(this.burst, account.tokens + (now - account.at) * this.perMs);
    account.at = now;
  }

  private charge(account: PeerAccount, queries: number): void {
    account.tokens = Math.max(-this.burst, account.tokens - queries);
  }

  private note(account: PeerAccount, spent: number, opened: number): void {
    if (this.announce === undefined || account.key === undefined) return;
    account.spent += spent;
    account.opened += opened;
    if (this.changed.size === 0) this.announce();
    this.changed.add(account);
  }
}

function create(key: string | undefined, tokens: number): PeerAccount {
  return { key, open: 0, openElsewhere: 0, tokens, at: performance.now(), spent: 0, opened: 0 };
}

/** The key of no peer. */
const ALL = "*";
const REMEMBERED = 16_384;
/** From how many queries at once on it does no harm that a peer may get twice as many. */
const MUCH = 1000;
