import type { Limits } from "../../server/limits.js";
import type { SetterLimits } from "../../setter/setter-limits.js";
import type { DisclosureRule } from "../../wrappers/disclosure.js";
import type { SystemOptions } from "../system/options.js";
import type { SystemPrograms } from "../system/programs/options.js";

/**
 * What an application is made of, as plain data: what `createApplication` takes, what a config file of the command says
 * (finger.config(5)), and what is saved. What is left out, or `undefined`, has its default. Paths are from the working
 * directory, or from the folder of the file that they stand in.
 */
export interface ApplicationDescription {
  // Who can be asked for

  /** The path of a users file, or of a folder, as `fileProvider` reads them. */
  readonly users?: string | undefined;
  /**
   * The accounts of this machine, with their plans: `true`, or which of them and what of them. With `users`, they come behind those.
   *
   * @default none
   */
  readonly system?: boolean | SystemDescription | undefined;
  /**
   * Where statuses are kept: `file:FOLDER`, `redis://HOST`, `rediss://HOST`, or `memory:`. With `users` or `system`, of those
   * alone.
   */
  readonly store?: string | undefined;
  /** Other sources of answers, by name: `weather:oslo` asks the route `weather` for `oslo`. */
  readonly routes?: Readonly<Record<string, RouteDescription>> | undefined;
  /** Other names: the path of a file like finger.conf(5), or each alias with what it stands for. */
  readonly aliases?: string | Readonly<Record<string, string>> | undefined;
  /** What is shown of whom, and to whom: the first rule that fits holds. @default everything to everybody */
  readonly show?: readonly DisclosureRule[] | undefined;
  /** Answers names with an `@` by asking other servers. @default that is refused */
  readonly forward?: ForwardDescription | undefined;
  /** Whether the list of all users is given. @default true */
  readonly list?: boolean | undefined;
  /** What is told of a name that several users share. @default "refuse" */
  readonly ambiguity?: "refuse" | "list" | "all" | undefined;
  /**
   * How records are laid out: as by the finger of Linux or of FreeBSD, or with the status first.
   * @default "modern" where there is a status, or else "netkit"
   */
  readonly layout?: "netkit" | "freebsd" | "modern" | undefined;

  // Where

  /** Where queries are answered: one address, or several. @default 79, of 127.0.0.1 */
  readonly listen?: AddressDescription | readonly AddressDescription[] | undefined;
  /** Where statuses are set. @default nowhere */
  readonly setter?: AddressDescription | SetterDescription | undefined;
  /** Where `GET /metrics` and `GET /health` are answered, over HTTP. @default nowhere */
  readonly metrics?: number | string | undefined;
  /** Where the pages are, and how, with the package finger-adapters-http. @default nowhere */
  readonly http?: AddressDescription | HttpDescription | undefined;
  /** Where the bot is, and how, with the package finger-adapters-irc: `ircs://nick@host/#channel`. @default nowhere */
  readonly irc?: string | IrcDescription | undefined;
  /** Modules of one's own, by the names of their services. */
  readonly plugins?: Readonly<Record<string, PluginDescription>> | undefined;

  // How

  /** Bounds, as `createFingerServer` has them; times in milliseconds. `false` takes one away. */
  readonly limits?: Limits | undefined;
  /** What to say instead of an answer; in these texts `{name}`, `{bytes}`, `{reason}` and `{protocol}` are filled in. */
  readonly texts?: TextsDescription | undefined;
  readonly log?: LogDescription | undefined;
  /** What the command applies to its process; `createApplication` does not. */
  readonly process?: ProcessDescription | undefined;
}

/** A port number, `PORT`, `HOST:PORT`, `[IPV6]:PORT`, or the path of a Unix socket, which has a slash; or that, with more. */
export type AddressDescription = number | string | PlaceDescription;

/** Where to listen, and how. */
export interface PlaceDescription {
  readonly address: number | string;
  /** Speaks TLS, and TLS only, with these files in PEM; they are read again on SIGHUP. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** The networks of the proxies in front, which speak the PROXY protocol. @default no proxy is in front */
  readonly proxyProtocol?: readonly string[] | undefined;
  /** The permissions of a Unix socket, in octal, such as `"660"`. @default what the umask leaves */
  readonly mode?: string | undefined;
}

/** Which accounts are told of, as `systemProvider` has it. */
export interface SystemDescription extends Pick<SystemOptions, "minUid" | "maxUid" | "hidden" | "names" | "list"> {
  /** Programs that answer in place of the records, in efingerd's manner. @default none is run */
  readonly programs?: ProgramsDescription | undefined;
}

/** Which programs answer, and how they are run; never as root. A path need not be absolute. */
export interface ProgramsDescription extends Omit<SystemPrograms, "queue"> {}

/** One source of answers. */
export type RouteDescription =
  /** A program and its arguments; `{name}` stands for what was asked for, as in `commandProvider`. */
  | { readonly program: readonly string[] }
  /** The URL of a page with `{name}` in it, as in `webProvider`. */
  | { readonly page: string };

/** Which other servers are asked; see `forwardProvider`. */
export interface ForwardDescription {
  /** The hosts that may be asked, and no others. @default every host whose addresses are all public */
  readonly hosts?: readonly string[] | undefined;
  /** Names and addresses of this server, which are never asked. */
  readonly self?: readonly string[] | undefined;
  /** How many hosts a query may have behind its name. @default 1 */
  readonly maxHops?: number | undefined;
}

/** Where and how statuses are set. */
export interface SetterDescription {
  /** An empty list is nowhere but on the web, by `http`. */
  readonly listen: AddressDescription | readonly AddressDescription[];
  /** The path of the file of tokens. @default they are kept in the store */
  readonly tokens?: string | undefined;
  /** The networks that peers may come from. @default all */
  readonly networks?: readonly string[] | undefined;
  /** Bounds, as `createSetter` has them; times in milliseconds. */
  readonly limits?: SetterLimits | undefined;
}

/** Where the answers are on the web, and how. */
export interface HttpDescription {
  /** One address. It speaks HTTP, or HTTPS with `tls`; the PROXY protocol it does not. @default 8000, of 127.0.0.1 */
  readonly listen?: AddressDescription | undefined;
  /** The scheme and the host that people reach the pages at: `https://plan.example`. @default feeds have no absolute links */
  readonly origin?: string | undefined;
  /** The hosts whose accounts WebFinger tells of. @default that of `origin` */
  readonly hosts?: readonly string[] | undefined;
  /** Where the pages are: a path such as `/finger`. @default at the root */
  readonly base?: string | undefined;
  /**
   * The networks of the proxies in front, whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. @default a proxy is itself
   * the peer
   */
  readonly proxies?: readonly string[] | undefined;
  /** What the list of users is called. @default "Users" */
  readonly title?: string | undefined;
  /**
   * Answers `/@host/alice` by asking other servers: those of `forward`, or else those whose addresses are all public.
   * @default false
   */
  readonly gateway?: boolean | undefined;
  /** How long browsers are to come by HTTPS alone, in seconds (RFC 6797). @default they are told nothing of it */
  readonly hsts?: number | undefined;
  /** The origins whose pages may read, and with a token set; `"*"` is all. @default none */
  readonly cors?: "*" | readonly string[] | undefined;
  /** Bounds for those who ask there. Each process counts by itself. */
  readonly limits?: HttpLimitsDescription | undefined;
}

/** Bounds on the web, as `httpService` of finger-adapters-http has them; times in milliseconds. `false` takes one away. */
export interface HttpLimitsDescription {
  /** Time for the answer to be found. @default that of `limits` of the whole */
  readonly lookupTime?: number | false | undefined;
  /** Longest body of a request, in bytes. @default 65_536 */
  readonly bodyBytes?: number | false | undefined;
  /** Names a minute of one peer that are not known, a third of them in one burst. @default 60 */
  readonly misses?: number | false | undefined;
  /** Lookups a minute of one peer at other servers, a third of them in one burst. @default 30 */
  readonly gateway?: number | false | undefined;
  /** Streams of events at a time. @default 16_384 */
  readonly streams?: number | false | undefined;
  /** Streams of events at a time of one peer. @default 16 */
  readonly streamsPerPeer?: number | false | undefined;
}

/** The bot on IRC. Of several processes, one has it. */
export interface IrcDescription {
  /** Server, nick and channels: `ircs://nick@host/#channel,#other`. */
  readonly url: string;
  /** Channels to join, with their keys behind a blank, as in `"#friends secret"`. @default those of the URL */
  readonly channels?: readonly string[] | undefined;
  /** Goes back to a channel that it was kicked from, after a minute. @default false */
  readonly rejoin?: boolean | undefined;
  readonly account?: IrcAccountDescription | undefined;
  /** Answers `alice@host` by asking other servers: those of `forward`, or else those whose addresses are all public. @default false */
  readonly gateway?: boolean | undefined;
  /** Channels that are told who has a new status, of everybody or of some logins. @default it tells nobody */
  readonly announce?:
    | { readonly channels: readonly string[]; readonly logins?: readonly string[] | undefined }
    | undefined;
  /** Accounts of the network, each with the login whose status it may set by `!status`, without a token. @default nobody can */
  readonly setters?: Readonly<Record<string, string>> | undefined;
  /** Where more can be read than fits, `host` of `finger://host/alice`. @default it is not said */
  readonly host?: string | undefined;
  /** Bounds on what is said, and for whom. */
  readonly limits?: IrcLimitsDescription | undefined;
}

/** How the bot proves whose nick it is: by one of these, or both. */
export interface IrcAccountDescription {
  /** @default the nick */
  readonly name?: string | undefined;
  /** The path of a file whose first line is the password, for SASL PLAIN or NickServ. It is never sent without TLS, unless to this machine. */
  readonly passwordFile?: string | undefined;
  /** The files of a certificate, in PEM, for SASL EXTERNAL. */
  readonly certificate?: { readonly key: string; readonly cert: string } | undefined;
}

/** Bounds on IRC, as `createFingerBot` of finger-adapters-irc has them. `false` takes one away. */
export interface IrcLimitsDescription {
  /** Lines of one answer. @default 6 */
  readonly lines?: number | false | undefined;
  /** Questions a minute of one asker, by user and host, a third of them in one burst. @default 30 */
  readonly perAsker?: number | false | undefined;
  /** Questions a minute in one channel, a third of them in one burst. @default 60 */
  readonly perChannel?: number | false | undefined;
  /** Time for the answer to be found, in milliseconds. @default that of `limits` of the whole */
  readonly lookupTime?: number | false | undefined;
  /** Questions that wait to be answered. @default 100 */
  readonly waiting?: number | false | undefined;
}

/** A module of one's own. */
export interface PluginDescription {
  /** A path that begins with a dot or a slash, or the name of a package that is installed there. */
  readonly module: string;
  /** What the module is given; it says what that may be. */
  readonly options?: unknown;
}

/** Texts by name, as in the option `texts` of `createFingerServer`. */
export interface TextsDescription {
  readonly noSuchUser?: string | undefined;
  readonly listDenied?: string | undefined;
  readonly forwardingDenied?: string | undefined;
  readonly unreachable?: string | undefined;
  readonly badQuery?: string | undefined;
  readonly notFinger?: string | undefined;
  readonly tooManyQueries?: string | undefined;
  readonly tooManyConnections?: string | undefined;
  readonly cutOff?: string | undefined;
  readonly closing?: string | undefined;
  readonly internalError?: string | undefined;
}

/** What is logged, and how. */
export interface LogDescription {
  /** What is less important is left out. @default "info" */
  readonly level?: "debug" | "info" | "warn" | "error" | undefined;
  /** Lines for people, or objects of JSON. @default "human" on a terminal, "json" elsewhere */
  readonly format?: "human" | "json" | undefined;
  /** Logs each query and each setting; `"redacted"` leaves out names, and all of an address but its network. @default false */
  readonly audit?: boolean | "redacted" | undefined;
}

/** The identity of the process. */
export interface ProcessDescription {
  /** The user to become once the ports are open: a name or a number. @default who started it */
  readonly user?: string | number | undefined;
  /** The group to become. @default that of the user */
  readonly group?: string | number | undefined;
  /** The working directory. @default "/" for a daemon, else it stays */
  readonly directory?: string | undefined;
  /** The file mode mask, in octal, such as `"027"`. @default "022" for a daemon, else it stays */
  readonly umask?: string | undefined;
  /** Where the number of the process is written. */
  readonly pidfile?: string | undefined;
  /** Where the log is written. @default standard error */
  readonly logfile?: string | undefined;
  /** How many processes answer. @default 1 */
  readonly workers?: number | undefined;
  /** How long answers may still take when it stops, in milliseconds. @default 5_000 */
  readonly drain?: number | undefined;
}
