import { expect, it } from "vitest";
import type { ApplicationDescription } from "../application/description.js";
import { OPTIONS, type OptionName, parseCommandLine } from "./command-line.js";
import { applyOptions } from "./describe.js";
import { UsageError } from "./exit-code.js";

function describeBy(argv: readonly string[], base: ApplicationDescription = {}, env = {}): ApplicationDescription {
  return applyOptions(base, parseCommandLine(argv).values, env);
}

/** What an option says where the config says nothing, and where it says something else. */
const OPTION_ROWS: ReadonlyArray<
  [argv: string[], alone: ApplicationDescription, config: ApplicationDescription, both: ApplicationDescription]
> = [
  [["--users", "u"], { users: "u" }, { users: "c", list: false }, { users: "u", list: false }],
  [["--store", "file:s"], { store: "file:s" }, { store: "memory:" }, { store: "file:s" }],
  [["--port", "7979"], { listen: 7979 }, { listen: ["[::]:79", 80] }, { listen: 7979 }],
  [["--host", "::1"], { listen: "[::1]:79" }, { listen: 7979 }, { listen: "[::1]:79" }],
  [["--host", "a", "--port", "0"], { listen: "a:0" }, { listen: "b:1" }, { listen: "a:0" }],
  [
    ["--port", "7979"],
    { listen: 7979 },
    { listen: { address: "[::]:79", tls: { key: "k", cert: "c" } } },
    { listen: { address: 7979, tls: { key: "k", cert: "c" } } },
  ],
  [
    ["--setter", "1079"],
    { setter: { listen: "1079" } },
    { setter: { listen: 1, tokens: "t", networks: ["::1"] } },
    { setter: { listen: "1079", tokens: "t", networks: ["::1"] } },
  ],
  [
    ["--setter", "1", "--tokens", "t"],
    { setter: { listen: "1", tokens: "t" } },
    { setter: { listen: 2, tokens: "c" } },
    { setter: { listen: "1", tokens: "t" } },
  ],
  [["--http", "80"], { http: "80" }, { http: 8080 }, { http: "80" }],
  [
    ["--http", "80"],
    { http: "80" },
    { http: { address: 443, tls: { key: "k", cert: "c" } } },
    { http: { address: "80", tls: { key: "k", cert: "c" } } },
  ],
  [
    ["--http", "80"],
    { http: "80" },
    { http: { listen: { address: 443, tls: { key: "k", cert: "c" } }, title: "Crew" } },
    { http: { listen: { address: "80", tls: { key: "k", cert: "c" } }, title: "Crew" } },
  ],
  [["--http", "80"], { http: "80" }, { http: { title: "Crew" } }, { http: { title: "Crew", listen: "80" } }],
  [["--system"], { system: true }, { system: false }, { system: true }],
  [["--system"], { system: true }, { system: { names: true } }, { system: { names: true } }],
  [["--irc", "irc://a@b"], { irc: "irc://a@b" }, { irc: "irc://c@d" }, { irc: "irc://a@b" }],
  [
    ["--irc", "irc://a@b"],
    { irc: "irc://a@b" },
    { irc: { url: "irc://c@d", rejoin: true } },
    { irc: { url: "irc://a@b", rejoin: true } },
  ],
  [["--metrics", "9079"], { metrics: "9079" }, { metrics: 1 }, { metrics: "9079" }],
  [
    ["--proxy-protocol", "10.0.0.0/8, ::1", "--proxy-protocol", "192.0.2.1"],
    { listen: [{ address: 79, proxyProtocol: ["10.0.0.0/8", "::1", "192.0.2.1"] }] },
    { listen: [{ address: 1, proxyProtocol: ["::2"], mode: "600" }, "./s"], setter: 2 },
    {
      listen: [{ address: 1, proxyProtocol: ["10.0.0.0/8", "::1", "192.0.2.1"], mode: "600" }, "./s"],
      setter: { listen: [{ address: 2, proxyProtocol: ["10.0.0.0/8", "::1", "192.0.2.1"] }] },
    },
  ],
  [
    ["--limit", "query-time=2.5", "--limit", "rate=off"],
    { limits: { queryTime: 2500, rate: false } },
    { limits: { rate: 1, idle: 2000 } },
    { limits: { queryTime: 2500, rate: false, idle: 2000 } },
  ],
  [
    ["--workers", "2"],
    { process: { workers: 2 } },
    { process: { workers: 8, drain: 0 } },
    { process: { workers: 2, drain: 0 } },
  ],
  [["--pidfile", "p"], { process: { pidfile: "p" } }, { process: { pidfile: "c" } }, { process: { pidfile: "p" } }],
  [["--logfile", "l"], { process: { logfile: "l" } }, { process: { logfile: "c" } }, { process: { logfile: "l" } }],
  [
    ["--user", "u"],
    { process: { user: "u" } },
    { process: { user: 1, group: 2 } },
    { process: { user: "u", group: 2 } },
  ],
  [["--group", "g"], { process: { group: "g" } }, { process: { group: 2 } }, { process: { group: "g" } }],
  [["--umask", "027"], { process: { umask: "027" } }, { process: { umask: "077" } }, { process: { umask: "027" } }],
  [
    ["--directory", "/d"],
    { process: { directory: "/d" } },
    { process: { directory: "/" } },
    { process: { directory: "/d" } },
  ],
  [["--audit"], { log: { audit: true } }, { log: { audit: "redacted" } }, { log: { audit: true } }],
  [["--log-level", "warn"], { log: { level: "warn" } }, { log: { level: "debug" } }, { log: { level: "warn" } }],
  [
    ["--log-format", "json"],
    { log: { format: "json" } },
    { log: { format: "human", level: "warn" } },
    { log: { format: "json", level: "warn" } },
  ],
  [["--debug"], { log: { level: "debug" } }, { log: { level: "error" } }, { log: { level: "debug" } }],
  [["--debug", "--log-level", "warn"], { log: { level: "debug" } }, {}, { log: { level: "debug" } }],
];

it.each(OPTION_ROWS)("of %j makes %o, and of it with %o makes %o", (argv, alone, config, both) => {
  const before = structuredClone(config);
  expect(describeBy(argv)).toEqual(alone);
  expect(describeBy(argv, config)).toEqual(both);
  expect(config).toEqual(before);
});

/** They say what the command does, and not what it is made of. */
const ELSEWHERE: readonly OptionName[] = [
  ...(["inetd", "config", "passphrase-file", "check", "print-config", "daemon", "help", "version"] as const),
];

it("has a row for every option that describes something", () => {
  const told = new Set(OPTION_ROWS.flatMap(([argv]) => argv.filter((word) => word.startsWith("--"))));
  const all = Object.keys(OPTIONS).filter((name) => !ELSEWHERE.includes(name as OptionName));
  expect([...told].sort()).toEqual(all.map((name) => `--${name}`).sort());
});

it.each(ELSEWHERE)("describes nothing by --%s", (name) => {
  expect(describeBy(OPTIONS[name].type === "string" ? [`--${name}`, "x"] : [`--${name}`])).toEqual({});
});

const WHOLE: ApplicationDescription = {
  users: "u",
  listen: ["[::]:79", { address: "./s", mode: "660" }],
  setter: { listen: 1079, tokens: "t" },
  limits: { rate: 1 },
  texts: { listDenied: "No." },
  log: { audit: true },
  process: { user: "finger" },
};

it("leaves a config alone when there is no option", () => {
  expect(describeBy([], WHOLE)).toEqual(WHOLE);
});

const STORES: ReadonlyArray<[argv: string[], env: object, config: string | undefined, store: string, why: string]> = [
  [[], { FINGER_STORE: "redis://a" }, undefined, "redis://a", "the environment is enough"],
  [[], { FINGER_STORE: "redis://a" }, "memory:", "redis://a", "it counts before the config"],
  [["--store", "file:s"], { FINGER_STORE: "redis://a" }, "memory:", "file:s", "the option counts before both"],
  [[], {}, "memory:", "memory:", "the config is enough"],
];

it.each(STORES)("of %j, %o and the config's %j keeps statuses in %s: %s", (argv, env, store, wanted) => {
  expect(describeBy(argv, { store }, env).store).toBe(wanted);
});

const MISTAKES: ReadonlyArray<[argv: string[], message: string, why: string]> = [
  [["--store", "statuses"], '"statuses" is no store; write file:FOLDER', "a store of no kind"],
  [["--store", "file://x"], "is no store", "x would be a host"],
  [["--port", "79x"], '--port "79x" is no port', "a port that is none"],
  [["--port", "65536"], '--port "65536" is no port', "one that is too high"],
  [["--setter", "here"], '--setter "here" is no address', "an address that is none"],
  [["--setter", "::1:1079"], '--setter "::1:1079" is no address', "it could end anywhere"],
  [["--metrics", "x"], '--metrics "x" is no address', "of metrics, too"],
  [["--http", "x"], '--http "x" is no address', "and of pages"],
  [["--tokens", "t"], "--tokens is for --setter", "nobody asks for them"],
  [["--proxy-protocol", "lo"], '"lo" is no network', "a network that is none"],
  [["--proxy-protocol", "10.0.0.0/8,"], '"" is no network', "a comma too many"],
  [["--workers", "0"], '--workers "0" is no number of processes; give one from 1 to 999', "nobody to answer"],
  [["--workers", "1e3"], '--workers "1e3" is no number of processes', "a number of another kind"],
  [["--umask", "u=rwx"], '--umask "u=rwx" is no number in octal', "a mask of a shell"],
  [["--umask", "088"], '--umask "088" is no number in octal', "no octal"],
  [["--log-level", "loud"], '--log-level must be debug or info or warn or error, but is "loud"', "no level"],
  [["--log-format", "xml"], '--log-format must be human or json, but is "xml"', "no format"],
  [["--limit", "rates=1"], "the limits are query-bytes, query-time", "a limit that there is not"],
  [["--limit", "rate"], "write rate=NUMBER, or rate=off", "no value"],
  [["--limit", "rate=1=2"], "write rate=NUMBER, or rate=off", "two of them"],
  [["--limit", "rate=0"], '--limit "rate=0" is no limit', "nothing at all"],
  [["--limit", "rate=1.5"], "write rate=NUMBER, or rate=off", "half a query"],
  [["--limit", "idle=soon"], "write idle=NUMBER of seconds, or idle=off", "no number"],
];

it.each(MISTAKES)("refuses %j with %j: %s", (argv, message) => {
  expect(() => describeBy(argv)).toThrow(UsageError);
  expect(() => describeBy(argv)).toThrow(message);
});
