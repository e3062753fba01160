import type { OpenExchange } from "./open-exchanges.js";

/** What a conversation asks of its connection. A socket of Node is one as it is. */
export interface Wire {
  /** Sends bytes; `false` when it holds more than it likes. */
  write(bytes: Uint8Array): boolean;
  /** Calls the listener when it likes to hold more again. */
  once(event: "drain", listener: () => void): unknown;
  /** Sends the last bytes, and the end of our side. */
  end(bytes?: Uint8Array): unknown;
  /** Closes both sides at once; `closed` is called. */
  destroy(): unknown;
  /** Closes both sides when what was written is sent. Without it, the peer is waited for. */
  destroySoon?(): unknown;
}

/** What is said over one connection; whoever carries it calls `push`, `inputEnded` and `closed`. */
export interface Conversation extends OpenExchange {
  /** The peer sent bytes. */
  push(chunk: Uint8Array): void;
  /** The peer has sent all that it will. */
  inputEnded(): void;
  /** The connection is closed, by whomever. */
  closed(): void;
  /** Turns the peer away before it said anything. */
  turnAway(outcome: "limited" | "denied"): void;
}
