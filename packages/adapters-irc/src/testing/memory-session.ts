import type { IrcSession } from "../connection/session.js";
import { formatMessage } from "../irc/message.js";

/** A presence without a network, for tests. */
export interface MemorySession extends IrcSession {
  /** The lines that were sent. */
  readonly sent: string[];
  /** Of which urgency they were. */
  readonly urgencies: string[];
  /** How many lines can be sent before it is too much. @default any number */
  left: number;
  nick: string | undefined;
}

export function createMemorySession({ room = 400 }: { readonly room?: number } = {}): MemorySession {
  return {
    sent: [],
    urgencies: [],
    left: Number.POSITIVE_INFINITY,
    nick: "bot",
    start: async () => {},
    stop: async () => {},
    isSame: (one, other) => one.toLowerCase() === other.toLowerCase(),
    isIn: (channel) => channel.startsWith("#"),
    roomFor: () => room,
    send(urgency, command, ...params) {
      if (this.left < 1 || this.nick === undefined) return false;
      this.left--;
      this.sent.push(formatMessage(command, ...params));
      this.urgencies.push(urgency);
      return true;
    },
  };
}
