// The bot, a service for finger-server

export type { OpenTransport, Transport } from "./connection/transport.js";
export { createFingerBot } from "./create-finger-bot.js";
export type { BotLimits, FingerBotOptions, IrcAccount, IrcServer, IrcSetting } from "./options.js";
