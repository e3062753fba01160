import * as z from "zod/mini";
import { LONGEST_TIME } from "../../assert-whole.js";
import { MOST_STATUS_BYTES } from "../../setter/setter-limits.js";
import { isAskable } from "../../users/login.js";
import { alias } from "../../wrappers/alias.js";
import type { Field } from "../../wrappers/disclosure.js";
import type { ApplicationDescription } from "../application/description.js";
import { MOST_ID } from "../system/accounts/account.js";
import {
  account,
  address,
  argv,
  basePath,
  describeKey,
  flag,
  host,
  ircChannel,
  ircUrl,
  limit,
  limitUpTo,
  list,
  moduleName,
  NOTES,
  network,
  networkOrLocal,
  octal,
  ownHost,
  pageUrl,
  phrase,
  storeUrl,
  text,
  timeLimit,
  timeOrNone,
  webHost,
  webOrigin,
  whole,
  word,
} from "./values.js";

// What a description may say, and what each key means: for the check, the JSON Schema and finger.config(5).

/** A key that may be left out. */
function key<T extends z.ZodMiniType>(description: string, schema: T): z.ZodMiniOptional<T> {
  return describeKey(description, z.optional(schema));
}

/** A key that must be there. */
const needed = describeKey;

/**
 * A record with these keys and no others. zod carries no more than a text: for a key that there is not, that are the keys that
 * there are.
 *
 * @param what - What it must be.
 * @param elsewhere - Keys of other records, with their paths, that may be looked for here.
 */
function record<Shape extends z.core.$ZodShape>(what: string, shape: Shape, elsewhere: readonly string[] = []) {
  const names = [...Object.keys(shape), ...elsewhere].join(" ");
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? names : `it must be ${what}`),
  });
}

const TLS = record("a record of key and cert", {
  key: needed("The path of the private key, in PEM.", text("the path of a private key in PEM")),
  cert: needed("The path of the certificate with those above it, in PEM.", text("the path of a certificate in PEM")),
});

const ADDRESS_TEXT = "A port, HOST:PORT, [IPV6]:PORT, or the path of a Unix socket, which has a slash.";

const PLACE = record("a record with an address", {
  address: needed(ADDRESS_TEXT, address()),
  tls: key("Speaks TLS, and TLS only, with these files; they are read again on SIGHUP.", TLS),
  proxyProtocol: key(
    "The networks of the proxies in front, which speak the PROXY protocol. Default: no proxy is in front.",
    list("a list of networks", network()),
  ),
  mode: key('The permissions of a Unix socket, in octal, such as "660". Default: what the umask leaves.', octal("660")),
}).check(
  z.check(({ value, issues }) => {
    const isSocket = String(value.address).includes("/");
    const complain = (name: "mode" | "proxyProtocol", message: string) =>
      issues.push({ code: "custom", path: [name], message, input: value[name], continue: true });
    if (value.mode !== undefined && !isSocket) complain("mode", "only a Unix socket has permissions");
    if (value.proxyProtocol?.length === 0 && !isSocket) {
      complain("proxyProtocol", "it must name the networks of the proxies; without them nobody could connect");
    }
  }),
);

// It stands in many places, and is to be told once.
NOTES.add(PLACE, { id: "place" });

const ADDRESS_WHY = "it must be PORT, HOST:PORT, [IPV6]:PORT, the path of a Unix socket, or a record with an address";

const ADDRESS = z.union([address(), PLACE], ADDRESS_WHY);

const ADDRESSES = () => z.union([ADDRESS, list("a list of addresses", ADDRESS)], `${ADDRESS_WHY}, or a list of those`);

const SOME_ADDRESSES = () => {
  const some = list("a list of addresses", ADDRESS).check(
    z.minLength(1, "it must have an address in it, or be left out"),
  );
  return z.union([ADDRESS, some], `${ADDRESS_WHY}, or a list of those`);
};

const ROUTE = z.union(
  [
    record("a record with a program, or a page", {
      program: needed(
        'The absolute path of a program, and its arguments, of which one is "{name}", behind a "--".',
        argv(),
      ),
    }),
    record("a record with a program, or a page", {
      page: needed("The URL of a page, with {name} where the name belongs.", pageUrl()),
    }),
  ],
  "it must be a record with a program, or a page",
);

const ROUTES = z.record(z.string(), ROUTE, "it must be a record with a program, or a page, for each name").check(
  z.check(({ value, issues }) => {
    for (const name of Object.keys(value)) {
      if (isAskable(name) && !name.includes(":")) continue;
      const message = "nobody could ask for this name; choose another, without a colon";
      issues.push({ code: "custom", path: [name], message, input: value[name], continue: true });
    }
  }),
);

const ALIASES_WHY = "it must be the path of a file, or a record with a user for each alias";

const ALIASES = z.union(
  [
    text("the path of a file of aliases"),
    z.record(z.string(), text("a text: the user that it stands for"), ALIASES_WHY).check(
      z.check(({ value, issues }) => {
        try {
          alias(() => undefined, value);
        } catch (error) {
          issues.push({ code: "custom", message: toClause(error as Error), input: value, continue: true });
        }
      }),
    ),
  ],
  ALIASES_WHY,
);

/** A sentence as a clause. */
function toClause({ message }: Error): string {
  return `${message.charAt(0).toLowerCase()}${message.slice(1).replace(/\.$/, "")}`;
}

const FIELDS = [
  "name",
  "status",
  "statusAt",
  "directory",
  "shell",
  "office",
  "officePhone",
  "homePhone",
  "pronouns",
  "timeZone",
  "sessions",
  "lastLogin",
  "mail",
  "mailForward",
  "pgpKey",
  "project",
  "plan",
  "planAt",
  "text",
] as const satisfies readonly Field[];

const SHOW_WHY = `it must be "all", "hidden", or a list of fields: ${FIELDS.join(", ")}`;

const RULE = record("a record of users, networks and show", {
  users: key("The logins that it is about. Default: all.", list("a list of logins", text("a login"))),
  networks: key(
    'The networks of peers that it is for; "local" is for those without an address. Default: all.',
    list("a list of networks", networkOrLocal()),
  ),
  show: needed(
    '"all", "hidden", or the fields that are shown beside the login.',
    z.union([word(["all", "hidden"]), list("a list of fields", word(FIELDS))], SHOW_WHY),
  ),
});

/** In milliseconds: it is not meant in seconds. */
const LEAST_RUN = 100;

const SYSTEM = record("a record of keys", {
  minUid: key("Accounts with a lower number are those of programs, and not told of. Default: 1000.", whole(0, MOST_ID)),
  maxUid: key(
    "Nor are those with a higher one. Default: none is too high, but 60514 to 65535 are those of services and nobody.",
    whole(0, MOST_ID),
  ),
  hidden: key(
    "Logins that are answered as if they were nobody's. Default: none.",
    list("a list of logins", text("a login")),
  ),
  names: key("Whether people are found by the words of their real names, too; see ambiguity. Default: false.", flag()),
  list: key('Whom a list has: those who are on, "online", or "all". Default: "online".', word(["online", "all"])),
  programs: key(
    "Programs that answer in place of the records, in efingerd's manner. Default: none is run.",
    record("a record of folder and home", {
      folder: key(
        "The path of a folder with list, luser and nouser, those of them that there are. Default: none.",
        text("the path of a folder"),
      ),
      user: key(
        "The user whom those of the folder run as; another than the server's own takes one that stays root. Default: the user of the server.",
        account("user"),
      ),
      group: key("The group that they run as. Default: that of the user.", account("group")),
      home: key(
        "Whether ~/.efingerd is run, as its user, which takes a server that stays root: without process.user. Default: false.",
        flag(),
      ),
      timeout: key("Longest run, in milliseconds. Default: 10000.", whole(LEAST_RUN, LONGEST_TIME)),
      maxBytes: key("Longest answer, in bytes. Default: 65536.", whole(1, Number.MAX_SAFE_INTEGER)),
      concurrency: key("How many of the folder run at a time, and how many of users. Default: 4.", whole(1, 1000)),
    }),
  ),
});

const FORWARD = record("a record of hosts, self and maxHops", {
  hosts: key(
    "The hosts that may be asked, and no others; *.example.org is all below one. Default: every host whose addresses are all public.",
    list("a list of hosts", host()),
  ),
  self: key("Names and addresses of this server, which are never asked.", list("a list of hosts", ownHost())),
  maxHops: key("How many hosts a query may have behind its name. Default: 1.", whole(1, 100)),
});

const SETTER_LIMITS = record("a record of limits", {
  statusBytes: key("Longest status, in bytes, 65536 at most. Default: 4096.", limitUpTo(MOST_STATUS_BYTES)),
  time: key("Time for the status to arrive as a whole, in milliseconds. Default: 60000.", timeLimit()),
  storeTime: key("Time for the store to keep the status, in milliseconds. Default: 15000.", timeLimit()),
  idle: key("Longest pause of a peer while it reads its answer, in milliseconds. Default: 30000.", timeLimit()),
  connections: key("Connections at a time. Default: 64.", limit()),
  perPeer: key("Connections at a time of one peer. Default: 8.", limit()),
  rate: key("Statuses a minute of one peer, a third of them in one burst. Default: 60.", limit()),
  failures: key("Wrong tokens for one login, a minute, of one peer. Default: 15.", limit()),
});

const SETTER = record("a record with listen", {
  listen: needed("Where statuses are set: one address, or several; none is on the web alone, by http.", ADDRESSES()),
  tokens: key("The path of the file of tokens. Default: they are kept in the store.", text("the path of a file")),
  networks: key("The networks that peers may come from. Default: all.", list("a list of networks", network())),
  limits: key("Bounds for those who set statuses; false takes one away.", SETTER_LIMITS),
});

/** In seconds; nobody needs more, and not everybody can read it. */
const LONGEST_AGE = 2 ** 31 - 1;

const HTTP_LIMITS = record("a record of limits", {
  lookupTime: key("Time for the answer to be found, in milliseconds. Default: that of limits.", timeLimit()),
  bodyBytes: key("Longest body of a request, in bytes. Default: 65536.", limit()),
  misses: key("Names a minute of one peer that are not known, a third of them in one burst. Default: 60.", limit()),
  gateway: key("Lookups a minute of one peer at other servers, a third of them in one burst. Default: 30.", limit()),
  streams: key("Streams of events at a time. Default: 16384.", limit()),
  streamsPerPeer: key("Streams of events at a time of one peer. Default: 16.", limit()),
});

const HTTP = record("a record of keys", {
  listen: key("One address, of HTTP, or of HTTPS with tls. Default: 8000, of 127.0.0.1.", ADDRESS),
  origin: key(
    "The scheme and the host that people reach the pages at. Default: feeds have no absolute links.",
    webOrigin(),
  ),
  hosts: key(
    "The hosts whose accounts WebFinger tells of. Default: that of origin.",
    list("a list of hosts", webHost()),
  ),
  base: key("Where the pages are: a path such as /finger. Default: at the root.", basePath()),
  proxies: key(
    "The networks of the proxies in front, whose X-Forwarded-For and X-Forwarded-Proto are believed. Default: a proxy is itself the peer.",
    list("a list of networks", network()),
  ),
  title: key('What the list of users is called. Default: "Users".', text("a text", "it must not be empty")),
  gateway: key(
    "Whether /@host/alice is answered by asking other servers: those of forward, or else those whose addresses are all public. Default: false.",
    flag(),
  ),
  hsts: key(
    "How long browsers are to come by HTTPS alone, in seconds (RFC 6797). Default: they are told nothing of it.",
    whole(0, LONGEST_AGE),
  ),
  cors: key(
    'The origins whose pages may read, and with a token set; "*" is all. Default: none.',
    z.union([z.literal("*"), list("a list of origins", webOrigin())], 'it must be "*", or a list of origins'),
  ),
  limits: key(
    "Bounds for those who ask there; false takes one away. Each process counts by itself: with 4 workers there may be four times as much.",
    HTTP_LIMITS,
  ),
});

const IRC_LIMITS = record("a record of limits", {
  lines: key("Lines of one answer. Default: 6.", limit()),
  perAsker: key(
    "Questions a minute of one asker, by user and host, a third of them in one burst. Default: 30.",
    limit(),
  ),
  perChannel: key("Questions a minute in one channel, a third of them in one burst. Default: 60.", limit()),
  lookupTime: key("Time for the answer to be found, in milliseconds. Default: that of limits.", timeLimit()),
  waiting: key("Questions that wait to be answered. Default: 100.", limit()),
});

const CHANNELS = () => list("a list of channels", ircChannel());

const IRC = record("a record with url", {
  url: needed("Server, nick and channels: ircs://nick@host/#channel,#other.", ircUrl()),
  channels: key("Channels to join, with their keys behind a blank. Default: those of the URL.", CHANNELS()),
  rejoin: key("Whether it goes back to a channel that it was kicked from, after a minute. Default: false.", flag()),
  account: key(
    "How it proves whose nick it is. Default: nothing is proved.",
    record("a record of name, passwordFile and certificate", {
      name: key("The account at the services of the network. Default: the nick.", text("a name")),
      passwordFile: key("The path of a file whose first line is the password.", text("the path of a file")),
      certificate: key(
        "The files of a certificate, in PEM, for SASL EXTERNAL.",
        record("a record of key and cert", {
          key: needed("The path of the private key.", text("the path of a file")),
          cert: needed("The path of the certificate.", text("the path of a file")),
        }),
      ),
    }),
  ),
  gateway: key(
    "Whether alice@host is answered by asking other servers: those of forward, or else those whose addresses are all public. Default: false.",
    flag(),
  ),
  announce: key(
    "Channels that are told who has a new status. Default: none.",
    record("a record of channels and logins", {
      channels: needed("The channels, which it joins, too.", CHANNELS()),
      logins: key("Whose. Default: everybody's.", list("a list of logins", text("a login"))),
    }),
  ),
  setters: key(
    "Accounts of the network, each with the login whose status it may set by !status. Default: none.",
    z.record(z.string(), text("a login"), "it must be a record of accounts, each with a login"),
  ),
  host: key("Where more can be read than fits: the host of finger://host/alice. Default: it is not said.", ownHost()),
  limits: key("Bounds on what is said, and for whom; false takes one away.", IRC_LIMITS),
});

const PLUGIN = record("a record with a module", {
  module: needed("A path that begins with a dot or a slash, or the name of an installed package.", moduleName()),
  options: key("What the module is given; it says what that may be.", z.unknown()),
});

const LIMITS = record("a record of limits", {
  queryBytes: key("Longest query, in bytes. Default: 1024.", limit()),
  queryTime: key("Time for the query to arrive as a whole, in milliseconds. Default: 10000.", timeLimit()),
  lookupTime: key("Time for the answer to be found, in milliseconds. Default: 10000.", timeLimit()),
  idle: key("Longest pause of a peer while it reads its answer, in milliseconds. Default: 30000.", timeLimit()),
  answerBytes: key("Longest answer, in bytes; the rest is cut off. Default: 1048576.", limit()),
  connections: key("Connections at a time. Default: 256.", limit()),
  perPeer: key("Connections at a time of one peer. Default: 8.", limit()),
  rate: key("Queries a minute of one peer, a third of them in one burst. Default: 30.", limit()),
});

const TEXTS = record("a record of texts", {
  noSuchUser: key("For a user who is not known, or hidden; {name} is who was asked for.", phrase()),
  listDenied: key("For the list of users, when it is not given.", phrase()),
  forwardingDenied: key("For a query that would have to be passed on.", phrase()),
  unreachable: key("For a query to be passed on to a host that does not answer.", phrase()),
  badQuery: key("For a line that is no query; {reason} says why.", phrase()),
  notFinger: key("For what is another protocol, {protocol}.", phrase()),
  tooManyQueries: key("For a peer that asks too often.", phrase()),
  tooManyConnections: key("For a connection too many.", phrase()),
  cutOff: key("Behind an answer that is longer than {bytes} bytes.", phrase()),
  closing: key("Behind an answer that was not complete when the server closed.", phrase()),
  internalError: key("For an answer that could not be found out.", phrase()),
});

const LOG = record("a record of level, format and audit", {
  level: key(
    'What is less important is left out: "debug", "info", "warn" or "error". Default: "info".',
    word(["debug", "info", "warn", "error"]),
  ),
  format: key(
    'Lines for people, "human", or objects of JSON, "json". Default: "human" on a terminal, "json" elsewhere.',
    word(["human", "json"]),
  ),
  audit: key(
    'Logs each query and each setting; "redacted" leaves out names, and all of an address but its network. Default: false.',
    z.union([flag(), z.literal("redacted")], 'it must be true, false or "redacted"'),
  ),
});

const PROCESS = record("a record about the process", {
  user: key(
    "The user to become once the ports are open: a name or a number. Default: who started it.",
    account("user"),
  ),
  group: key("The group to become. Default: that of the user.", account("group")),
  directory: key('The working directory. Default: "/" for a daemon, else it stays.', text("the path of a folder")),
  umask: key('The file mode mask, in octal, such as "027". Default: "022" for a daemon, else it stays.', octal("027")),
  pidfile: key("Where the number of the process is written.", text("the path of a file")),
  logfile: key("Where the log is written. Default: standard error.", text("the path of a file")),
  workers: key("How many processes answer. Default: 1.", whole(1, 999)),
  drain: key("How long answers may still take when it stops, in milliseconds. Default: 5000.", timeOrNone()),
});

/** Keys that one may look for at the top. */
const ELSEWHERE: readonly string[] = [
  ...["user", "group", "directory", "umask", "pidfile", "logfile", "workers", "drain"].map((name) => `process.${name}`),
  ...["level", "format", "audit"].map((name) => `log.${name}`),
  ...["tokens", "networks"].map((name) => `setter.${name}`),
  ...["origin", "base", "proxies", "title", "gateway", "hsts", "cors"].map((name) => `http.${name}`),
  ...["url", "channels", "rejoin", "account", "announce"].map((name) => `irc.${name}`),
  ...["minUid", "maxUid", "hidden", "names"].map((name) => `system.${name}`),
  ...["tls", "proxyProtocol", "mode", "address"].map((name) => `listen.${name}`),
  ...["connections", "perPeer", "rate", "queryTime", "lookupTime", "idle"].map((name) => `limits.${name}`),
];

const ROOT = record(
  "a record of keys",
  {
    $schema: key("The address of the schema, for editors.", phrase()),
    users: key(
      "The path of a users file, or of a folder with a file for each user.",
      text("the path of a users file, or of a folder"),
    ),
    system: key(
      "The accounts of this machine, with their plans: true, or a record. With users, they come behind those. Default: false.",
      z.union([flag(), SYSTEM], "it must be true or false, or a record of keys such as hidden and names"),
    ),
    store: key(
      "Where statuses are kept: file:FOLDER, redis://HOST, rediss://HOST, or memory:. With users or system, of those alone.",
      storeUrl(),
    ),
    routes: key("Other sources of answers, by name: weather:oslo asks the route weather for oslo.", ROUTES),
    aliases: key(
      "Other names: the path of a file like finger.conf(5), or each alias with what it stands for.",
      ALIASES,
    ),
    show: key(
      "What is shown of whom, and to whom: the first rule that fits holds. Default: everything to everybody.",
      list("a list of rules", RULE),
    ),
    forward: key("Answers names with an @ by asking other servers. Default: that is refused.", FORWARD),
    list: key("Whether the list of all users is given. Default: true.", flag()),
    ambiguity: key(
      'What is told of a name that several users share: "refuse", "list" or "all". Default: "refuse".',
      word(["refuse", "list", "all"]),
    ),
    layout: key(
      'How records are laid out: as by the finger of Linux, "netkit", or of "freebsd", or with the status first, "modern". Default: "modern" where there is a status, or else "netkit".',
      word(["netkit", "freebsd", "modern"]),
    ),
    listen: key("Where queries are answered: one address, or several. Default: 79, of 127.0.0.1.", SOME_ADDRESSES()),
    setter: key(
      "Where statuses are set: an address, or a record. Default: nowhere.",
      z.union([ADDRESS, SETTER], "it must be an address, or a record with listen"),
    ),
    metrics: key("Where GET /metrics and GET /health are answered, over HTTP. Default: nowhere.", address()),
    http: key(
      "Where the pages are, with the package finger-adapters-http: an address, or a record. Default: nowhere.",
      z.union([ADDRESS, HTTP], "it must be an address, or a record of keys such as listen and origin"),
    ),
    irc: key(
      "Where the bot is, with the package finger-adapters-irc: ircs://nick@host/#channel, or a record. Default: nowhere.",
      z.union([ircUrl(), IRC], "it must be a URL such as ircs://nick@host/#channel, or a record with url"),
    ),
    plugins: key(
      "Modules of one's own, by the names of their services.",
      z.record(z.string(), PLUGIN, "it must be a record with a module for each name"),
    ),
    limits: key("Bounds; times are in milliseconds. false takes one away.", LIMITS),
    texts: key("What to say instead of an answer.", TEXTS),
    log: key("What is logged, and how.", LOG),
    process: key("What the command applies to its process.", PROCESS),
  },
  ELSEWHERE,
);

/** What a description with `$schema` may be: as {@link ApplicationDescription} says, no more and no less. */
export const DESCRIPTION: z.ZodMiniType<ApplicationDescription & WithSchema> = exactly<
  ApplicationDescription & WithSchema
>()(ROOT);

/** What only a file says. */
interface WithSchema {
  readonly $schema?: string | undefined;
}

/** Takes a schema only when what it lets through is what is wanted; a key in one of them alone does not compile. */
function exactly<Wanted>() {
  return <T extends z.ZodMiniType>(
    schema: T & (Same<Plain<z.output<T>>, Plain<Wanted>> extends true ? unknown : "the keys or their types differ"),
  ): z.ZodMiniType<Wanted> => schema as z.ZodMiniType<Wanted>;
}

type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

/** What may be read is what may be written: only the types of the values count. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [Name in keyof T]: Plain<T[Name]> }
    : T;
