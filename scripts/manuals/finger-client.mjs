/**
 * What the command's help.ts knows.
 *
 * @typedef {object} Help
 * @property {Readonly<Record<string, { readonly text: string }>>} OPTION_HELP
 * @property {(name: any) => string} toUsage
 * @property {readonly import("../man-page.mjs").Entry[]} EXAMPLES
 * @property {readonly import("../man-page.mjs").Entry[]} EXIT_CODES
 * @property {readonly import("../man-page.mjs").Entry[]} ENVIRONMENT
 */

/**
 * What finger-client(1) says.
 *
 * @param {Help} help
 * @returns {import("../man-page.mjs").ManPage}
 */
export function describeClient({ OPTION_HELP, toUsage, EXAMPLES, EXIT_CODES, ENVIRONMENT }) {
  return {
    name: "finger-client",
    section: 1,
    date: "2026-11-25",
    summary: "ask finger servers who somebody is, and what they are doing",
    synopsis: ["[OPTION]... TARGET..."],
    sections: [
      [
        "DESCRIPTION",
        [
          `Each target is asked in one connection, those of different hosts at once, and the replies are printed in the order
          of the targets. A target is`,
          TARGETS,
          `The last host is the one to connect to, and may carry a port; the host before it is the one that it is to ask. A
          \`/W\` before the name, as in \`"/W alice@host"\`, asks for the long form, as \`-l\` does.`,
          `A reply is decoded from UTF-8, or from windows-1252 where it is not UTF-8, and is rid of all that could command a
          terminal. It is printed as it comes, so that one that lasts, such as the log of a build, can be followed. With
          \`--raw\` it is left as it is.`,
          `Answers go to the standard output, all else to the standard error. Of several targets the highest exit code counts.`,
        ],
      ],
      ["OPTIONS", [{ usages: Object.entries(OPTION_HELP).map(([name, { text }]) => [toUsage(name), text]) }]],
      ["EXAMPLES", [EXAMPLES]],
      ["ENVIRONMENT", [ENVIRONMENT]],
      ["EXIT STATUS", [EXIT_CODES]],
    ],
    seeAlso: ["finger-server(1)", "finger(1)", "RFC 1288"],
    standards: [
      "The protocol is that of RFC 1288, The Finger User Information Protocol; its URLs are those of draft-ietf-uri-url-finger-02.",
      "The exit codes are those of sysexits(3).",
    ],
  };
}

/** @type {readonly import("../man-page.mjs").Entry[]} */
const TARGETS = [
  ["alice@host", "the user alice of a host; also as `host/alice`"],
  ["@host", "the users of a host"],
  ["alice", "the user alice of this machine"],
  ["alice@host:7979", "the same on another port than 79; around an IPv6 address stand brackets, `alice@[::1]:7979`"],
  ["alice@h1@h2", "what h2 is told when it asks h1; many servers refuse"],
  ["finger://host/alice", "a URL"],
];
