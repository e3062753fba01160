import { formatMessage } from "../irc/message.js";
import { isChannelName, isNick } from "../irc/names.js";
import { toPlainPayload } from "../irc/sasl.js";
import type { IrcAccount, IrcServer } from "../options.js";
import { isShort } from "./encode-line.js";
import type { Line } from "./line.js";

/** What is told to a server of who is there. */
export interface Identity {
  readonly nick: string;
  readonly user: string;
  readonly realName: string;
  readonly server: IrcServer;
  readonly account: IrcAccount | undefined;
  readonly channels: readonly string[];
}

/**
 * Sees that lines can be made of it, before there is a server that would be connected to for nothing.
 *
 * @throws `TypeError`, without the value where that is a secret.
 */
export function assertIdentity({ nick, user, realName, server, account, channels }: Identity): void {
  if (typeof nick !== "string" || !isNick(nick)) throw wrong("nick", "be a nick", nick);
  if (!isWord(user)) throw wrong("identity.user", "be a word", user);
  if (!isText(realName)) throw wrong("identity.realName", "be a line of text", realName);
  for (const channel of channels) assertChannel("channels", channel);
  assertSecret("server.password", server.password);
  assertAccount(account, nick);
  assertFits("nick", ["NICK", nick]);
  assertFits("identity", ["USER", user, "0", "*", realName]);
  if (server.password !== undefined) assertFits("server.password", ["PASS", server.password]);
}

/**
 * Sees that a channel can be joined. Its key is not told.
 *
 * @throws `TypeError`, which names the option.
 */
export function assertChannel(option: string, channel: unknown): void {
  const [name = "", key, ...more] = typeof channel === "string" ? channel.split(" ") : [];
  if (!isChannelName(name) || (key !== undefined && !KEY.test(key)) || more.length > 0) {
    const what = `The option ${option} must have names of channels, such as "#friends", or with a key "#friends secret"`;
    throw new TypeError(`${what}, but has ${JSON.stringify(typeof channel === "string" ? name : channel)}.`);
  }
  assertFits(option, ["JOIN", name, ...(key === undefined ? [] : [key])]);
}

function assertAccount(account: IrcAccount | undefined, nick: string): void {
  if (account === undefined) return;
  const { name, password } = account;
  if (name !== undefined && !isWord(name)) throw wrong("account.name", "be a word", name);
  assertSecret("account.password", password);
  if (password === undefined) return;
  toPlainPayload(name ?? nick, password);
  assertFits("account", ["PRIVMSG", "NickServ", `IDENTIFY ${name ?? nick} ${password}`]);
}

function assertSecret(option: string, secret: unknown): void {
  if (secret === undefined || isText(secret)) return;
  throw new TypeError(`The option ${option} must be a line of text, and is none.`);
}

function assertFits(option: string, [command, ...params]: Line): void {
  if (isShort(formatMessage(command, ...params))) return;
  throw new TypeError(`The option ${option} is too long: a line of IRC has 512 bytes.`);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && /^[^\r\n\0\x01]+$/.test(value);
}

function isWord(value: unknown): boolean {
  return typeof value === "string" && /^[^\s\p{Cc}:,][^\s\p{Cc},]*$/u.test(value);
}

function wrong(option: string, what: string, value: unknown): TypeError {
  return new TypeError(`The option ${option} must ${what}, but is ${JSON.stringify(value)}.`);
}

/** What would not be read as several, or as text. */
const KEY = /^[!-+\--9;-~][!-+\--~]*$/;
