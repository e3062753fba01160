import { formatMessage } from "../irc/message.js";
import { isChannelName, isNick } from "../irc/names.js";
import { toPlainPayload } from "../irc/sasl.js";
import type { IrcAccount, IrcServer } from "../options.js";

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
  if (!isNick(nick))
    throw new TypeError(`The option nick must be a nick without blanks, and is ${JSON.stringify(nick)}.`);
  formatMessage("USER", user, "0", "*", realName);
  for (const channel of channels) {
    const [name = "", key = "x", ...more] = channel.split(" ");
    if (isChannelName(name) && WORD.test(key) && more.length === 0) continue;
    throw new TypeError(`The option channels has ${JSON.stringify(channel)}: write "#name", or "#name key".`);
  }
  assertLine("server.password", server.password);
  assertLine("account.password", account?.password);
  if (account?.name !== undefined && !WORD.test(account.name))
    throw new TypeError(
      `The option account.name must be a name without blanks, and is ${JSON.stringify(account.name)}.`,
    );
  if (account?.password !== undefined) toPlainPayload(account.name ?? nick, account.password);
}

function assertLine(option: string, secret: string | undefined): void {
  if (secret === undefined || /^[^\r\n\0]+$/.test(secret)) return;
  throw new TypeError(`The option ${option} must be one line, and not empty.`);
}

const WORD = /^[^\s\0:,][^\s\0,]*$/;
