import type { Peer } from "../provider.js";
import type { ResolvedLimits } from "../server/limits.js";
import type { PeerAccount, PeerAccounts } from "../server/peer-accounts.js";

/** What is asked of an exchange that is under way. */
export interface OpenExchange {
  readonly peer: Peer;
  /** What counts it among the connections of its peer, once those are counted. */
  account: PeerAccount | undefined;
  /** When the time of what it waits for is over, by {@link OpenExchanges.toDeadline}. */
  readonly deadline: number;
  /** That time is over. */
  expire(): void;
  /** Leaves its place to another, before it asked anything. */
  makeRoom(): void;
  /** The server is closing: nobody needs to wait for a question any more. */
  hurry(): void;
  /** The server waits no longer. */
  cut(): void;
}

/**
 * The exchanges that are under way: how many there are, and when their time is over. One timer looks after all of their
 * deadlines: two of its own for each of them would cost more than all else that is done for a short answer.
 */
export class OpenExchanges {
  private readonly limits: ResolvedLimits;
  private readonly accounts: PeerAccounts;
  private readonly exchanges = new Set<OpenExchange>();
  /** Those of them that have asked nothing yet, the oldest first. */
  private readonly silent = new Set<OpenExchange>();
  private readonly step: number;
  private timer: ReturnType<typeof setInterval> | undefined;
  private now = 0;
  /** Whether the connections of each peer are counted: nobody has too many while all together have not. */
  private isCounting = false;
  private onEmpty: (() => void) | undefined;

  constructor(limits: ResolvedLimits, accounts: PeerAccounts) {
    const { queryTime, lookupTime, idle } = limits;
    this.limits = limits;
    this.accounts = accounts;
    this.step = Math.max(1, Math.min(LONGEST_STEP, Math.floor(Math.min(queryTime, lookupTime, idle) / 8)));
  }

  /**
   * Counts an exchange in; `false`, and it is not counted, when it is one too many, in all or of its peer. When all places
   * are taken, who has been silent longest makes room: a query takes no time, and who holds its connection without one
   * keeps the others out, on purpose or not.
   */
  add(exchange: OpenExchange): boolean {
    const { connections, perPeer } = this.limits;
    if (this.exchanges.size >= connections && !this.makeRoom()) return false;
    if (!this.isCounting && this.exchanges.size >= perPeer) this.startCounting();
    if (this.isCounting && !this.count(exchange)) return false;
    this.exchanges.add(exchange);
    this.silent.add(exchange);
    return true;
  }

  /** The exchange has its query now. */
  hasAsked(exchange: OpenExchange): void {
    this.silent.delete(exchange);
  }

  delete(exchange: OpenExchange): void {
    if (!this.exchanges.delete(exchange)) return;
    this.silent.delete(exchange);
    if (exchange.account !== undefined) exchange.account.open--;
    if (this.exchanges.size > 0) return;
    this.isCounting = false;
    this.onEmpty?.();
  }

  private makeRoom(): boolean {
    for (const oldest of this.silent) {
      this.delete(oldest);
      oldest.makeRoom();
      return true;
    }
    return false;
  }

  private startCounting(): void {
    this.isCounting = true;
    for (const exchange of this.exchanges) this.count(exchange);
  }

  /** Puts an exchange on the account of its peer, unless that has as many as it may. */
  private count(exchange: OpenExchange): boolean {
    const account = this.accounts.find(exchange.peer);
    if (account === undefined) return true;
    if (account.open >= this.limits.perPeer) return false;
    account.open++;
    exchange.account = account;
    return true;
  }

  /** The time by which `ms` milliseconds will be over: never less, and at most two steps more. */
  toDeadline(ms: number): number {
    if (this.timer === undefined) this.startClock();
    return this.now + this.step + ms;
  }

  /** Resolves when all are over: who has not asked is sent away now, and the others are cut after `ms` milliseconds. */
  async drain(ms: number): Promise<void> {
    for (const exchange of this.exchanges) exchange.hurry();
    if (this.exchanges.size === 0) return;
    const timer = setTimeout(() => {
      for (const exchange of this.exchanges) exchange.cut();
    }, ms);
    await new Promise<void>((resolve) => {
      this.onEmpty = resolve;
    });
    clearTimeout(timer);
  }

  private startClock(): void {
    this.now = performance.now();
    this.timer = setInterval(() => this.sweep(), this.step);
    // The connections keep a process alive, not their deadlines. Timers of other runtimes have no unref.
    if (typeof this.timer === "object") this.timer.unref();
  }

  private sweep(): void {
    this.now = performance.now();
    for (const exchange of this.exchanges) if (exchange.deadline <= this.now) exchange.expire();
    if (this.exchanges.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

/** How far behind a deadline may be, in milliseconds. */
const LONGEST_STEP = 250;
