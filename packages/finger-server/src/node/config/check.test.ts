import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { FingerError } from "finger-protocol";
import { describe, expect, it } from "vitest";
import type { ApplicationDescription } from "../application/description.js";
import { type CheckOptions, checkDescription } from "./check.js";
import { hidePasswords } from "./hide-passwords.js";
import { toJsonSchema } from "./json-schema.js";

const isValid = new Ajv2020({ allowUnionTypes: true }).compile(toJsonSchema());

/** What is said of a description. */
function complaint(data: unknown, options: CheckOptions = { passed: [] }): string {
  try {
    checkDescription(data, "config", options);
    return "";
  } catch (error) {
    if (!FingerError.is(error) || error.code !== "ERR_FINGER_CONFIG") throw error;
    return error.message;
  }
}

const EVERYTHING: ApplicationDescription = {
  users: "users",
  system: {
    minUid: 500,
    maxUid: 50_000,
    hidden: ["deploy"],
    names: true,
    list: "all",
    programs: {
      folder: "programs",
      user: "finger",
      group: 1000,
      home: false,
      timeout: 5000,
      maxBytes: 1000,
      concurrency: 2,
    },
  },
  store: "file:statuses",
  routes: {
    weather: { program: ["/usr/bin/weather", "--", "{name}"] },
    page: { page: "https://example.org/~{name}/status.txt" },
  },
  aliases: { root: "admin", admin: "alice" },
  show: [
    { users: ["bob"], show: "hidden" },
    { networks: ["10.0.0.0/8", "local"], show: "all" },
    { show: ["name", "status", "planAt"] },
  ],
  forward: { hosts: ["plan.example", "*.lab.example"], self: ["me.example", "192.0.2.0/24"], maxHops: 2 },
  list: false,
  layout: "netkit",
  ambiguity: "list",
  listen: [
    79,
    "[::1]:79",
    "./finger.sock",
    { address: "0.0.0.0:7979", tls: { key: "key.pem", cert: "cert.pem" }, proxyProtocol: ["10.0.0.0/8"] },
    { address: "/run/finger.sock", mode: "660", proxyProtocol: [] },
  ],
  setter: {
    listen: [1079, { address: "./setter.sock" }],
    tokens: "tokens",
    networks: ["::/0"],
    limits: { rate: false },
  },
  metrics: "127.0.0.1:9079",
  http: {
    listen: { address: 8443, tls: { key: "key.pem", cert: "cert.pem" } },
    origin: "https://plan.example:8443",
    hosts: ["plan.example", "192.0.2.7"],
    base: "/~finger/v1",
    title: "Crew",
    gateway: true,
    hsts: 31_536_000,
    cors: ["https://team.example", "http://localhost:3000"],
    limits: { lookupTime: 5000, bodyBytes: 1024, misses: false, gateway: 6, streams: 100, streamsPerPeer: 2 },
  },
  irc: {
    url: "ircs://finger@irc.example",
    channels: ["#team", "#friends s3cret"],
    rejoin: true,
    account: { name: "plan", passwordFile: "irc-password", certificate: { key: "irc.key", cert: "irc.crt" } },
    gateway: true,
    announce: { channels: ["#team"], logins: ["alice"] },
    setters: { Ada: "alice" },
    host: "plan.example",
    limits: { lines: 4, perAsker: 6, perChannel: false, lookupTime: 5000, waiting: 10 },
  },
  plugins: {
    clock: { module: "./clock.mjs", options: { zone: null, hands: [1, 2.5, "long"] } },
    other: { module: "@a/b" },
  },
  limits: { queryTime: 5000, idle: false, rate: 60 },
  texts: { noSuchUser: "{name}?", closing: "" },
  log: { level: "debug", format: "json", audit: "redacted" },
  process: {
    user: "finger",
    group: 1000,
    directory: "/",
    umask: "027",
    pidfile: "pid",
    logfile: "log",
    workers: 4,
    drain: 0,
  },
};

const RIGHT: ReadonlyArray<readonly [data: unknown, why: string]> = [
  [{}, "everything has a default"],
  [EVERYTHING, "every key may be there"],
  [{ listen: "79" }, "YAML in quotes"],
  [{ listen: { address: 79 } }, "a place alone"],
  [{ store: "memory:", setter: 1079 }, "an address alone sets statuses"],
  [{ store: "memory:", setter: { address: "./s", mode: "0600" } }, "or a place alone"],
  [{ aliases: "finger.conf" }, "aliases from a file"],
  [{ users: undefined, log: { level: undefined } }, "undefined is as if it were not there"],
  [{ $schema: "./finger.config.schema.json" }, "editors want to know"],
  [{ process: { umask: "7" } }, "a mask is as short as on the command line"],
  [{ listen: 0, store: "memory:", setter: 0, metrics: "0", http: "127.0.0.1:0" }, "each gets a free port"],
  [{ store: "memory:", setter: { listen: [] }, http: 8000 }, "statuses are set on the web alone"],
  [{ http: "[::]:80" }, "an address alone has pages"],
  [{ irc: "ircs://finger@irc.example/#team" }, "a URL alone has a bot"],
  [{ system: true }, "all accounts, as they are by default"],
  [{ system: false, users: "users" }, "none of them"],
  [{ system: { programs: { home: true, user: "nobody" } } }, "who stays root can become anybody"],
  [
    { system: { programs: { home: true, user: 1 } }, process: { user: "root", group: 0 } },
    "who becomes root stays root",
  ],
  [{ system: { programs: { home: true } }, process: { user: 0 } }, "root has a number"],
  [{ system: { programs: { home: false, user: 9 } }, process: { user: "9" } }, "programs run as the server"],
  [{ system: { programs: { user: "a", group: "b" } }, process: { user: "a" } }, "that may be the group of the user"],
  [{ store: "memory:", setter: { listen: [] }, irc: { url: "irc://h", setters: {} } }, "statuses are set on IRC alone"],
  [{ http: { address: "./pages.sock", mode: "660" } }, "or a place alone"],
  [{ http: {} }, "systemd says where, or nobody"],
  [{ http: { cors: "*" } }, "all may read"],
  [{ http: { origin: "https://Plan.example/", base: "/finger/", cors: ["http://[::1]/"] } }, "as a browser shows it"],
  [{ http: { base: "/" } }, "the root is a path"],
  [{ http: { hosts: ["plan.example:8443", "bücher.example", "[::1]", "Plan.example"] } }, "as URLs have hosts"],
  [{ listen: 8000, http: 80 }, "pages are not at their default"],
  [{ listen: [79, "[::]:79", "host:79"] }, "one port of several addresses"],
  [{ store: "redis://me:secret@[::1]:6380/2" }, "all that a URL of Redis may have"],
  [{ store: "memory:", setter: { listen: 1, limits: { statusBytes: 65_536 } } }, "the most that there is"],
  [Object.create(null), "parsers make records without a prototype"],
];

it.each(RIGHT)("takes %o: %s", (data) => {
  expect(complaint(data)).toBe("");
  expect(isValid(JSON.parse(JSON.stringify(data)))).toBe(true);
});

it("gives a copy, without what is undefined and without $schema", () => {
  const given = Object.freeze({
    $schema: "x",
    users: undefined,
    log: Object.freeze({ level: "warn", audit: undefined }),
  });
  const description = checkDescription(given, "config");
  expect(Object.keys(description)).toEqual(["log"]);
  expect(Object.keys(description.log ?? {})).toEqual(["level"]);
  expect(checkDescription(EVERYTHING, "config")).toEqual(EVERYTHING);
});

const ADDRESS = "PORT, HOST:PORT, [IPV6]:PORT, or the path of a Unix socket, such as ./setter.sock";

/** What JSON Schema sees as well, roughly: its words are for editors. */
const WRONG: ReadonlyArray<readonly [data: unknown, message: string, why: string]> = [
  [5, "the whole is 5: it must be a record of keys.", "no record at all"],
  [[], "the whole is a list: it must be a record of keys.", "nor is a list one"],
  [{ stroe: "memory:" }, 'stroe is "memory:": there is no such key; did you mean "store"?', "a slip"],
  [{ port: 79 }, 'port is 79: there is no such key; did you mean "listen"?', "an option of the command"],
  [
    { pidfile: "x" },
    'pidfile is "x": there is no such key; did you mean "process.pidfile"?',
    "a key of another record",
  ],
  [{ listen: { port: 79 } }, 'listen.port is 79: there is no such key; did you mean "address"?', "as Node has it"],
  [
    { log: { colour: true } },
    "log.colour is true: there is no such key; there are level, format, audit.",
    "nothing is like it",
  ],
  [{ users: 5 }, "users is 5: it must be the path of a users file, or of a folder; put it in quotes.", "a number"],
  [{ users: "" }, 'users is "": it must be the path of a users file, or of a folder.', "no path"],
  [{ users: null }, "users is null: it must be the path of a users file, or of a folder.", "null is a value"],
  [{ list: "yes" }, 'list is "yes": it must be true or false.', "YAML 1.2 has no yes"],
  [
    { store: "statuses" },
    'store is "statuses": it is no store; write file:FOLDER, redis://HOST, or memory:.',
    "no URL",
  ],
  [{ listen: 65536 }, "listen is 65536: it must be a port, a number from 0 to 65535.", "no port"],
  [{ listen: "host" }, `listen is "host": it is no address; write ${ADDRESS}.`, "no port is named"],
  [
    { listen: [79, true] },
    "listen[1] is true: it must be PORT, HOST:PORT, [IPV6]:PORT, the path of a Unix socket, or a record with an address.",
    "the branch that is meant is that of lists",
  ],
  [
    { setter: { listen: [1, { address: 2, tls: { cert: "c", key: 5 } }] }, store: "memory:" },
    "setter.listen[1].tls.key is 5: it must be the path of a private key in PEM; put it in quotes.",
    "deep within unions",
  ],
  [
    { setter: { listen: 1, tokns: "x" }, store: "memory:" },
    'setter.tokns is "x": there is no such key; did you mean "tokens"?',
    "the branch that is meant is that of setters",
  ],
  [
    { setter: { address: 1, mod: "660" }, store: "memory:" },
    'setter.mod is "660": there is no such key; did you mean "mode"?',
    "the branch that is meant is that of places",
  ],
  [{ listen: { adress: 79 } }, 'listen.adress is 79: there is no such key; did you mean "address"?', "it is told once"],
  [
    { listen: { address: 79, tls: { key: "k" } } },
    "listen.tls.cert is missing: it must be the path of a certificate in PEM.",
    "half of it",
  ],
  [
    { listen: { address: "./s", mode: 660 } },
    'listen.mode is 660: it must be one to four digits in octal, such as "660"; put it in quotes.',
    "what number is it?",
  ],
  [
    { process: { umask: "99" } },
    'process.umask is "99": it is no number in octal; write one to four digits, such as 027.',
    "not octal",
  ],
  [{ process: { workers: 0 } }, "process.workers is 0: it must be a whole number from 1 to 999.", "nobody would work"],
  [{ process: { user: "a b" } }, 'process.user is "a b": it must be the name or the number of a user.', "no name"],
  [{ process: { group: -1 } }, "process.group is -1: it must be the name or the number of a group.", "no number"],
  [
    { process: { drain: 5 } },
    "process.drain is 5: times are in milliseconds; write 5000 for 5 seconds.",
    "meant in seconds",
  ],
  [
    { limits: { queryTime: 10 } },
    "limits.queryTime is 10: times are in milliseconds; write 10000 for 10 seconds.",
    "meant in seconds",
  ],
  [
    { limits: { idle: 0.5 } },
    "limits.idle is 0.5: times are in milliseconds; write 500 for 0.5 seconds.",
    "meant in seconds",
  ],
  [
    { limits: { idle: 3e9 } },
    "limits.idle is 3000000000: no timer measures that; write false for none.",
    "it would be over at once",
  ],
  [
    { limits: { rate: 0 } },
    "limits.rate is 0: it must be a positive whole number, or false for none.",
    "none is false",
  ],
  [
    { limits: { rate: true } },
    "limits.rate is true: it must be a positive whole number, or false for none.",
    "on is a number",
  ],
  [{ limits: { rat: 5 } }, 'limits.rat is 5: there is no such key; did you mean "rate"?', "a slip"],
  [{ log: { level: "wran" } }, 'log.level is "wran": there is no such word; did you mean "warn"?', "a slip"],
  [{ log: { level: 3 } }, 'log.level is 3: it must be "debug", "info", "warn" or "error".', "a level of syslog"],
  [{ log: { audit: "full" } }, 'log.audit is "full": it must be true, false or "redacted".', "no such word"],
  [{ show: [{ show: ["nam"] }] }, 'show[0].show[0] is "nam": there is no such word; did you mean "name"?', "no field"],
  [
    { show: [{ networks: ["home"], show: "all" }] },
    'show[0].networks[0] is "home": it is no network; write one such as 10.0.0.0/8 or 2001:db8::/32.',
    "no network",
  ],
  [
    { forward: { hosts: ["a b"] } },
    'forward.hosts[0] is "a b": it is no host name; write one such as example.org or *.example.org.',
    "no host",
  ],
  [{ forward: { maxHops: 0 } }, "forward.maxHops is 0: it must be a whole number from 1 to 100.", "the first is a hop"],
  [
    { routes: { w: { progam: [] } } },
    'routes.w.progam is a list: there is no such key; did you mean "program"?',
    "a slip",
  ],
  [{ routes: { w: "x" } }, 'routes.w is "x": it must be a record with a program, or a page.', "no record"],
  [
    { routes: { w: { page: "http://h/" } } },
    'routes.w.page is "http://h/": it cannot be used: it must have {name} in it, once.',
    "no name in it",
  ],
  [
    { irc: "irc.example" },
    'irc is "irc.example": it is no URL of an IRC server; write one such as ircs://nick@host/#channel.',
    "no URL",
  ],
  [
    { irc: { url: "ircs://h", chanels: [] } },
    'irc.chanels is a list: there is no such key; did you mean "channels"?',
    "a slip",
  ],
  [
    { system: { minUid: -1 } },
    "system.minUid is -1: it must be a whole number from 0 to 4294967294.",
    "no number of an account",
  ],
  [{ system: { list: "on" } }, 'system.list is "on": it must be "online" or "all".', "no such word"],
  [
    { system: "yes" },
    'system is "yes": it must be true or false, or a record of keys such as hidden and names.',
    "neither",
  ],
  [
    { irc: { url: "ircs://h", channels: ["team"] } },
    'irc.channels[0] is "team": it must be a channel such as #friends, or with its key "#friends secret".',
    "no channel",
  ],
  [
    { plugins: { p: { module: "" } } },
    'plugins.p.module is "": it must be a path that begins with a dot or a slash, or the name of a package.',
    "no module",
  ],
  [
    { http: { listen: [80, 81] } },
    "http.listen is a list: it must be PORT, HOST:PORT, [IPV6]:PORT, the path of a Unix socket, or a record with an address.",
    "there is one",
  ],
  [{ http: { titel: "x" } }, 'http.titel is "x": there is no such key; did you mean "title"?', "a slip"],
  [{ origin: "x" }, 'origin is "x": there is no such key; did you mean "http.origin"?', "a key of another record"],
  [
    { http: { origin: "plan.example" } },
    'http.origin is "plan.example": it must be a scheme and a host, such as https://plan.example, and nothing behind them.',
    "no scheme",
  ],
  [
    { http: { origin: "https://plan.example/a" } },
    'http.origin is "https://plan.example/a": it must be a scheme and a host, such as https://plan.example, and nothing behind them.',
    "a path",
  ],
  [
    { http: { hosts: ["*.example"] } },
    'http.hosts[0] is "*.example": it must be one host; name each of them.',
    "an account is at one host",
  ],
  [
    { http: { hosts: ["a b"] } },
    'http.hosts[0] is "a b": it must be a host such as plan.example, or plan.example:8443.',
    "no host",
  ],
  [
    { http: { hosts: ["plan.example/"] } },
    'http.hosts[0] is "plan.example/": it must be a host such as plan.example, or plan.example:8443.',
    "a path",
  ],
  [{ http: { base: "finger/" } }, 'http.base is "finger/": it must be a path such as /finger.', "no path"],
  [{ http: { base: "//" } }, 'http.base is "//": it must be a path such as /finger.', "one slash is as none, not two"],
  [{ http: { title: "" } }, 'http.title is "": it must not be empty.', "a page without a heading"],
  [
    { http: { limits: { lookupTime: 5 } } },
    "http.limits.lookupTime is 5: times are in milliseconds; write 5000 for 5 seconds.",
    "meant in seconds",
  ],
  [
    { http: { limits: { stream: 5 } } },
    'http.limits.stream is 5: there is no such key; did you mean "streams"?',
    "a slip",
  ],
  [
    { http: { listen: { address: 443, tls: { key: "k", cert: "c" } }, hsts: -1 } },
    "http.hsts is -1: it must be a whole number from 0 to 2147483647.",
    "no time",
  ],
  [{ http: { cors: "all" } }, 'http.cors is "all": it must be "*", or a list of origins.', "no such word"],
  [
    { http: { cors: ["*"] } },
    'http.cors[0] is "*": it must be a scheme and a host, such as https://plan.example, and nothing behind them.',
    "all stands alone",
  ],
  [{ listen: [] }, "listen is a list: it must have an address in it, or be left out.", "nowhere at all"],
  [
    { store: "memory:", setter: { listen: 1, limits: { statusBytes: 65_537 } } },
    "setter.limits.statusBytes is 65537: it must be a whole number from 1 to 65536, or false for as much.",
    "no store keeps more",
  ],
  [
    { log: { apiToken: "s3cret" } },
    "log.apiToken has a value that is not shown: there is no such key; there are level, format, audit.",
    "a secret by its name",
  ],
  [
    { listen: { address: 79, tls: { passphrase: 5, key: "k", cert: "c" } } },
    "listen.tls.passphrase has a value that is not shown: there is no such key; there are key, cert.",
    "a number may be one",
  ],
  [{ texts: { closing: 5 } }, "texts.closing is 5: it must be a text; put it in quotes.", "a number"],
];

/** What goes together, and what no pattern tells. */
const WRONG_ALL_THE_SAME: typeof WRONG = [
  [
    { irc: "irc://a b@h" },
    'irc is "irc://…@h": it is no URL of an IRC server; write one such as ircs://nick@host/#channel.',
    "a blank",
  ],
  [
    { irc: { url: "ircs://bot:pw@h/#f" } },
    'irc.url is "ircs://…@h/": it must be without a password; see irc.account.passwordFile.',
    "a password, which is not shown",
  ],
  [{ irc: "ircs://a%20b@h" }, 'irc is "ircs://…@h": it must have a nick that is one.', "no nick"],
  [
    { irc: { url: "ircs://h", setters: { Ada: "alice" } } },
    'irc.setters is a record: it sets by the setter; write setter: { "listen": [] }, or where it listens, too.',
    "nothing to set by",
  ],
  [
    { irc: { url: "irc://h", account: { certificate: { key: "k", cert: "c" } } } },
    "irc.account.certificate is a record: it is of TLS alone; write ircs:// in irc.url.",
    "a certificate that nobody sees",
  ],
  [
    { setter: 1079 },
    "setter is 1079: say where statuses are to be kept with store, such as file:statuses.",
    "they would be lost",
  ],
  [
    { store: "memory:", process: { workers: 2 } },
    'store is "memory:": each of the 2 workers would have a memory of its own; write file:FOLDER or redis://HOST.',
    "each would answer otherwise",
  ],
  [
    { system: { programs: { home: true } }, process: { user: "nobody" } },
    'system.programs.home is true: only a server that stays root can run ~/.efingerd as its user, but this one becomes user "nobody"; leave home out, or stay root without process.user and --user.',
    "none would ever run",
  ],
  [
    { system: { programs: { user: "games" } }, process: { user: "nobody" } },
    'system.programs.user is "games": only a server that stays root can run programs as another user, but this one becomes user "nobody"; leave user out, or stay root without process.user and --user.',
    "it could not become that one any more",
  ],
  [
    { system: { programs: { user: 65534 } }, process: { user: "nobody" } },
    'system.programs.user is 65534: only a server that stays root can run programs as another user, but this one becomes user "nobody"; leave user out, or stay root without process.user and --user.',
    "nobody looks up whose number that is",
  ],
  [
    { system: { programs: { user: "nobody", group: "games" } }, process: { user: "nobody", group: 65534 } },
    'system.programs.group is "games": only a server that stays root can run programs as another group, but this one becomes group 65534; leave group out, or stay root without process.user and --user.',
    "nor be in that group",
  ],
  [
    { listen: [7981, "7981"] },
    'listen[1] is "7981": listen[0] is the same address; remove one, or choose another.',
    "as number and text",
  ],
  [
    { listen: ["127.0.0.1:7981", { address: 7981 }] },
    "listen[1].address is 7981: listen[0] is the same address; remove one, or choose another.",
    "with its default host, and as a record",
  ],
  [
    { listen: ["[::1]:79", "[0:0::1]:79"] },
    'listen[1] is "[0:0::1]:79": listen[0] is the same address; remove one, or choose another.',
    "an IPv6 address has many forms",
  ],
  [
    { listen: ["./s", "a/../s"] },
    'listen[1] is "a/../s": listen[0] is the same address; remove one, or choose another.',
    "a path has many forms",
  ],
  [
    { listen: 79, store: "memory:", setter: { listen: [1079, 79] } },
    "setter.listen[1] is 79: listen is the same address; remove one, or choose another.",
    "of two services",
  ],
  [
    { store: "memory:", setter: { address: 1079 }, http: "1079" },
    'http is "1079": setter.address is the same address; remove one, or choose another.',
    "of two others",
  ],
  [
    { listen: 8000, http: { listen: { address: "127.0.0.1:8000" } } },
    'http.listen.address is "127.0.0.1:8000": listen is the same address; remove one, or choose another.',
    "of pages with more about them",
  ],
  [
    { http: { address: 8000, proxyProtocol: ["10.0.0.0/8"] } },
    "http.proxyProtocol is a list: the pages do not speak the PROXY protocol; leave it out.",
    "nobody would be heard",
  ],
  [
    { http: { listen: { address: 8000, proxyProtocol: ["10.0.0.0/8"] } } },
    "http.listen.proxyProtocol is a list: the pages do not speak the PROXY protocol; leave it out.",
    "wherever it stands",
  ],
  [
    { http: { listen: 8000, hsts: 60 } },
    "http.hsts is 60: it is of HTTPS alone; give http.listen a certificate by tls.",
    "no browser would heed it",
  ],
  [
    { http: { origin: "https://plan.example:99999" } },
    'http.origin is "https://plan.example:99999": it must be a scheme and a host, such as https://plan.example, and nothing behind them.',
    "no port",
  ],
  [
    { http: { hosts: ["plan.example", "plan.example:99999"] } },
    'http.hosts[1] is "plan.example:99999": it must be a host such as plan.example, or plan.example:8443.',
    "no port",
  ],
  [
    { http: { hosts: [".example"] } },
    'http.hosts[0] is ".example": it must be a host such as plan.example, or plan.example:8443.',
    "URLs may have it, and nobody else",
  ],
  [
    { http: { base: "/a/../b" } },
    'http.base is "/a/../b": it must be a path such as /finger.',
    "nobody would ask for it",
  ],
  [
    { listen: 8000, http: {} },
    "http.listen is missing: its default is 8000, and listen is the same address; remove one, or choose another.",
    "pages have a port where none is said",
  ],
  [
    { store: "memory:", setter: { listen: [] } },
    "setter.listen is a list: nobody could set anything; put an address into it, or say http or irc.setters, too.",
    "it has neither a port nor pages",
  ],
  [
    { listen: [0, "0"] },
    'listen[1] is "0": listen[0] is the same address, by which the ports of a service are told apart; remove one.',
    "free ports have one name",
  ],
  [
    { store: "redis://host:99999" },
    'store is "redis://host:99999": it must be like redis://localhost:6379/0 or rediss:…, but it is no URL with a host, and a number as its port.',
    "no port",
  ],
  [
    { store: "redis://host?password=s3cret" },
    'store is "redis://…": it must be like redis://localhost:6379/0 or rediss:…, but it has a query or a fragment.',
    "no options",
  ],
  [
    { listen: { address: 79, mode: "660" } },
    'listen.mode is "660": only a Unix socket has permissions.',
    "a port has none",
  ],
  [
    { listen: { address: 79, proxyProtocol: [] } },
    "listen.proxyProtocol is a list: it must name the networks of the proxies; without them nobody could connect.",
    "nobody could connect",
  ],
  [{ aliases: { a: "b", b: "a" } }, 'aliases is a record: the aliases lead in a circle: "a" -> "b" -> "a".', "no end"],
  [
    { routes: { "a:b": { page: "http://h/{name}" } } },
    'routes["a:b"] is a record: nobody could ask for this name; choose another, without a colon.',
    "the first colon counts",
  ],
  [
    { routes: { w: { program: ["weather"] } } },
    'routes.w.program is a list: it must begin with the absolute path of a program, for no PATH is searched, but begins with "weather".',
    "no path",
  ],
  [
    { routes: { w: { page: "https://me:secret@h/{name}" } } },
    'routes.w.page is "https://…@h/{name}": it cannot be used: put a user and a password into the option headers.',
    "the password is not told",
  ],
];

describe.each([...WRONG, ...WRONG_ALL_THE_SAME])("of %j", (data, message, why) => {
  it(`says what is wrong: ${why}`, () => {
    expect(complaint(data)).toBe(`config: ${message}`);
  });
});

it.each(WRONG)("the JSON Schema refuses %j too", (data) => {
  expect(isValid(data)).toBe(false);
});

it.each(WRONG_ALL_THE_SAME)("the JSON Schema does not know about %j", (data) => {
  expect(isValid(data)).toBe(true);
});

it("does not ask of a part that it goes together, for the rest may come from elsewhere", () => {
  expect(complaint({ setter: 1079 }, { isPart: true })).toBe("");
  expect(complaint({ setter: "x" }, { isPart: true })).not.toBe("");
});

it.each(["setter", "http"])("knows that a socket which was passed for %s stands for an address", (name) => {
  expect(complaint({ store: "memory:", setter: { listen: [] } }, { passed: [name] })).toBe("");
});

it("does not miss an address where a socket was passed, or may have been", () => {
  expect(complaint({ listen: 8000, http: {} }, { passed: ["http"] })).toBe("");
  expect(complaint({ store: "memory:", setter: { listen: [] } }, {})).toBe("");
});

it("tells ten mistakes in ten lines", () => {
  const data = {
    users: 5,
    stroe: "memory:",
    list: "no",
    listen: [79, "x", { address: 1, tls: { key: 1, cert: "c" } }],
    limits: { queryTime: 10, rate: 0 },
    log: { level: "loud" },
    process: { workers: 0, umask: "8" },
  };
  const [head, ...lines] = complaint(data).split("\n");
  expect(head).toBe("There are 10 mistakes in config:");
  expect(lines.map((line) => /^- config: (\S+) is /.exec(line)?.[1]).sort()).toEqual(
    [
      ...["limits.queryTime", "limits.rate", "list", "listen[1]", "listen[2].tls.key", "log.level"],
      ...["process.umask", "process.workers", "stroe", "users"],
    ].sort(),
  );
});

function createCycle(): unknown {
  const outer: Record<string, unknown> = {};
  outer["inner"] = { outer };
  return outer;
}

function nest(times: number, wrap: (inner: unknown) => unknown): unknown {
  return Array.from({ length: times }).reduce<unknown>(wrap, "x");
}

const STRANGE: ReadonlyArray<readonly [why: string, make: () => unknown, message: string]> = [
  ["TOML and JavaScript have dates", () => new Date(0), " is a date: it must be a text; put the date in quotes."],
  ["no file says a Map", () => new Map(), " is an object of a class: it must be plain data"],
  ["the source of a function is not told", () => () => "secret", " is a function: it must be plain data"],
  ["no file says a symbol", () => Symbol("x"), " is a symbol: it must be plain data"],
  ["no file says a big number", () => 10n, " is 10n: it must be a usual number, without n behind it."],
  ["JSON cannot say NaN", () => Number.NaN, " is NaN: it must be a number that can be written."],
  ["JSON cannot say Infinity", () => Infinity, " is Infinity: it must be a number that can be written."],
  ["a URL has no keys", () => new URL("http://h"), " is an object of a class: it must be plain data"],
  ["a promise is not waited for", () => Promise.resolve(1), " is an object of a class: it must be plain data"],
  ["a comma too many", () => new Array(1), "[0] is missing: a list has no gaps; remove it."],
  ["no file holds half a character", () => "\ud800", ": it has half a character"],
  [
    "nobody means __proto__",
    () => JSON.parse('{"__proto__": {}}'),
    ".__proto__ is a record: nothing may have this name.",
  ],
  ["a circle has no end", createCycle, ".inner.outer is a record: it must not be within itself."],
  ["what is shared is copied", () => nest(25, (x) => [x, x]), "there are no more than 10000 records and lists."],
  ["the stack has an end", () => nest(100_000, (x) => [x]), "is a list: records and lists go no deeper than 32."],
];

it.each(STRANGE)("refuses options of a plug-in that are no plain data: %s", (_, make, message) => {
  const error = complaint({ plugins: { p: { module: "p", options: make() } } });
  expect(error).toContain("config: plugins.p.options");
  expect(error).toContain(message);
});

it("tells of what is strange once, even where something must be", () => {
  expect(complaint({ listen: [new Date(0)], plugins: { p: { module: () => {} } } }).split("\n")).toHaveLength(3);
});

it.each([
  ["redis:/me:s3cret@host", "redis:/…@host", "a slash is missing"],
  ["rediss:me:s3cret/@host", "rediss:…@host", "slashes are missing"],
  ["redis//:s3cret@host", "…@host", "the colon is missing"],
  ["redis6://:s3cret@h", "redis6://…@h", "another version"],
  ["http://me:s3c@ret@host", "http://…@host", "another protocol"],
  ["me:s3cret@host", "…@host", "no protocol"],
  ["s3cret@host", "…@host", "nothing but the password"],
  [" redis://:s3cret@host", "…@host", "a blank before it"],
  ["redis://:s3cret", "redis://…", "the host is missing"],
  ["redis://me:@host?password=s3cret", "redis://…@host", "a password behind the host"],
])("does not tell the password of %s, but %s: %s", (store, shown) => {
  for (const key of ["store", "stroe"]) {
    const error = complaint({ [key]: store });
    expect(error).toContain(`config: ${key} is "${shown}": `);
    expect(error).not.toContain("s3c");
  }
});

it.each([
  ["Cannot parse redis6://:s3cret@h at 5", "Cannot parse redis6://…@h at 5"],
  ["Cannot parse redis//:s3cret@h", "Cannot parse redis//:…@h"],
  ["Cannot find package 'x' imported from /node_modules/a@1/b.js", undefined],
])("tells of what others say in %j no password", (message, shown = message) => {
  expect(hidePasswords(message)).toBe(shown);
});

it("has the JSON Schema of the package up to date; else run scripts/write-schema.mjs", () => {
  const file = new URL("../../../finger.config.schema.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(toJsonSchema());
});

it("has a description of every key in the JSON Schema", () => {
  const without: string[] = [];
  JSON.stringify(toJsonSchema(), (_, value) => {
    for (const [name, property] of Object.entries(value?.properties ?? {})) {
      if (!(property as { description?: string }).description) without.push(name);
    }
    return value;
  });
  expect(without).toEqual([]);
});
