import type { Peer } from "../provider.js";
import type { ResolvedLimits } from "../server/limits.js";
import type { PeerAccount, PeerAccounts } from "../server/peer-accounts.js";
import { startTimer, type Timer } from "../timer.js";

/** What is asked of an exchange that is under way, or of a connection that is about to become one. */
export interface OpenExchange {
  readonly peer: Peer;
  /** What counts it among the connections of its peer, once those are counted. */
  account: PeerAccount | undefined;
  /** When the time of what it waits for is over, by {@link OpenExchanges.toDeadline}. */
  deadline: number;
  /** That time is over. */
  expire(): void;
  /** Leaves its place to another, before it asked anything. */
  makeRoom(): void;
  /** The server is closing: nobody needs to wait for a question any more. */
  hurry(): void;
  /** The server waits no longer. */
  cut(): void;
}

/** A wait for some exchanges to be over. */
interface Drain {
  readonly waiting: Set<OpenExchange>;
  readonly onEmpty: () => void;
}

/**
 * The exchanges that are under way: how many there are, and when their time is over. One timer looks after all of their
 * deadlines: two of its own for each of them would cost more than all else that is done for a short answer.
 */
export class OpenExchanges {
  private limits: ResolvedLimits;
  private readonly accounts: PeerAccounts;
  private readonly exchanges = new Set<OpenExchange>();
  /** Those of them that have asked nothing yet, the oldest first. */
  private readonly silent = new Set<OpenExchange>();
  /** Those that were turned away, or have made room, until their connections are closed. They count for nothing. */
  private readonly leaving = new Set<OpenExchange>();
  private readonly drains = new Set<Drain>();
  private step = LONGEST_STEP;
  private timer: ReturnType<typeof setInterval> | undefined;
  private now = 0;
  /** Whether the connections of each peer are counted. */
  private isCounting = false;
  /**
   * How many there are in all when that begins: nobody has too many while all together have not. Siblings have to know of
   * each of them.
   */
  private countFrom = 0;

  constructor(limits: ResolvedLimits, accounts: PeerAccounts) {
    this.limits = limits;
    this.accounts = accounts;
    this.setLimits(limits);
  }

  /** From now on other limits hold; deadlines that were given stay. */
  setLimits(limits: ResolvedLimits): void {
    const { queryTime, lookupTime, idle, perPeer } = limits;
    this.limits = limits;
    this.countFrom = this.accounts.isShared && perPeer !== Number.POSITIVE_INFINITY ? 0 : perPeer;
    this.step = Math.max(1, Math.min(LONGEST_STEP, Math.floor(Math.min(queryTime, lookupTime, idle) / 8)));
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.startClock();
  }

  /**
   * Counts an exchange in; `false`, and it is not counted, when it is one too many, in all or of its peer. When all places
   * are taken, who has been silent longest makes room: a query takes no time, and who holds its connection without one
   * keeps the others out, on purpose or not.
   *
   * @param before - What the exchange was until now: it takes its place, also for who waits for that to be over.
   */
  add(exchange: OpenExchange, before?: OpenExchange): boolean {
    const { connections, perPeer } = this.limits;
    if (before !== undefined) this.replace(before, exchange);
    if (!this.isCounting && this.exchanges.size >= this.countFrom) this.startCounting();
    const account = this.isCounting ? this.accounts.find(exchange.peer) : undefined;
    const isPeerFull = account !== undefined && account.open + account.openElsewhere >= perPeer;
    if (isPeerFull || (this.exchanges.size >= connections && !this.makeRoom())) {
      this.leaving.add(exchange);
      return false;
    }
    this.count(exchange, account);
    this.exchanges.add(exchange);
    this.silent.add(exchange);
    return true;
  }

  /** How many there are. */
  get size(): number {
    return this.exchanges.size;
  }

  /** The exchange has its query now. */
  hasAsked(exchange: OpenExchange): void {
    this.silent.delete(exchange);
  }

  /** The connection of the exchange is closed. */
  delete(exchange: OpenExchange): void {
    if (this.exchanges.has(exchange)) this.discount(exchange);
    else this.leaving.delete(exchange);
    for (const { waiting, onEmpty } of this.drains) if (waiting.delete(exchange) && waiting.size === 0) onEmpty();
  }

  /** The time by which `ms` milliseconds will be over: never less, and at most two steps more. */
  toDeadline(ms: number): number {
    if (this.timer === undefined) this.startClock();
    return this.now + this.step + ms;
  }

  /**
   * Resolves when all that are open now are over: who does not ask at once is sent away, and the others are cut after `ms`
   * milliseconds. Those that are opened meanwhile are not waited for.
   */
  async drain(ms: number): Promise<void> {
    const waiting = new Set([...this.exchanges, ...this.leaving]);
    if (waiting.size === 0) return;
    const timers = [startTimer(Math.min(ms, GRACE), hurryAll, waiting), startTimer(ms, cutAll, waiting)];
    await new Promise<void>((resolve) => {
      this.drains.add({ waiting, onEmpty: resolve });
    });
    this.endDrains(timers);
  }

  /** Resolves when all that have asked by now have been answered, or after `ms` milliseconds. */
  async settle(ms: number): Promise<void> {
    const waiting = new Set(this.exchanges);
    for (const silent of this.silent) waiting.delete(silent);
    if (waiting.size === 0) return;
    let timer: Timer | undefined;
    await new Promise<void>((resolve) => {
      this.drains.add({ waiting, onEmpty: resolve });
      timer = startTimer(ms, resolve, undefined);
    });
    waiting.clear();
    this.endDrains([timer]);
  }

  /** Forgets those of which nobody is left, and what was to end one. */
  private endDrains(timers: ReadonlyArray<Timer | undefined>): void {
    for (const timer of timers) clearTimeout(timer);
    for (const drain of this.drains) if (drain.waiting.size === 0) this.drains.delete(drain);
  }

  private replace(before: OpenExchange, exchange: OpenExchange): void {
    if (this.exchanges.has(before)) this.discount(before);
    for (const { waiting } of this.drains) if (waiting.delete(before)) waiting.add(exchange);
  }

  private makeRoom(): boolean {
    for (const oldest of this.silent) {
      this.discount(oldest);
      this.leaving.add(oldest);
      oldest.makeRoom();
      return true;
    }
    return false;
  }

  private startCounting(): void {
    this.isCounting = true;
    for (const exchange of this.exchanges) this.count(exchange, this.accounts.find(exchange.peer));
  }

  /** Puts an exchange on the account of its peer. */
  private count(exchange: OpenExchange, account: PeerAccount | undefined): void {
    if (account === undefined) return;
    this.accounts.countOpen(account, 1);
    exchange.account = account;
  }

  private discount(exchange: OpenExchange): void {
    this.exchanges.delete(exchange);
    this.silent.delete(exchange);
    if (exchange.account !== undefined) this.accounts.countOpen(exchange.account, -1);
    exchange.account = undefined;
    if (this.exchanges.size === 0) this.isCounting = false;
  }

  private startClock(): void {
    this.now = performance.now();
    this.timer = setInterval(() => this.sweep(), this.step);
    // The connections keep a process alive, not their deadlines. Timers of other runtimes have no unref.
    if (typeof this.timer === "object") this.timer.unref();
  }

  private sweep(): void {
    const late = performance.now() - this.now - this.step;
    this.now += this.step + late;
    for (const all of [this.exchanges, this.leaving]) {
      for (const exchange of all) {
        // While the process did something else nobody could keep a deadline.
        if (late > this.step) exchange.deadline += late;
        else if (exchange.deadline <= this.now) exchange.expire();
      }
    }
    if (this.exchanges.size + this.leaving.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

function hurryAll(exchanges: ReadonlySet<OpenExchange>): void {
  for (const exchange of [...exchanges]) exchange.hurry();
}

function cutAll(exchanges: ReadonlySet<OpenExchange>): void {
  for (const exchange of [...exchanges]) exchange.cut();
}

/** How long a query may still take that is on its way when the server closes, in milliseconds. */
const GRACE = 100;
/** How far behind a deadline may be, in milliseconds. */
const LONGEST_STEP = 250;
