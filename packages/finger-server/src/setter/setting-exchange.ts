import type { Conversation, Wire } from "../exchange/conversation.js";
import { encodeText } from "../exchange/encode-text.js";
import type { OpenExchanges } from "../exchange/open-exchanges.js";
import { NOBODY, type Peer, toLastingPeer } from "../provider.js";
import { type Audit, toLogText } from "../server/audit.js";
import type { PeerAccount } from "../server/peer-accounts.js";
import { isLocal } from "./policy.js";
import type { Deeds, SetEvent, SetOutcome, Verdict } from "./set.js";
import { measure, parseSetRequest, type SetRequest } from "./set-request.js";
import type { ResolvedSetterLimits } from "./setter-limits.js";

/** What all conversations of a setter share. */
export interface SettingRules {
  readonly limits: ResolvedSetterLimits;
  readonly audit: Audit<SetEvent>;
  readonly open: OpenExchanges;
  readonly set: Deeds["set"];
}

/**
 * One connection to a setter: lines are read until the peer ends its side, the status is stored, and a line tells so. What
 * breaks off before that end sets nothing.
 */
export class SettingExchange implements Conversation {
  /** Who is counted. */
  readonly peer: Peer;
  account: PeerAccount | undefined;
  deadline: number;
  private readonly wire: Wire;
  private readonly rules: SettingRules;
  private readonly from: Peer;
  private readonly at = new Date();
  private state: "reading" | "storing" | "ending" | "closed" = "reading";
  private chunks: Uint8Array[] = [];
  private length = 0;
  private dropped = 0;
  private request: SetRequest | undefined;
  private outcome: SetOutcome | undefined;

  constructor(wire: Wire, peer: Peer, rules: SettingRules) {
    this.wire = wire;
    this.rules = rules;
    this.from = toLastingPeer(peer);
    this.peer = isLocal(this.from) ? NOBODY : this.from;
    this.deadline = rules.open.toDeadline(rules.limits.time);
  }

  push(chunk: Uint8Array): void {
    if (this.state !== "reading") return void this.drop(chunk.length);
    this.length += chunk.length;
    const { statusBytes } = this.rules.limits;
    if (this.length > statusBytes + LONGEST_FIRST_LINE)
      return void this.refuse(`it is longer than ${statusBytes} bytes`);
    // A copy: the chunk is the carrier's.
    this.chunks.push(new Uint8Array(chunk));
  }

  inputEnded(): void {
    if (this.state !== "reading") return;
    if (this.length === 0) return void this.end("");
    const request = parseSetRequest(join(this.chunks, this.length));
    this.chunks = [];
    if ("mistake" in request) return void this.refuse(request.mistake);
    this.request = request;
    this.store(request);
  }

  closed(): void {
    if (this.state === "closed") return;
    if (this.state === "reading" && this.length > 0) this.outcome = "aborted";
    const isStoring = this.state === "storing";
    this.state = "closed";
    this.rules.open.delete(this);
    // What becomes of a status that is being stored is told when it is known.
    if (!isStoring) this.tell();
  }

  expire(): void {
    this.deadline = Number.POSITIVE_INFINITY;
    if (this.state === "reading") this.refuse(`it did not arrive within ${this.rules.limits.time / 1000} seconds`);
    else this.close();
  }

  turnAway(outcome: "limited" | "denied"): void {
    this.outcome = outcome;
    this.end(outcome === "denied" ? "" : "Refused: too many connections; please try again later.");
    this.wire.destroySoon?.();
  }

  makeRoom(): void {
    this.turnAway("limited");
  }

  hurry(): void {
    if (this.state !== "reading") return;
    this.outcome = "aborted";
    this.end("Not stored: the setter is closing.");
  }

  cut(): void {
    this.close();
  }

  private close(): void {
    this.wire.destroy();
    this.closed();
  }

  private refuse(mistake: string): void {
    this.chunks = [];
    this.outcome = "invalid";
    this.end(`Refused: ${mistake}.`);
  }

  /** What is waited for is bounded by the limit storeTime, so there is no deadline here. */
  private store(request: SetRequest): void {
    this.state = "storing";
    this.deadline = Number.POSITIVE_INFINITY;
    this.rules.open.hasAsked(this);
    void this.rules.set(request, this.from).then((verdict) => this.stored(verdict));
  }

  private stored({ outcome, answer }: Verdict<unknown>): void {
    this.outcome = outcome;
    if (this.state === "closed") this.tell();
    else this.end(answer);
  }

  /** Ends our side; the peer has a while to read the line, and to close its own. */
  private end(answer: string): void {
    if (this.state === "closed" || this.state === "ending") return;
    if (this.state === "reading") this.rules.open.hasAsked(this);
    this.state = "ending";
    this.deadline = this.rules.open.toDeadline(this.rules.limits.idle);
    if (answer === "") this.wire.end();
    else this.wire.end(encodeText(answer));
  }

  private drop(length: number): void {
    this.dropped += length;
    if (this.dropped > MOST_DROPPED) this.close();
  }

  private tell(): void {
    const { outcome, rules, at, from, request } = this;
    if (outcome === undefined || !rules.audit.isHeard()) return;
    rules.audit.tell({
      at,
      peer: from,
      login: toLogText(request?.login ?? ""),
      outcome,
      bytes: request === undefined ? 0 : measure(request.text),
      duration: Date.now() - at.getTime(),
    });
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** A login, a token, and blanks. */
const LONGEST_FIRST_LINE = 1024;
/** How much more than a status is read of a peer, and dropped, in bytes. */
const MOST_DROPPED = 1024 * 1024;
