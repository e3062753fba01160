import { memoryProvider } from "finger-server";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMemoryNetwork, type MemoryNetwork } from "./connection/testing/memory-network.js";
import type { OpenTransport } from "./connection/transport.js";
import { createFingerBot } from "./create-finger-bot.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const SECOND = 1_000;

/**
 * A server of the strictest kind (RFC 1459 8.10): each line is counted for 2 s, and who is more than 10 s ahead is thrown out.
 * It PINGs, too. Gives how far ahead of its time the bot has been at most.
 */
function createStrictNetwork(): { readonly network: MemoryNetwork; readonly open: OpenTransport; most(): number } {
  const network = createMemoryNetwork();
  let timer = 0;
  let most = 0;
  return {
    most: () => most,
    network,
    async open(signal) {
      const transport = await network.open(signal);
      return {
        ...transport,
        write(line) {
          timer = Math.max(timer, performance.now()) + 2 * SECOND;
          most = Math.max(most, timer - performance.now());
          transport.write(line);
          if (most > 10 * SECOND) network.last.say("ERROR :Excess Flood");
        },
      };
    },
  };
}

it.each([
  [100, "all are answered"],
  [130, "those for whom there is no room are told to wait"],
])("leaves none of %i without a word who ask at once, and is no flood: %s", async (count) => {
  const askers = Array.from({ length: count }, (_, index) => index);
  const { network, open, most } = createStrictNetwork();
  const told: unknown[] = [];
  const bot = createFingerBot({
    provider: memoryProvider({ alice: "Happy and well" }),
    server: { host: "irc.example" },
    nick: "bot",
    open,
    onError: (error) => told.push(error),
  });
  await bot.start();
  await vi.advanceTimersByTimeAsync(0);
  network.last.say(":srv 001 bot :Welcome", ":srv 376 bot :End");
  await vi.advanceTimersByTimeAsync(MINUTE);
  network.last.say(...askers.map((asker) => `:nick${asker}!u@host${asker} PRIVMSG bot :alice`));
  for (let pings = 0; pings < 5; pings++) {
    network.last.say(`PING :${pings}`);
    await vi.advanceTimersByTimeAsync(MINUTE);
  }
  const heard = new Set(network.last.lines.flatMap((line) => /^(?:PRIVMSG|NOTICE) nick(\d+) /.exec(line)?.[1] ?? []));
  expect(told).toEqual([]);
  expect(network.connections).toHaveLength(1);
  expect(most()).toBeLessThanOrEqual(10 * SECOND);
  expect(heard.size).toBe(count);
  const answers = network.last.lines.filter((line) => line.endsWith(" :Status of alice: Happy and well"));
  expect(answers.length).toBeGreaterThanOrEqual(100);
  await bot.stop(AbortSignal.abort());
});

const MINUTE = 60 * SECOND;
