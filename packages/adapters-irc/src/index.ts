// The bot, a service for finger-server

export type { HearMessage, IrcSession } from "./connection/session.js";
export type { OpenTransport, Transport } from "./connection/transport.js";
export { createFingerBot } from "./create-finger-bot.js";
export { formatMessage, type IrcMessage, type IrcSource, parseMessage } from "./irc/message.js";
export type { BotLimits, FingerBotOptions, IrcAccount, IrcServer, IrcSetting } from "./options.js";
