import { decodeReply } from "finger-protocol";
import type { Caller, Connection, Dial } from "./connection/dial.js";
import { join } from "./connection/join.js";

/**
 * A way to dial that asks again, with `plain`, when the reply shows that the server may not know the switch `/W`. When
 * nothing comes then, the first reply stands.
 */
export function askingAgain(dial: Dial, plain: string): Dial {
  return (text, place, rules, caller) =>
    new TwoQueries(text, plain, (line, heard) => dial(line, place, rules, heard), caller);
}

type Ask = (line: string, caller: Caller) => Connection;

/** A connection on which a reply is held back as long as it could be a refusal, and then another is asked for. */
class TwoQueries implements Connection {
  private readonly plain: string;
  private readonly ask: Ask;
  private readonly caller: Caller;
  private connection: Connection;
  /** What has come of the reply under way, until it is clear that it stands. */
  private held: Uint8Array | undefined = NOTHING;
  /** The reply to the first query, when there is a second. */
  private first: Uint8Array | undefined;
  private isGone = false;

  constructor(text: string, plain: string, ask: Ask, caller: Caller) {
    this.plain = plain;
    this.ask = ask;
    this.caller = caller;
    this.connection = ask(text, {
      connected: (address) => caller.connected(address),
      received: (bytes) => this.received(bytes),
      ended: (error) => this.firstEnded(error),
    });
  }

  private received(bytes: Uint8Array): void {
    if (this.held === undefined) {
      this.caller.received(bytes);
      return;
    }
    this.held = join([this.held, bytes]);
    if (couldRefuse(this.held)) this.caller.received(NOTHING);
    else this.letGo();
  }

  private firstEnded(error: unknown): void {
    // A socket that we close ends as one does that the server closes, and one that has ended may still fail.
    if (this.isGone || this.first !== undefined) return;
    if (error !== undefined || this.held === undefined || !isSwitchUnknown(this.held)) {
      this.letGo();
      this.caller.ended(error);
      return;
    }
    this.first = this.held;
    this.held = NOTHING;
    this.connection.destroy();
    this.caller.received(NOTHING);
    this.connection = this.ask(this.plain, {
      connected: () => {},
      received: (bytes) => this.received(bytes),
      ended: (failure) => this.secondEnded(failure),
    });
  }

  /** A second refusal says that the name was the reason, and not the switch: then the first reply may have said more. */
  private secondEnded(error: unknown): void {
    if (this.isGone) return;
    const { held, first = NOTHING } = this;
    const isInVain = held !== undefined && (held.length === 0 || (!speaksOfSwitch(first) && isSwitchUnknown(held)));
    if (isInVain) this.held = first;
    this.letGo();
    this.caller.ended(isInVain ? undefined : error);
  }

  private letGo(): void {
    const { held } = this;
    this.held = undefined;
    if (held !== undefined && held.length > 0) this.caller.received(held);
  }

  release(): void {
    if (this.held?.length === 0) this.held = this.first;
    this.letGo();
  }

  pause(): void {
    this.connection.pause();
  }

  resume(): void {
    this.connection.resume();
  }

  end(): void {
    this.connection.end();
  }

  destroy(): void {
    this.isGone = true;
    this.connection.destroy();
  }
}

/** Tells whether what has come of a reply could be the start of one that {@link isSwitchUnknown}. */
function couldRefuse(bytes: Uint8Array): boolean {
  const text = decodeReply(bytes);
  const lines = text.trimStart().split(/\n+/);
  return bytes.length <= LONGEST_REFUSAL && !RECORD.test(text) && (lines.length <= FIRST_LINES || refuses(text));
}

/**
 * Tells whether a reply to a query with `/W` shows that the server may have taken the switch for a part of the name: it is
 * short, and empty, or begins by saying that somebody is not known.
 */
export function isSwitchUnknown(bytes: Uint8Array): boolean {
  if (bytes.length > LONGEST_REFUSAL) return false;
  const text = decodeReply(bytes);
  return text.trim() === "" || (refuses(text) && !RECORD.test(text));
}

function refuses(text: string): boolean {
  return REFUSAL.test(text.trimStart().split(/\n+/, FIRST_LINES).join("\n"));
}

function speaksOfSwitch(bytes: Uint8Array): boolean {
  return /\/w\b/i.test(decodeReply(bytes));
}

const REFUSAL =
  /\b(?:no (?:such|user|match|info|entry|one|account)|not? (?:\w+ )?(?:found|known|exist|a user|valid)|unknown|invalid|illegal|bad (?:query|request|user)|non[- ]?exist\w+|doesn'?t exist|(?:cannot|can't|couldn't|could not) find|nobody|usage)\b|\?\?\?/i;

/** A user that is known, and not by the name of `/W`. */
const RECORD = /^login(?: name)?: *(?!\/w)\S.*\b(?:name|in real life): *(?!\?\?\?)/im;

const NOTHING = new Uint8Array(0);
/** The longest reply that could be a refusal, in bytes. */
const LONGEST_REFUSAL = 512;
/** A refusal is found in these. */
const FIRST_LINES = 3;
