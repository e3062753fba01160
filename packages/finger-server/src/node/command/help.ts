import { OPTIONS, type OptionName } from "./command-line.js";

/** What an option does. The help and the manual page are made of these. */
export interface OptionHelp {
  /** What stands behind the option. */
  readonly argument?: string | undefined;
  readonly text: string;
}

/** Options that belong together, under a heading. */
export type OptionGroup = readonly [heading: string, options: { readonly [Name in OptionName]?: OptionHelp }];

/** The order is that of the help. */
export const OPTION_GROUPS: readonly OptionGroup[] = [
  [
    "Whom it answers for",
    {
      users: {
        argument: "FILE",
        text: 'lines "login: status", records in .json or .yaml, or a folder with a file a user; followed as it changes',
      },
      system: { text: "the accounts of this machine, with their plans" },
      store: {
        argument: "URL",
        text: "statuses that can be set: file:FOLDER, redis://HOST, or memory:; with --users, of those users only (default without --users: a folder of your own)",
      },
    },
  ],
  [
    "Where it answers",
    {
      port: { argument: "NUMBER", text: "the port; 0 takes a free one (default: 79)" },
      host: { argument: "ADDRESS", text: "the address; :: means all (default: 127.0.0.1)" },
      setter: {
        argument: "ADDRESS",
        text: "where statuses are set: PORT, HOST:PORT, [IPV6]:PORT, or the path of a Unix socket. It takes a token from other machines, and for a login that has one",
      },
      tokens: { argument: "FILE", text: "where the tokens are (default: in the store)" },
      http: { argument: "ADDRESS", text: "answer as web pages, too; takes finger-adapters-http" },
      irc: {
        argument: "URL",
        text: "answer on IRC, too: ircs://nick@host/#channel; takes finger-adapters-irc",
      },
      metrics: { argument: "ADDRESS", text: "/metrics for Prometheus, and /health, over HTTP" },
      "proxy-protocol": {
        argument: "NETWORK",
        text: "the proxies in front, such as 10.0.0.0/8, which tell who asks; nobody else may connect",
      },
      inetd: { text: "answer one query on standard input, and end" },
    },
  ],
  [
    "Bounds",
    {
      limit: {
        argument: "NAME=VALUE",
        text: "one bound, or off: query-bytes (1024), query-time (10 s), lookup-time (10 s), idle (30 s), answer-bytes (1048576), connections (256), per-peer (8), rate (30 a minute of one peer)",
      },
      workers: { argument: "NUMBER", text: "processes that share the ports (default: 1)" },
    },
  ],
  [
    "Configuration",
    {
      config: {
        argument: "FILE",
        text: "all of this and more, finger.config(5); options count before it (default: finger.config.* of this folder)",
      },
      "passphrase-file": { argument: "FILE", text: "for a config that is encrypted, and ends in .age" },
      check: { text: "look for mistakes in options and config, but in no file that they name, and end" },
      "print-config": { text: "print options and config as one, in YAML, with passwords, and end" },
    },
  ],
  [
    "The process",
    {
      daemon: { text: "return when it answers in the background, or cannot" },
      pidfile: { argument: "FILE", text: "where its number is, for status, stop and reload" },
      logfile: { argument: "FILE", text: "log there, not to standard error" },
      user: { argument: "USER", text: "become that user when the ports are open" },
      group: { argument: "GROUP", text: "become that group (default: the user's)" },
      umask: { argument: "MASK", text: "the file mode mask (default: 022 for a daemon)" },
      directory: { argument: "FOLDER", text: "the working directory (default: / for a daemon)" },
    },
  ],
  [
    "The log",
    {
      audit: { text: "log each query, and each status that is set" },
      "log-level": { argument: "LEVEL", text: "debug, info, warn or error (default: info)" },
      "log-format": { argument: "FORMAT", text: "human or json (default: human on a terminal)" },
      debug: { text: "log all, and where in the program errors come from" },
    },
  ],
  ["Help", { help: { text: "show this" }, version: { text: "show the version" } }],
];

/** Each way to call it, without the name. */
export const SYNOPSIS: readonly string[] = [
  "[OPTION]...",
  "status|stop|reload [--pidfile FILE] [--config FILE]",
  "token issue|revoke LOGIN [--store URL] [--tokens FILE]",
  "token list [--store URL] [--tokens FILE]",
];

/** What the words behind the name do. */
export const COMMANDS: ReadonlyArray<readonly [command: string, what: string]> = [
  ["status", "tell whether the daemon runs"],
  ["stop", "end the daemon, when it has answered what was asked"],
  ["reload", "have the daemon read its config, users and certificates again"],
  ["token", "issue a login its token, which is shown once; revoke it; list who has one"],
];

/** How to begin. */
export const EXAMPLES: ReadonlyArray<readonly [command: string, what: string]> = [
  ["finger-server --users users --port 7979", "answer from a file"],
  ["finger-server --setter 1079 --port 7979", "answer what people set, with finger-client --set"],
  ["finger-server --config finger.config.yaml --check", "look for mistakes before a restart"],
  ["sudo finger-server --users /etc/finger/users --user nobody --daemon", "on port 79, but not as root"],
];

/** sysexits(3), and LSB's 3 for a daemon that does not run. */
export const EXIT_CODES: ReadonlyArray<readonly [code: number, what: string]> = [
  [0, "it ended in order, or did what it was to do"],
  [3, "no daemon runs (status, stop, reload)"],
  [64, "wrong usage"],
  [65, "mistakes in a users file"],
  [66, "a file is not there"],
  [67, "no such login (token revoke)"],
  [69, "not now: the port is taken, another one runs, the store does not answer"],
  [70, "a fault of this program"],
  [73, "the pidfile or the log file cannot be made"],
  [77, "not permitted"],
  [78, "mistakes in the config"],
];

/** What the environment says. */
export const ENVIRONMENT: ReadonlyArray<readonly [name: string, what: string]> = [
  ["FINGER_STORE", "as --store, for a URL with a password: others see arguments"],
  ["STATE_DIRECTORY", "where a folder of your own is, as systemd sets it"],
  ["XDG_STATE_HOME", "the same for people (default: ~/.local/state)"],
  ["XDG_RUNTIME_DIR", "where the pidfile of a daemon is, unless it is root's"],
  ["LISTEN_FDS", "sockets of systemd, by name: finger, setter, metrics"],
  ["NOTIFY_SOCKET", "where systemd hears that it answers"],
];

/** The text of `--help`. */
export function formatHelp(): string {
  const groups = OPTION_GROUPS.map(([heading, options]) => {
    const entries = Object.entries(options).map(([name, { text }]) => toEntry(toUsage(name as OptionName), text, 26));
    return `${heading}:\n${entries.join("")}\n`;
  });
  return `Usage: ${SYNOPSIS.map((usage) => `finger-server ${usage}\n`).join("       ")}
Answers finger queries (RFC 1288) until SIGINT or SIGTERM: it ends when it has
answered what was asked, or at once by a second one. SIGHUP has it read its
config again, and SIGUSR1 opens the log file anew.

${EXAMPLES.map(([command, what]) => `  ${command}\n      ${what}\n`).join("")}
${groups.join("")}Commands:
${COMMANDS.map(([command, what]) => toEntry(command, what, 10)).join("")}
Exit codes:
${EXIT_CODES.map(([code, what]) => toEntry(String(code), what, 7)).join("")}
Environment:
${ENVIRONMENT.map(([name, what]) => toEntry(name, what, 19)).join("")}`;
}

/** `-h, --help` */
export function toUsage(name: OptionName): string {
  const option: { readonly type: string; readonly short?: string } = OPTIONS[name];
  const { argument } = OPTION_GROUPS.map(([, options]) => options[name]).find((help) => help !== undefined) ?? {};
  const long = argument === undefined ? `--${name}` : `--${name} ${argument}`;
  return option.short === undefined ? long : `-${option.short}, ${long}`;
}

/** A term, and what it means, wrapped at the width of a terminal. */
function toEntry(term: string, text: string, indent: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length > 80 - indent && lines.at(-1) !== "") lines.push(` ${word}`);
    else lines[lines.length - 1] = line;
  }
  const start = `  ${term}`.padEnd(indent - 1);
  const first = start.length < indent ? `${start}${lines.shift()}\n` : `${start}\n`;
  return first + lines.map((line) => `${" ".repeat(indent - 1)}${line}\n`).join("");
}
