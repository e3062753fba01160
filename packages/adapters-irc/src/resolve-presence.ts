import type { SessionOptions } from "./connection/create-session.js";
import { isChannelName, isNick } from "./irc/names.js";
import type { FingerBotOptions, IrcServer } from "./options.js";
import { parseIrcUrl } from "./url.js";

/**
 * Where to be, and as whom: the URL, and what is said beside it, which counts more. Channels that news are for are joined, too.
 *
 * @throws `TypeError` or `RangeError` for an option that is wrong.
 */
export function resolvePresence(options: FingerBotOptions, onError: (error: unknown) => void): SessionOptions {
  const { url, rejoin, identity, account, open, logger, announce } = options;
  const said = url === undefined ? undefined : parseIrcUrl(url);
  const server = options.server ?? said?.server;
  if (server === undefined) throw new TypeError("Give the option url, or server: where the bot is to be.");
  const nick = options.nick ?? said?.nick ?? "finger";
  assertServer(server);
  if (typeof nick !== "string" || !isNick(nick))
    throw new TypeError(`The option nick must be a nick, but is ${JSON.stringify(nick)}.`);
  const channels = [...(options.channels ?? said?.channels ?? [])];
  for (const channel of channels) assertChannel("channels", channel);
  for (const channel of announce?.channels ?? []) assertChannel("announce.channels", channel);
  const names = new Set(channels.map(toName));
  const others = (announce?.channels ?? []).filter((channel) => !names.has(toName(channel)));
  assertIdentity(identity);
  return { server, nick, channels: [...channels, ...others], rejoin, identity, account, open, logger, onError };
}

/** Without its key. */
function toName(channel: string): string {
  const [name = channel] = channel.split(" ");
  return name.toLowerCase();
}

function assertServer({ host, port }: IrcServer): void {
  if (typeof host !== "string" || host === "") {
    throw new TypeError(`The option server.host must be the name of a host, but is ${JSON.stringify(host)}.`);
  }
  if (port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65_535)) return;
  throw new RangeError(`The option server.port must be a port from 1 to 65535, but is ${String(port)}.`);
}

/** The key is not told. */
function assertChannel(option: string, channel: unknown): void {
  const [name = "", key = "key", ...more] = typeof channel === "string" ? channel.split(" ") : [];
  if (isChannelName(name) && /^[!-+\--9;-~][!-+\--~]*$/.test(key) && more.length === 0) return;
  const what = `The option ${option} must have names of channels, such as "#friends", or with a key "#friends secret"`;
  throw new TypeError(`${what}, but has ${JSON.stringify(name || channel)}.`);
}

function assertIdentity(identity: FingerBotOptions["identity"]): void {
  for (const [name, value] of Object.entries(identity ?? {})) {
    if (value === undefined || (typeof value === "string" && /^[^\r\n\0\x01]+$/.test(value))) continue;
    throw new TypeError(`The option identity.${name} must be a line of text, but is ${JSON.stringify(value)}.`);
  }
}
