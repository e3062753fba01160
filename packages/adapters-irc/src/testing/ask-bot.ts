import { createBot } from "../bot/create-bot.js";
import { resolveRules } from "../bot/rules.js";
import { parseMessage } from "../irc/message.js";
import type { FingerBotOptions } from "../options.js";
import { createMemorySession, type MemorySession } from "./memory-session.js";

/** A bot on a network that is not there, and what it is told. */
export interface AskedBot {
  readonly session: MemorySession;
  /** Hears a line, as it comes from a server. */
  hear(line: string): void;
  /** What was said until all that was begun is done, or the signal was aborted; then the bot hears nothing any more. */
  end(signal?: AbortSignal): Promise<readonly string[]>;
  begin(): void;
}

export function createAskedBot(options: FingerBotOptions, session: MemorySession = createMemorySession()): AskedBot {
  const bot = createBot(resolveRules(options));
  return {
    session,
    hear(line) {
      const message = parseMessage(line);
      if (message !== undefined) bot.hear(message, session);
    },
    begin: () => bot.begin(session),
    async end(signal) {
      await bot.end(signal);
      return session.sent;
    },
  };
}
