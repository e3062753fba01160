import type { IrcMessage } from "../irc/message.js";

/** The presence of a bot on a network: it is there again whenever it can be. */
export interface IrcSession {
  /** Begins to be there: resolves at once, for a network that is away must not keep a server from starting. */
  start(): Promise<void>;
  /** Has the answers that wait go out, for some seconds at most, says QUIT, and resolves when the connection is closed. */
  stop(signal?: AbortSignal): Promise<void>;
  /** What it is called now; `undefined` while it is not there. */
  readonly nick: string | undefined;
  /** Whether two names are the same to the server (ISUPPORT CASEMAPPING). */
  isSame(one: string, other: string): boolean;
  /** Whether it is in a channel of that name, as it was told to be. */
  isIn(channel: string): boolean;
  /** How many bytes of UTF-8 a text to `target` may have, so that the line that others get fits into 512 with what the server puts before it. */
  roomFor(command: "PRIVMSG" | "NOTICE", target: string): number;
  /**
   * Sends a line, as soon as that is no flood.
   *
   * @param urgency - What the bot has to know itself goes before answers, and those before news.
   * @returns `false` when too much waits already, or it is not there: nothing is sent.
   * @throws `TypeError` as `formatMessage` does.
   */
  send(urgency: "own" | "answer" | "news", command: string, ...params: readonly string[]): boolean;
}

/** Hears each message that is no affair of the connection's own, while it is there. */
export type HearMessage = (message: IrcMessage, session: IrcSession) => void;
