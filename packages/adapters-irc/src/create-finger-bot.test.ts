import { memoryProvider } from "finger-server";
import { expect, it, vi } from "vitest";
import type { HearMessage } from "./connection/session.js";
import type { Transport } from "./connection/transport.js";
import { createFingerBot } from "./create-finger-bot.js";
import { parseMessage } from "./irc/message.js";
import type { FingerBotOptions } from "./options.js";
import { createMemorySession } from "./testing/memory-session.js";

const provider = memoryProvider({ alice: "Happy and well" });
const url = "ircs://fingerbot@irc.example/#friends";
const setter = { set: async () => ({ text: "", at: new Date(), rev: "1" }) };
const watched = { ...provider, async *watch() {} };

const WRONG: ReadonlyArray<[options: object, message: string, why: string]> = [
  [{ url }, "The option provider must be a function, or have a function lookup, but is undefined.", "it is required"],
  [{ provider }, "Give the option url, or server.host: where the bot is to be.", "it is to be somewhere"],
  [
    { provider, url, forward: 1 },
    "The option forward must be a function, or have a function lookup, but is 1.",
    "no provider",
  ],
  [{ provider, url, list: "no" }, 'The option list must be a boolean, but is "no".', "a text is true"],
  [{ provider, url, host: 1 }, "The option host must be a string, but is 1.", "no name"],
  [{ provider, url, onError: 1 }, "The option onError must be a function, but is 1.", "nobody would hear"],
  [{ provider, url, nick: "a b" }, 'The option nick must be a nick, but is "a b".', "no nick has blanks"],
  [{ provider, server: { host: "" } }, 'The option server.host must be the name of a host, but is "".', "no host"],
  [
    { provider, server: { host: "h", port: 0 } },
    "The option server.port must be a port from 1 to 65535, but is 0.",
    "no port",
  ],
  [
    { provider, url, limits: { lines: 0 } },
    "The limit lines must be a positive whole number, or false for none, but is 0.",
    "no limit",
  ],
  [
    { provider, url, limits: { line: 1 } },
    "There is no limit line; the limits are lines, perAsker, perChannel, lookupTime, waiting.",
    "misspelt",
  ],
  [
    { provider, url, channels: ["#a secret key"] },
    'The option channels must have names of channels, such as "#friends", or with a key "#friends secret", but has "#a".',
    "a key is one word, and is not told",
  ],
  [
    { provider, url, identity: { realName: "a\nQUIT" } },
    'The option identity.realName must be a line of text, but is "a\\nQUIT".',
    "it would be two lines",
  ],
  [
    { provider, url, announce: { channels: ["#a"] } },
    "The option announce needs a provider that tells of changes, with watch, and this one does not.",
    "there would be no news",
  ],
  [
    { provider: watched, url, announce: { channels: "#a" } },
    'The option announce.channels must be a list of texts, but is "#a".',
    "no list",
  ],
  [
    { provider: watched, url, announce: { channels: ["a"] } },
    'The option announce.channels must have names of channels, such as "#friends", or with a key "#friends secret", but has "a".',
    "no channel",
  ],
  [
    { provider, url, setting: { setter: {} } },
    "The option setting.setter.set must be a function, but is undefined.",
    "nobody could set",
  ],
  [
    { provider, url, setting: { setter } },
    "The option setting.toLogin must be a function, but is undefined.",
    "nobody would be let in",
  ],
];

it.each(WRONG)("refuses %o with %j: %s", (options, message) => {
  expect(() => createFingerBot(options as FingerBotOptions)).toThrow(message);
});

it("is a service with a name", () => {
  expect(createFingerBot({ provider, url }).name).toBe("irc");
  expect(createFingerBot({ provider, url, name: "friends" }).name).toBe("friends");
});

it("is on the network between its start and its stop, joins, and answers", async () => {
  const server = createServer();
  const announce = { channels: ["#news", "#Friends"] };
  const bot = createFingerBot({ provider: watched, url, announce, open: async () => server.transport });
  await bot.start();
  await vi.waitFor(() => expect(server.heard.join("\n")).toMatch(/^NICK fingerbot$/m));
  server.say(":irc.example 001 fingerbot :Welcome", ":irc.example 376 fingerbot :End");
  await vi.waitFor(() =>
    expect(server.heard.filter((line) => line.startsWith("JOIN"))).toEqual(["JOIN #friends,#news"]),
  );
  server.say(":ada!a@host PRIVMSG fingerbot :alice");
  // What is said on arrival has taken what may be said at once.
  await vi.waitFor(() => expect(server.heard.at(-1)).toBe("PRIVMSG ada :Status of alice: Happy and well"), {
    timeout: 10_000,
  });
  await bot.stop();
  expect(server.heard.at(-1)).toMatch(/^QUIT/);
});

it("is there by another client, if it is given one", async () => {
  const session = createMemorySession();
  const { start, stop } = { start: vi.fn(session.start), stop: vi.fn(session.stop) };
  let hear: HearMessage = () => {};
  const bot = createFingerBot({
    provider,
    session: (given) => {
      hear = given;
      return Object.assign(session, { start, stop });
    },
  });
  await bot.start();
  expect(start).toHaveBeenCalledOnce();
  const question = parseMessage(":ada!a@host PRIVMSG bot :alice");
  if (question !== undefined) hear(question, session);
  await vi.waitFor(() => expect(session.sent).toEqual(["PRIVMSG ada :Status of alice: Happy and well"]));
  await bot.stop();
  expect(stop).toHaveBeenCalledOnce();
});

/** A server at the other end of a connection that is not there. */
function createServer() {
  const heard: string[] = [];
  let put: (bytes: Uint8Array | undefined) => void = () => {};
  const incoming = new ReadableStream<Uint8Array>({
    start(controller) {
      put = (bytes) => (bytes === undefined ? controller.close() : controller.enqueue(bytes));
    },
  });
  const transport: Transport = {
    incoming,
    write(line) {
      const text = new TextDecoder().decode(line).trimEnd();
      heard.push(text);
      if (text.startsWith("QUIT")) put(undefined);
    },
    close: async () => {},
    isPrivate: true,
  };
  const say = (...lines: readonly string[]) =>
    put(new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join("")));
  return { heard, transport, say };
}
