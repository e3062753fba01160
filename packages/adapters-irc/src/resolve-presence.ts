import { assertChannel } from "./connection/assert-identity.js";
import type { SessionOptions } from "./connection/create-session.js";
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
  const server = toServer({ ...said?.server, ...options.server });
  const nick = options.nick ?? said?.nick ?? "finger";
  for (const channel of announce?.channels ?? []) assertChannel("announce.channels", channel);
  const channels = toDistinct([...(options.channels ?? said?.channels ?? []), ...(announce?.channels ?? [])]);
  return { server, nick, channels, rejoin, identity, account, open, logger, onError };
}

/** Each channel once: as it is named first. */
function toDistinct(channels: readonly string[]): readonly string[] {
  const names = channels.map(toName);
  return channels.filter((_, index) => names.indexOf(names[index] ?? "") === index);
}

/** Without its key. Whether it is one at all is seen to when it is to be joined. */
function toName(channel: unknown): string {
  const [name = ""] = String(channel).split(" ");
  return name.toLowerCase();
}

function toServer({ host, port, ...how }: Partial<IrcServer>): IrcServer {
  if (host === undefined) throw new TypeError("Give the option url, or server.host: where the bot is to be.");
  if (typeof host !== "string" || host === "") {
    throw new TypeError(`The option server.host must be the name of a host, but is ${JSON.stringify(host)}.`);
  }
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
    throw new RangeError(`The option server.port must be a port from 1 to 65535, but is ${String(port)}.`);
  }
  return { host, port, ...how };
}
