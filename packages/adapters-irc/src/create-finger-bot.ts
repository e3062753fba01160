import type { Service } from "finger-server";
import { createBot } from "./bot/create-bot.js";
import { resolveRules } from "./bot/rules.js";
import { createSession } from "./connection/create-session.js";
import type { FingerBotOptions } from "./options.js";
import { resolvePresence } from "./resolve-presence.js";

/**
 * Answers on IRC: a private message `alice`, or `!finger alice` in a channel, is answered `Status of alice: …`. It is there again
 * whenever it can be, so that `start` waits for no network; `stop` lets answers that are under way be given, and says QUIT.
 *
 * @throws `TypeError` or `RangeError` for an option that is wrong.
 *
 * @example
 * ```ts
 * const bot = createFingerBot({
 *   url: "ircs://finger@irc.example/#friends",
 *   provider: memoryProvider({ alice: "Happy and well" }),
 * });
 * ```
 */
export function createFingerBot(options: FingerBotOptions): Service {
  const rules = resolveRules(options);
  const bot = createBot(rules);
  const session = options.session?.(bot.hear) ?? createSession(resolvePresence(options, rules.onError), bot.hear);
  return {
    name: options.name ?? "irc",
    async start() {
      bot.begin(session);
      await session.start();
    },
    async stop(signal) {
      await bot.end(signal);
      await session.stop(signal);
    },
  };
}
