import type { FingerError } from "finger-protocol";
import { LONGEST_TIME, now } from "./clock.js";
import { aborted, brokenOff, late, toFingerError, tooSlow } from "./connection-error.js";
import type { Caller, Connection, Dial, DialRules, Place, RemoteAddress } from "./dial.js";
import { join } from "./join.js";
import { onAbort } from "./on-abort.js";

/** How long to wait, and how much to read. Times are in milliseconds. */
export interface LookupRules extends DialRules {
  /** Longest wait for the next bytes. */
  readonly timeout: number;
  /** Longest time for all of it; `Infinity` for no bound. */
  readonly totalTime: number;
  /** Longest reply, in bytes; there it ends. */
  readonly maxBytes: number;
  /** Ends the lookup when it is aborted. */
  readonly signal: AbortSignal | undefined;
}

/** What took how long, in milliseconds since the lookup began. */
export interface Timing {
  /** Until the connection was made. */
  readonly connect: number | undefined;
  /** Until the first byte of the reply came. */
  readonly firstByte: number | undefined;
  /** Until the reply was over. */
  readonly total: number;
}

/** A reply as it came. */
export interface RawReply {
  readonly bytes: Uint8Array;
  readonly truncated: boolean;
  readonly error: FingerError | undefined;
  readonly address: RemoteAddress | undefined;
  readonly timing: Timing;
}

/**
 * A query on its way, and its reply until the server closes (RFC 1288 2.1). It is read as a whole with {@link whole}, as it
 * comes with {@link follow}, or with {@link read}, and then no faster than that: a slow reader is not a slow server.
 */
export class Lookup implements Caller {
  /** The address that answered, where it is known. */
  address: RemoteAddress | undefined;
  /** The reply was longer than `maxBytes`, and is cut off there. */
  isCut = false;
  private readonly place: Place;
  private readonly rules: LookupRules;
  private readonly connection: Connection | undefined;
  private readonly startedAt = now();
  private connectedAt: number | undefined;
  private firstByteAt: number | undefined;
  private endedAt: number | undefined;
  /** When waiting began, or the last bytes came. */
  private quietSince = this.startedAt;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pieces: Uint8Array[] = [];
  private length = 0;
  private lastByte: number | undefined;
  private outcome: { readonly error: FingerError | undefined } | undefined;
  private isPulled = false;
  private take: ((bytes: Uint8Array) => void) | undefined;
  private wake: (() => void) | undefined;
  private stopListening: (() => void) | undefined;

  constructor(text: string, place: Place, rules: LookupRules, dial: Dial) {
    this.place = place;
    this.rules = rules;
    if (rules.signal?.aborted) {
      this.settle(aborted(rules.signal));
      return;
    }
    this.connection = dial(text, place, rules, this);
    this.stopListening = rules.signal && onAbort(rules.signal, this.abort);
    if (rules.signal?.aborted) this.abort();
    this.watch();
  }

  /** The whole reply. @throws `FingerError` when it failed before its first byte, or was aborted */
  whole(): Promise<RawReply> {
    return new Promise((resolve, reject) => {
      this.wake = () => {
        const error = this.outcome?.error;
        if (error !== undefined && (this.length === 0 || error.code === "ERR_FINGER_ABORTED")) reject(error);
        else resolve(this.toReply(error));
      };
      if (this.outcome !== undefined) this.notify();
    });
  }

  /** Gives each piece to `take` as it comes. Resolves at the end. @throws `FingerError`, and what `take` throws */
  follow(take: (bytes: Uint8Array) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.take = (bytes) => {
        try {
          take(bytes);
        } catch (error) {
          reject(error);
          this.close();
        }
      };
      this.wake = () => {
        const error = this.outcome?.error;
        if (error === undefined) resolve();
        else reject(error);
      };
      if (this.outcome !== undefined) this.notify();
    });
  }

  /** The next bytes, or `undefined` at the end. One call at a time. */
  async read(): Promise<Uint8Array | undefined> {
    this.isPulled = true;
    while (this.pieces.length === 0 && this.outcome === undefined) {
      this.quietSince = now();
      this.connection?.resume();
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const piece = this.pieces.shift();
    if (piece === undefined && this.outcome?.error !== undefined) throw this.outcome.error;
    return piece;
  }

  /** Closes the connection at once; for a read under way that is the end. */
  close(): void {
    this.pieces = [];
    this.settle(undefined);
  }

  get timing(): Timing {
    const { startedAt, connectedAt, firstByteAt, endedAt = now() } = this;
    return {
      connect: connectedAt === undefined ? undefined : connectedAt - startedAt,
      firstByte: firstByteAt === undefined ? undefined : firstByteAt - startedAt,
      total: endedAt - startedAt,
    };
  }

  connected(address: RemoteAddress | undefined): void {
    this.address = address;
    this.connectedAt = now();
    this.quietSince = this.connectedAt;
    // Its own patience begins.
    if (this.rules.timeout < this.rules.connectTimeout) this.watch();
  }

  received(bytes: Uint8Array): void {
    if (this.outcome !== undefined) return;
    this.quietSince = now();
    if (bytes.length === 0) return;
    this.firstByteAt ??= this.quietSince;
    const left = this.rules.maxBytes - this.length;
    this.isCut = bytes.length > left;
    const piece = this.isCut ? bytes.subarray(0, left) : bytes;
    if (this.take === undefined) this.pieces.push(piece);
    else this.take(piece);
    this.length += this.isCut ? left : bytes.length;
    this.lastByte = bytes[bytes.length - 1];
    if (this.isCut) this.settle(undefined);
    if (!this.isPulled) return;
    this.connection?.pause();
    this.notify();
  }

  /** What has come is the reply, even if the server then resets the connection, as some do behind the last byte. */
  ended(error?: unknown): void {
    if (error === undefined || this.lastByte === LF) this.settle(undefined);
    else this.settle(this.lastByte === undefined ? toFingerError(error, this.place) : brokenOff(error, this.place));
  }

  private readonly abort = (): void => {
    this.pieces = [];
    this.settle(aborted(this.rules.signal));
  };

  /** Looks again when patience could be at its end; it is not set anew for every piece, which would cost more. */
  private readonly watch = (): void => {
    clearTimeout(this.timer);
    if (this.outcome !== undefined) return;
    const at = now();
    const { connectTimeout, timeout, totalTime } = this.rules;
    const isConnected = this.connectedAt !== undefined;
    const patience = isConnected ? timeout : connectTimeout;
    const quietLeft = this.isPulled && this.wake === undefined ? patience : this.quietSince + patience - at;
    const left = Math.min(quietLeft, this.startedAt + totalTime - at);
    if (left > 0) this.timer = setTimeout(this.watch, Math.min(left, LONGEST_TIME));
    else this.giveUp(quietLeft > 0 ? tooSlow(this.place, totalTime) : late(this.place, patience, isConnected));
  };

  private giveUp(error: FingerError): void {
    this.connection?.release?.();
    this.settle(error);
  }

  private toReply(error: FingerError | undefined): RawReply {
    const { pieces, isCut, address, timing } = this;
    const [only] = pieces;
    const bytes = only !== undefined && pieces.length === 1 ? only : join(pieces);
    return { bytes, truncated: isCut || error !== undefined, error, address, timing };
  }

  /** The first outcome counts. */
  private settle(error: FingerError | undefined): void {
    if (this.outcome !== undefined) return;
    this.outcome = { error };
    this.endedAt = now();
    clearTimeout(this.timer);
    this.stopListening?.();
    this.connection?.destroy();
    this.notify();
  }

  private notify(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
}

const LF = 0x0a;
