/** @typedef {import("../man-page.mjs").Entry} Entry */

/**
 * What the command's help.ts knows.
 *
 * @typedef {object} Help
 * @property {ReadonlyArray<readonly [heading: string, options: Readonly<Record<string, { readonly text: string }>>]>} OPTION_GROUPS
 * @property {(name: any) => string} toUsage
 * @property {readonly string[]} SYNOPSIS
 * @property {readonly Entry[]} COMMANDS
 * @property {readonly Entry[]} EXAMPLES
 * @property {readonly Entry[]} EXIT_CODES
 * @property {readonly Entry[]} ENVIRONMENT
 */

/**
 * What finger-server(1) says.
 *
 * @param {Help} help
 * @returns {import("../man-page.mjs").ManPage}
 */
export function describeServer({ OPTION_GROUPS, toUsage, SYNOPSIS, COMMANDS, EXAMPLES, EXIT_CODES, ENVIRONMENT }) {
  return {
    name: "finger-server",
    section: 1,
    date: "2026-11-26",
    summary: "answer finger queries, from files, statuses that people set, programs and pages",
    synopsis: SYNOPSIS,
    sections: [
      ["DESCRIPTION", DESCRIPTION],
      ["OPTIONS", OPTION_GROUPS.flatMap(([heading, options]) => [{ heading }, toUsages(options, toUsage)])],
      ["COMMANDS", [COMMANDS, ...CONTROL]],
      ["SIGNALS", [SIGNALS]],
      ["THE PORT 79", PORT_79],
      ["EXAMPLES", [EXAMPLES]],
      ["ENVIRONMENT", [[...ENVIRONMENT, ...THREADS]]],
      ["EXIT STATUS", [EXIT_CODES, ...BY_SIGNAL]],
      ["FILES", [FILES]],
    ],
    seeAlso: ["finger.config(5)", "finger-client(1)", "finger(1)", "inetd(8)", "systemd.socket(5)", "RFC 1288"],
    standards: [
      "The protocol is that of RFC 1288, The Finger User Information Protocol.",
      "The exit codes are those of sysexits(3) and, for what the commands tell of a daemon, of the LSB.",
    ],
  };
}

/**
 * @param {Readonly<Record<string, { readonly text: string }>>} options
 * @param {(name: any) => string} toUsage
 */
function toUsages(options, toUsage) {
  return { usages: Object.entries(options).map(([name, { text }]) => /** @type {const} */ ([toUsage(name), text])) };
}

/** @type {readonly import("../man-page.mjs").Part[]} */
const DESCRIPTION = [
  `Without an option it answers on port 79 of 127.0.0.1, with the statuses of a folder of its own; \`--setter\` says where people
  set them. With \`--users\` it answers from a file. Who may ask from elsewhere, what is told to whom, and much more stands in a
  config; see finger.config(5).`,
  `It stays in the foreground, and logs to standard error: lines for people on a terminal, a JSON object a line elsewhere. When
  it answers, a line of the log tells for how many users, and where. With \`--daemon\` it returns at that moment, or with the reason
  why there is none.`,
  `It opens its ports first; then it becomes the \`--user\`, makes sure that there is no way back, and only then reads users and
  answers anybody. The log and the pidfile it opens before.`,
];

/** @type {readonly import("../man-page.mjs").Part[]} */
const CONTROL = [
  `Which daemon is meant the pidfile says: of \`--pidfile\`, of the config, or the one that a daemon has by default. A token is for
  who sets a status from another machine; it is kept in the store, or in the file of \`--tokens\`.`,
];

/** @type {readonly Entry[]} */
const SIGNALS = [
  ["SIGTERM, SIGINT", "It opens no connection any more, answers what was asked, and ends; a second one cuts that off."],
  [
    "SIGHUP",
    "It reads its config, users files and certificates again; no connection is dropped. See finger.config(5).",
  ],
  ["SIGUSR1", "It closes the log file, and opens it anew, for logrotate(8)."],
];

/** @type {readonly import("../man-page.mjs").Part[]} */
const BY_SIGNAL = [
  "Where a disk hangs that it was looking at, it ends by SIGTERM in place of 0, and by SIGKILL in place of another code.",
];

/** @type {readonly import("../man-page.mjs").Part[]} */
const PORT_79 = [
  "Ports below 1024 take a privilege. Whoever has none can choose another port with `--port 7979`, or have",
  [
    ["systemd open it", "The package has the units, finger-server.socket and finger-server.service."],
    [
      "Node open it",
      `With \`setcap cap_net_bind_service=+ep\` on a copy of Node that this service alone can run; whoever can run it may open such
      ports with any script.`,
    ],
    ["the firewall redirect it", "As nft(8) does: `tcp dport 79 redirect to :7979`. The server still sees who asks."],
  ],
];

/** @type {readonly Entry[]} */
const THREADS = [
  ["UV_THREADPOOL_SIZE", "threads that look at files; disks that hang may hold half of them (default: 16)"],
];

/** @type {readonly Entry[]} */
const FILES = [
  ["finger.config.*", "the config, when there is one in the working directory and no `--config`"],
  ["/var/lib/finger-server/statuses", "root's statuses, with neither `--users` nor `--store`"],
  ["~/.local/state/finger-server/statuses", "other people's"],
  ["/run/finger-server/finger-server.pid", "the pidfile of a daemon of root"],
  ["$XDG_RUNTIME_DIR/finger-server.pid", "of others; where there is no such folder, beside their statuses"],
  ["/var/log/finger-server.log", "the log of a daemon of root"],
  ["~/.local/state/finger-server/finger-server.log", "of others"],
];
