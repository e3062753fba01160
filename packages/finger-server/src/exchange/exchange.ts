import { FingerError, type FingerQuery, QueryDecoder, ReplyEncoder } from "finger-protocol";
import { type Peer, toLastingPeer } from "../provider.js";
import { isStream, type Reply } from "../server/answer.js";
import type { Ask } from "../server/ask.js";
import { type Audit, type Outcome, type QueryEvent, toLogText } from "../server/audit.js";
import type { ResolvedLimits } from "../server/limits.js";
import { Lookup } from "../server/lookup.js";
import type { PeerAccount } from "../server/peer-accounts.js";
import type { OtherProtocol, Texts } from "../server/texts.js";
import type { Conversation, Wire } from "./conversation.js";
import { encodeAnswer, encodeText } from "./encode-text.js";
import type { OpenExchanges } from "./open-exchanges.js";
import { recognizeLine, recognizeOpening } from "./preamble.js";

/** What all exchanges of a server share. */
export interface ExchangeRules {
  readonly limits: ResolvedLimits;
  readonly texts: Texts;
  readonly audit: Audit<QueryEvent>;
  readonly onError: (error: unknown) => void;
  readonly ask: Ask;
  readonly open: OpenExchanges;
}

/**
 * One connection, from its first byte to its close, whatever carries it. One query is read; its answer is written; our
 * side is ended; and what the peer says meanwhile is read and dropped until it closes too, for the kernel answers unread
 * bytes with a reset that eats the answer (RFC 1288 2.1, RFC 2525 2.17).
 *
 * The carrier calls `push`, `inputEnded` and `closed`.
 */
export class Exchange implements Conversation {
  readonly peer: Peer;
  account: PeerAccount | undefined;
  deadline: number;
  private readonly wire: Wire;
  private readonly rules: ExchangeRules;
  private readonly decoder: QueryDecoder;
  /** When it began, where somebody listens to what becomes of it. */
  private readonly began: number;
  private state: "asking" | "looking" | "answering" | "ending" | "closed" = "asking";
  private query: FingerQuery | undefined;
  private lookup: Lookup | undefined;
  private outcome: Outcome | undefined;
  private onGone: (() => void) | undefined;
  private onLate: ((error: FingerError) => void) | undefined;
  private hasHeard = false;
  /** The peer does not read as fast as we write. */
  private isBlocked = false;
  private sent = 0;
  private dropped = 0;

  constructor(wire: Wire, peer: Peer, rules: ExchangeRules) {
    this.wire = wire;
    this.rules = rules;
    this.began = rules.audit.isHeard() ? Date.now() : 0;
    // A socket that is closed does not know its peer any more, so who will tell of it asks now.
    this.peer = this.began === 0 ? peer : toLastingPeer(peer);
    this.decoder = new QueryDecoder({ maxBytes: rules.limits.queryBytes });
    this.deadline = rules.open.toDeadline(rules.limits.queryTime);
  }

  /** The peer sent bytes. */
  push(chunk: Uint8Array): void {
    if (this.state !== "asking") return void this.drop(chunk.length);
    try {
      this.read(chunk);
    } catch (error) {
      this.giveUp(error);
    }
  }

  /** The peer has sent all that it will. It may still read, so an answer under way goes on. */
  inputEnded(): void {
    if (this.state !== "asking") return;
    try {
      const query = this.decoder.end();
      if (query === undefined) this.end();
      else this.answer(query);
    } catch (error) {
      this.giveUp(error);
    }
  }

  /** The connection is closed, by whomever. */
  closed(): void {
    if (this.state === "closed") return;
    const { state } = this;
    this.state = "closed";
    if (state === "looking" || state === "answering") {
      this.outcome = "aborted";
      this.lookup?.leave();
      this.onGone?.();
    }
    this.rules.open.delete(this);
    if (this.began !== 0 && this.outcome !== undefined) this.tell(this.outcome);
  }

  expire(): void {
    const { limits } = this.rules;
    this.deadline = Number.POSITIVE_INFINITY;
    if (this.state === "looking") this.lookup?.expire(limits.lookupTime);
    else if (this.onLate !== undefined) this.onLate(toLate(limits.lookupTime));
    else this.close();
  }

  /** Turns the peer away before it asked anything, with a text or without a word. */
  turnAway(outcome: "limited" | "denied", text = ""): void {
    this.outcome = outcome;
    this.end(encodeText(text));
    this.wire.destroySoon?.();
  }

  makeRoom(): void {
    this.turnAway("limited", this.rules.texts.tooManyConnections);
  }

  hurry(): void {
    if (this.state === "asking") this.end();
  }

  cut(): void {
    // Half of an answer must not pass for the whole; who does not read can be told nothing.
    if (this.state === "answering" && !this.isBlocked) {
      this.outcome = "aborted";
      this.lookup?.leave();
      this.end(encodeText(`\n${this.rules.texts.closing}`));
      this.onGone?.();
      if (this.wire.destroySoon !== undefined) return void this.wire.destroySoon();
    }
    this.close();
  }

  /** Closes both sides. A connection that is closed already tells so no more, so that is not waited for. */
  private close(): void {
    this.wire.destroy();
    this.closed();
  }

  /** What throws in here is a text of the operator's, or a fault of ours: the peer is let go. */
  private giveUp(error: unknown): void {
    this.outcome = "failed";
    this.rules.onError(error);
    this.close();
  }

  private read(chunk: Uint8Array): void {
    const other = this.hasHeard ? undefined : recognizeOpening(chunk);
    this.hasHeard = true;
    const query = other === undefined ? this.decoder.push(chunk) : undefined;
    if (other !== undefined) this.refuse(other);
    else if (query !== undefined) this.answer(query);
  }

  private answer(query: FingerQuery): void {
    const other = query.kind === "user" ? recognizeLine(query.user) : undefined;
    if (other !== undefined) this.refuse(other);
    else this.lookUp(query);
  }

  private lookUp(query: FingerQuery): void {
    const { ask, limits, open } = this.rules;
    this.query = query;
    open.hasAsked(this);
    this.state = "looking";
    this.deadline = open.toDeadline(limits.lookupTime);
    this.lookup = new Lookup(query.kind !== "invalid" && query.verbose, this.peer);
    ask(query, this.lookup, (reply) => this.reply(reply));
  }

  private refuse(protocol: OtherProtocol): void {
    this.query = { kind: "invalid", reason: "control" };
    this.outcome = "invalid";
    this.end(encodeText(this.rules.texts.notFinger(protocol)));
  }

  private reply({ content, outcome }: Reply): void {
    if (this.state !== "looking") return;
    this.state = "answering";
    this.outcome = outcome;
    if (isStream(content)) return void this.sendStream(content).catch((error) => this.giveUp(error));
    try {
      this.sendText(content);
    } catch (error) {
      this.giveUp(error);
    }
  }

  private sendText(text: string): void {
    const bytes = encodeAnswer(text, this.rules);
    this.deadline = Number.POSITIVE_INFINITY;
    if (bytes.length <= SLICE) this.end(bytes);
    else this.sendLong(bytes).catch((error) => this.giveUp(error));
  }

  /** Sends an answer that is too long for one write. */
  private async sendLong(bytes: Uint8Array): Promise<void> {
    await this.send(bytes);
    if (this.state === "answering") this.end();
  }

  /** Sends a stream as it comes, and no faster than the peer reads. */
  private async sendStream(pieces: AsyncIterable<string>): Promise<void> {
    const encoder = new ReplyEncoder();
    const iterator = pieces[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.untilNext(iterator);
        if (next === undefined) return;
        if (next.done === true) break;
        await this.send(encoder.push(toPiece(next.value)));
      }
      this.end(encoder.end());
    } catch (error) {
      abandon(iterator);
      this.lookup?.leave();
      this.breakOff(error, encoder.end());
    }
  }

  /**
   * The next piece, or `undefined` when the peer goes first. It is not raced against a promise of the peer's leaving: a
   * stream of hours would hang all its pieces on that. The first has to come in the time of the lookup, which still runs.
   */
  private async untilNext(iterator: AsyncIterator<string>): Promise<IteratorResult<string> | undefined> {
    const next = await new Promise<IteratorResult<string> | undefined>((resolve, reject) => {
      this.onLate = reject;
      this.onGone = () => {
        resolve(undefined);
        abandon(iterator);
      };
      if (this.state === "closed") this.onGone();
      else Promise.resolve(iterator.next()).then(resolve, reject);
    });
    this.onLate = undefined;
    this.deadline = Number.POSITIVE_INFINITY;
    return next;
  }

  /** A stream that breaks is told of in the answer, for half of an answer must not pass for the whole. */
  private breakOff(error: unknown, lineEnd: Uint8Array): void {
    if (this.state !== "answering") return;
    this.outcome = "failed";
    this.onLate = undefined;
    this.rules.onError(error);
    this.sent += lineEnd.length;
    if (lineEnd.length > 0) this.wire.write(lineEnd);
    this.end(encodeText(this.rules.texts.internalError));
  }

  /** Resolves when the connection has room for more, or is closed. */
  private async send(bytes: Uint8Array): Promise<void> {
    for (let start = 0; start < bytes.length && this.state === "answering"; start += SLICE) {
      const slice = bytes.subarray(start, start + SLICE);
      this.sent += slice.length;
      if (!this.wire.write(slice)) await this.untilDrained();
    }
  }

  private async untilDrained(): Promise<void> {
    this.deadline = this.rules.open.toDeadline(this.rules.limits.idle);
    this.isBlocked = true;
    await new Promise<void>((resolve) => {
      this.onGone = resolve;
      this.wire.once("drain", resolve);
    });
    this.isBlocked = false;
    this.deadline = Number.POSITIVE_INFINITY;
  }

  /** Ends our side; the peer has a while to read the rest, and to close its own. */
  private end(bytes?: Uint8Array): void {
    if (this.state === "closed") return;
    if (this.state === "asking") this.rules.open.hasAsked(this);
    this.state = "ending";
    this.deadline = this.rules.open.toDeadline(this.rules.limits.idle);
    this.sent += bytes?.length ?? 0;
    if (bytes === undefined || bytes.length === 0) this.wire.end();
    else this.wire.end(bytes);
  }

  private drop(length: number): void {
    this.dropped += length;
    if (this.dropped > MOST_DROPPED) this.close();
  }

  private tell(outcome: Outcome): void {
    const { decoder, peer, query, began } = this;
    this.rules.audit.tell({
      at: new Date(began),
      peer,
      query: toLogText(decoder.raw),
      kind: query?.kind,
      outcome,
      bytes: this.sent,
      duration: Date.now() - began,
    });
  }
}

/** Whoever streams hears that nobody listens any more; what it then throws is of no use to anybody. */
function abandon(iterator: AsyncIterator<string>): void {
  Promise.resolve(iterator.return?.()).catch(() => {});
}

function toLate(ms: number): FingerError {
  return new FingerError("ERR_FINGER_TIMEOUT", `The stream did not begin within ${ms} ms; see the limit lookupTime.`);
}

function toPiece(piece: unknown): string {
  if (typeof piece === "string") return piece;
  throw new FingerError(
    "ERR_FINGER_PROVIDER",
    `The provider's stream gave a value of type ${typeof piece}, not a text.`,
  );
}

/** How much is written at once, so that a slow peer is seen to read: bytes. */
const SLICE = 64 * 1024;
/** How much more than its query is read of a peer, and dropped, in bytes. */
const MOST_DROPPED = 1024 * 1024;
