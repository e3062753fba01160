import * as z from "zod/mini";
import type { ApplicationDescription } from "../../application/description.js";
import { ADDRESS, someAddresses } from "./address.js";
import { ALIASES } from "./aliases.js";
import { exactly } from "./exactly.js";
import { FORWARD } from "./forward.js";
import { HTTP } from "./http.js";
import { IRC } from "./irc.js";
import { LIMITS } from "./limits.js";
import { LOG } from "./log.js";
import { PLUGIN } from "./plugin.js";
import { PROCESS } from "./process.js";
import { key, record } from "./record.js";
import { ROUTES } from "./routes.js";
import { SETTER } from "./setter.js";
import { RULE } from "./show.js";
import { SYSTEM } from "./system.js";
import { TEXTS } from "./texts.js";
import { address, flag, ircUrl, list, phrase, storeUrl, text, word } from "./values.js";

// What a description may say, and what each key means: for the check, the JSON Schema and finger.config(5).

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
    listen: key("Where queries are answered: one address, or several. Default: 79, of 127.0.0.1.", someAddresses()),
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
export const DESCRIPTION: z.ZodMiniType<ApplicationDescription & WithSchema> = exactly(ROOT);

/** What only a file says. */
interface WithSchema {
  readonly $schema?: string | undefined;
}
