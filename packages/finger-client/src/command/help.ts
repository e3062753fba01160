import { OPTIONS, type OptionName } from "./command-line.js";

/** What an option does. The help, the manual page and the completions are made of these. */
export interface OptionHelp {
  /** What stands behind the option. */
  readonly argument?: string | undefined;
  /** The argument may be left out, and so is read from `--name=ARGUMENT` only. */
  readonly optional?: boolean | undefined;
  /** The values that the argument may have, when they are few. */
  readonly values?: readonly string[] | undefined;
  readonly text: string;
}

/** The order is that of the help. */
export const OPTION_HELP: Readonly<Record<OptionName, OptionHelp>> = {
  long: { text: "ask for the long form with /W; a server that does not know the switch is asked again without it" },
  short: { text: "ask without /W" },
  port: { argument: "PORT", text: "the port when the target names none (default: 79)" },
  ipv4: { text: "ask addresses of IPv4 only" },
  ipv6: { text: "ask addresses of IPv6 only" },
  timeout: { argument: "SECONDS", text: "longest wait for the connection, and then for more (default: 10)" },
  "max-time": { argument: "SECONDS", text: "longest time for the whole reply (default: none; 60 with --json)" },
  "max-size": { argument: "BYTES", text: "longest reply; also 64k, 1M (default: 1M)" },
  json: { text: "print one JSON object for each target, on a line of its own" },
  raw: { text: "print the bytes as they came, control characters too; not to a terminal" },
  force: { text: "print --raw to a terminal all the same" },
  ascii: { text: "print ASCII only: letters lose their accents, other characters become ?" },
  color: {
    argument: "WHEN",
    optional: true,
    values: ["always", "auto", "never"],
    text: "show the colours of replies; alone it means always (default: only our own, on a terminal)",
  },
  "no-color": { text: "no colour at all, as NO_COLOR in the environment says" },
  tls: { text: "speak TLS, and nothing else if that fails" },
  proxy: { argument: "URL", text: "connect through a SOCKS5 proxy, socks5://[user:password@]host[:port]" },
  link: { text: "the target is a link that somebody else wrote: ask no port but 79; for browsers" },
  watch: { argument: "SECONDS", text: "ask again and again, and print what has changed" },
  set: {
    argument: "STATUS",
    text: "set the status of alice, or of alice@host, through its setter; - reads it from stdin",
  },
  "token-in-clear": { text: "let --set send the token where others can read it" },
  completion: {
    argument: "SHELL",
    values: ["bash", "zsh", "fish"],
    text: "print the completion of the shell",
  },
  help: { text: "show this help" },
  version: { text: "show the version" },
};

/** What there is to ask, by example. */
export const EXAMPLES: ReadonlyArray<readonly [command: string, what: string]> = [
  ["finger-client alice@plan.example", "what alice is doing"],
  ["finger-client @plan.example", "who is there"],
  ["finger-client -l alice@plan.example", "more about alice"],
  ["finger-client alice", "alice on this machine"],
  ["finger-client alice@host:7979", "on another port; also 'alice@[::1]:7979'"],
  ["finger-client alice@h1@h2", "have h2 ask h1"],
  ["finger-client finger://plan.example/alice", "the same as a URL"],
  ["finger-client --json alice@h1 bob@h2 | jq .text", "several at once, for programs"],
  ["finger-client --watch 60 alice@plan.example", "see what changes"],
  ['finger-client --set "Back at 15:00" alice', "say what you are doing"],
  ["finger-client --proxy socks5://127.0.0.1:9050 alice@plan.example", "through Tor"],
];

/** sysexits(3), and 128 + SIGINT. */
export const EXIT_CODES: ReadonlyArray<readonly [code: number, what: string]> = [
  [0, 'answered, even with "no such user": the protocol has no status'],
  [64, "the usage or a target is wrong"],
  [68, "there is no such host"],
  [69, "nobody listens there, or no way leads there"],
  [70, "a fault of this program"],
  [74, "the connection broke before the end, or standard output cannot be written"],
  [75, "it took too long"],
  [76, "the reply is longer than --max-size, or the server speaks no TLS that can be trusted"],
  [77, "refused: the port of a link, a token in the clear, or a status by its setter"],
  [130, "interrupted"],
];

/** What the environment says. */
export const ENVIRONMENT: ReadonlyArray<readonly [name: string, what: string]> = [
  ["FINGER", "options that stand before those of the command line, such as -l --timeout 3"],
  ["FINGER_TOKEN", "the token for --set"],
  ["NO_COLOR", "no colours, unless --color asks for them"],
];

/** The text of `--help`. */
export function formatHelp(): string {
  const options = Object.keys(OPTION_HELP).map((name) => [
    toUsage(name as OptionName),
    OPTION_HELP[name as OptionName].text,
  ]);
  return `Usage: finger-client [options] TARGET...

Asks finger servers (RFC 1288) who somebody is, and what they are doing.

${EXAMPLES.map(([command, what]) => toEntry(command, what, 46)).join("")}
Options:
${options.map(([usage = "", text = ""]) => toEntry(usage, text, 28)).join("")}
Exit codes, of several targets the highest:
${EXIT_CODES.map(([code, what]) => toEntry(String(code), what, 7)).join("")}
Environment:
${ENVIRONMENT.map(([name, what]) => toEntry(name, what, 17)).join("")}`;
}

/** `-p, --port PORT` */
export function toUsage(name: OptionName): string {
  const option: { readonly type: string; readonly short?: string } = OPTIONS[name];
  const { argument, optional } = OPTION_HELP[name];
  const long = `--${name}${argument === undefined ? "" : optional ? `[=${argument}]` : ` ${argument}`}`;
  return option.short === undefined ? `    ${long}` : `-${option.short}, ${long}`;
}

/** A term, and what it means, wrapped at the width of a terminal. */
function toEntry(term: string, text: string, indent: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length > 79 - indent && lines.at(-1) !== "") lines.push(` ${word}`);
    else lines[lines.length - 1] = line;
  }
  const start = `  ${term}`.padEnd(indent - 1);
  const first = start.length < indent ? `${start}${lines.shift()}\n` : `${start}\n`;
  return first + lines.map((line) => `${" ".repeat(indent - 1)}${line}\n`).join("");
}
