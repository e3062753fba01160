import fc from "fast-check";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createMemoryNetwork } from "./connection/testing/memory-network.js";
import { createFingerBot } from "./create-finger-bot.js";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const VALID: readonly string[] = [
  "PING :a",
  `PING :${"é".repeat(600)}`,
  ":ada!a@host PRIVMSG bot :alice",
  ":ada!a@host PRIVMSG bot :-l \x02alice\x03",
  ":ada!a@other PRIVMSG #a :!finger bob",
  ":ada!a@third PRIVMSG bot :\x01PING 1 2\x01",
  ":ada!a@third PRIVMSG bot :\x01FINGER\x01",
  `:${"n".repeat(300)}!a@fourth PRIVMSG bot :${"x".repeat(900)}`,
  ":srv 005 bot NICKLEN=30 USERLEN=1 HOSTLEN=1 BOT=B :are supported",
  ":srv 396 bot a.very.long.host.example :is now your host",
  ":srv 376 bot :End",
  ":bot!u@h JOIN #a",
  ":op!o@h KICK #a bot :out",
  ":bot!u@h NICK other",
  ":other!u@h NICK bot",
  "CAP * LS :sasl chghost",
  "CAP * ACK :sasl",
  "AUTHENTICATE +",
  ":srv 904 * :failed",
  ":srv 433 * bot :in use",
];

it("says nothing but lines that fit, whatever bytes come between lines and whatever it is to tell", async () => {
  const chunk = fc.oneof(
    fc.constantFrom(...VALID).map((line) => Buffer.from(`${line}\r\n`)),
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: "binary", maxLength: 80 }).map((text) => Buffer.from(`:ada!a@h PRIVMSG bot :${text}\r\n`)),
  );
  const text = fc.oneof(fc.string({ unit: "binary", maxLength: 2_000 }), fc.constant("\r\nQUIT :\x01\0".repeat(200)));
  await fc.assert(fc.asyncProperty(fc.array(chunk, { maxLength: 30 }), text, fc.nat(50), checkThatItSurvives), {
    numRuns: 100,
  });
});

async function checkThatItSurvives(chunks: readonly Uint8Array[], status: string, size: number): Promise<void> {
  const network = createMemoryNetwork();
  const bot = createFingerBot({
    provider: () => status,
    server: { host: "irc.example", password: "hush" },
    nick: "bot",
    account: { password: "hush" },
    channels: ["#a key", "#b"],
    open: network.open,
    onError() {},
  });
  await bot.start();
  await vi.advanceTimersByTimeAsync(0);
  network.last.say(":srv 001 bot :Welcome");
  const bytes = Buffer.concat([...chunks]);
  for (let at = 0; at < bytes.length; at += size + 1) network.last.sayBytes(bytes.subarray(at, at + size + 1));
  await vi.advanceTimersByTimeAsync(MINUTE);
  // It may be called otherwise by now, or have been told ERROR.
  network.last.say("", ":srv 001 bot :Welcome", "PING :the-last");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(network.last.lines).toContain("PONG the-last");
  await bot.stop(AbortSignal.abort());
  for (const line of network.connections.flatMap(({ lines }) => lines)) {
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(510);
    expect(line).toMatch(/^[A-Z]+( [^\r\n\0\x01]*(\x01[^\r\n\0\x01]+\x01)?)?$/);
  }
  expect(vi.getTimerCount()).toBe(0);
}

const MINUTE = 60_000;
