import { createFingerBot, type FingerBotOptions } from "finger-adapters-irc";
import { memoryProvider } from "finger-server";
import type { TestContext } from "vitest";

/** A bot on a network, until the test is over. */
export interface MetBot {
  /** What went wrong, in words. */
  readonly errors: readonly string[];
  /** Resolves when it has been welcomed so many times. */
  isThere(times?: number): Promise<void>;
}

/** Who there is to ask for, where the test has nobody. */
const provider = memoryProvider({ alice: "Happy and well" });

/** Sends a bot to a network. */
export async function startBot(
  context: TestContext,
  options: Omit<FingerBotOptions, "provider"> & Partial<FingerBotOptions>,
): Promise<MetBot> {
  const errors: string[] = [];
  let welcomes = 0;
  const ignore = () => {};
  const bot = createFingerBot({
    provider,
    ...options,
    // It tells nothing but where it is.
    logger: { debug: ignore, info: () => void welcomes++, warn: ignore, error: ignore },
    onError: (error) => void errors.push(String(error)),
  });
  // What is under way at the end of a test nobody waits for.
  context.onTestFinished(() => bot.stop(AbortSignal.timeout(500)));
  await bot.start();
  return {
    errors,
    isThere: (times = 1) => context.expect.poll(() => welcomes, { timeout: 20_000 }).toBeGreaterThanOrEqual(times),
  };
}
