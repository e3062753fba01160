import type { ConnectionOptions } from "node:tls";
import type { Logger, LookupFunction, LookupProvider, Setter } from "finger-server";
import type { HearMessage, IrcSession } from "./connection/session.js";
import type { OpenTransport } from "./connection/transport.js";

/** What a bot is made of. The provider is required, and where to go: `url`, `server`, or `session`. */
export interface FingerBotOptions {
  /** Where answers come from: a provider, or only its `lookup`. */
  readonly provider: LookupProvider | LookupFunction;
  /** Server, nick and channels in one: `ircs://nick@host:6697/#channel,#other`. What is said beside it counts more. */
  readonly url?: string | undefined;
  /** What the URL does not say of the server; without one, the host at least. */
  readonly server?: Partial<IrcServer> | undefined;
  /** @default "finger" */
  readonly nick?: string | undefined;
  /** Channels to join, with their keys behind a blank where they have one. @default none: it is asked in private */
  readonly channels?: readonly string[] | undefined;
  /** Goes back to a channel that it was kicked from, after a minute. @default false */
  readonly rejoin?: boolean | undefined;
  /** What the server is told of who this is. @default "finger" and "A finger server: say help" */
  readonly identity?: { readonly user?: string | undefined; readonly realName?: string | undefined } | undefined;
  /** Proves whose nick it is. @default nothing is proved */
  readonly account?: IrcAccount | undefined;
  /** Answers `alice@host` by asking other servers, such as a `forwardProvider`. @default that is refused */
  readonly forward?: LookupProvider | LookupFunction | undefined;
  /** Gives the list where the provider has one. @default true */
  readonly list?: boolean | undefined;
  /** Tells channels who has changed, where the provider tells of changes. @default it tells nobody */
  readonly announce?:
    | { readonly channels: readonly string[]; readonly logins?: readonly string[] | undefined }
    | undefined;
  /** Lets people who have identified to services set a status. @default nobody can */
  readonly setting?: IrcSetting | undefined;
  /** Where more can be read than fits, `host` of `finger://host/alice`. @default it is not said */
  readonly host?: string | undefined;
  readonly limits?: BotLimits | undefined;
  /** Opens the connection: another way to a server, or one that is there already. @default TCP, and TLS over it */
  readonly open?: OpenTransport | undefined;
  /**
   * Makes the presence by another client of IRC, with its own connection, nick, channels and bounds on what is sent; `hear` is to
   * be called with each message that comes. @default one of its own, by the options above
   */
  readonly session?: ((hear: HearMessage) => IrcSession) | undefined;
  readonly logger?: Logger | undefined;
  /** Hears of whatever goes wrong. @default the logger, or else a warning of the process */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** What its group finds it by, and what messages call it. @default "irc" */
  readonly name?: string | undefined;
}

/** Where the server is, and how to talk to it. */
export interface IrcServer {
  readonly host: string;
  /** @default 6697 with TLS, 6667 without */
  readonly port?: number | undefined;
  /** Whether to speak TLS, whose certificate is verified; or that, with options of `tls.connect`. @default true */
  readonly tls?: boolean | ConnectionOptions | undefined;
  /** The password of the server itself. Without TLS it is sent as plain text, for such a server knows no other way. */
  readonly password?: string | undefined;
}

/** An account at the services of a network. */
export interface IrcAccount {
  /** @default the nick */
  readonly name?: string | undefined;
  /**
   * For SASL PLAIN where the server has it, or else for NickServ, if WHOIS says that it is a service or an operator: where there are no
   * services, anybody could be called so. It is never sent without TLS, unless to this machine.
   */
  readonly password?: string | undefined;
  /** Proves it by the certificate of the connection (SASL EXTERNAL). @default false */
  readonly external?: boolean | undefined;
}

/** Setting by chat: `!status On the train`. */
export interface IrcSetting {
  readonly setter: Pick<Setter, "set">;
  /** Whose status an account of the services may set: a login, or `undefined` for none. It takes no token: the network has seen to that. */
  readonly toLogin: (account: string) => string | undefined;
}

/** Bounds on what is sent, and for whom. `false` switches one off; `undefined` leaves the default. */
export interface BotLimits {
  /** Lines of one answer; the rest is left out, and where it is. @default 6 */
  readonly lines?: number | false | undefined;
  /** Questions a minute of one asker, by user and host, a third of them in one burst. @default 30 */
  readonly perAsker?: number | false | undefined;
  /** Questions a minute in one channel, a third of them in one burst. @default 60 */
  readonly perChannel?: number | false | undefined;
  /** Time for a provider to answer, in milliseconds. @default 10_000 */
  readonly lookupTime?: number | false | undefined;
  /** Questions that wait to be answered, a tenth of them of one asker; one more is told to wait. @default 100 */
  readonly waiting?: number | false | undefined;
}
