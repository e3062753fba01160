import type { IrcSession } from "../connection/session.js";
import type { IrcMessage } from "../irc/message.js";

/** Somebody who says something to the bot, or where it is. */
export interface Asker {
  readonly nick: string;
  readonly user: string;
  readonly host: string;
  /** By what it is counted how much is asked: nicks are changed at will, and all of a shared machine come by one host. */
  readonly key: string;
  /** Where it was said; `undefined` for what was said to the bot alone. */
  readonly channel: string | undefined;
  /** The account at the services, where the server tells (IRCv3 account-tag). */
  readonly account: string | undefined;
  readonly text: string;
}

/**
 * Reads who says what. `undefined` for all that no answer is for: notices (RFC 1459 4.4.2: that is how loops end), servers, the bot
 * itself, other bots, and what was said before and is told again.
 */
export function toAsker({ command, params, source, tags }: IrcMessage, session: IrcSession): Asker | undefined {
  const [target, text] = params;
  if (command !== "PRIVMSG" || target === undefined || text === undefined || session.nick === undefined)
    return undefined;
  if (source?.host === undefined || !PERSON.test(source.name)) return undefined;
  if (session.isSame(source.name, session.nick)) return undefined;
  if (BOT_TAGS.some((tag) => tags.has(tag)) || tags.has("batch")) return undefined;
  const isPublic = CHANNEL.test(target) && session.isIn(target);
  if (!isPublic && !session.isSame(target, session.nick)) return undefined;
  const { name: nick, user = "", host } = source;
  const channel = isPublic ? target : undefined;
  return {
    nick,
    user,
    host,
    key: `${user}@${host}`.toLowerCase(),
    channel,
    account: toAccount(tags.get("account")),
    text,
  };
}

/** Services give those who have none a name that is none. */
export function toAccount(name: string | undefined): string | undefined {
  return name === undefined || name === "" || name === "*" || name === "0" ? undefined : name;
}

/**
 * What a line to reaches one person: one word, and no list, mask, server or channel, whatever signs stand before it. Servers have
 * nicks that nobody could choose, such as `0AAAAAAB`.
 */
const PERSON = /^[^\s\p{Cc},:!@#&*?.$+~%][^\s\p{Cc},:!@#&*?.$]*$/u;

/** One target, and no list of them: a server that sends another is not to make us say something elsewhere. */
const CHANNEL = /^[^\0-\x20\x7f:,][^\0-\x20\x7f,]*$/;

/** The tag of IRCv3, and what it was before. */
const BOT_TAGS = ["bot", "draft/bot", "inspircd.org/bot"];
