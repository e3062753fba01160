import {
  type FingerUser,
  type FormatOptions,
  formatUser,
  formatUserList,
  type Layout,
  parseReply,
} from "finger-protocol";
import { freebsd } from "finger-protocol/freebsd";
import { expect, it } from "vitest";

// What lprint.c and sprint.c of FreeBSD print: some thousand made-up records went through both, too.

const now = new Date("2026-11-22T18:00:00Z");
const options: FormatOptions = { layout: freebsd, now, timeZone: "UTC" };
const ago = (days: number, seconds = 0) => new Date(now.getTime() - (days * 86400 + seconds) * 1000);

/** The long form without its head. */
const lines = (user: Partial<FingerUser>, plans = false) =>
  formatUser({ login: "a", ...user }, { ...options, plans }).replace(/^.*\n/, "");

const WRENNA: FingerUser = {
  login: "wrenna",
  name: "Wrenna Holt",
  directory: "/home/wrenna",
  shell: "/bin/tcsh",
  office: "Rm 4",
  officePhone: "1234",
  homePhone: "5550199",
  sessions: [
    { since: new Date("2026-11-22T09:12:00Z"), tty: "pts/3", host: "gate.example.net", idle: 4020 },
    { since: new Date("2026-11-21T22:40:00Z"), tty: "ttyv0", messages: false },
  ],
  mail: null,
  mailForward: "w@elsewhere.example\n",
  project: "keep the lights on\n",
  plan: "Line one.\nLine two.\n",
  pgpKey: "KEY",
};

it("prints what finger -l prints", () => {
  expect(formatUser(WRENNA, options)).toBe(
    "Login: wrenna         \t\t\tName: Wrenna Holt\nDirectory: /home/wrenna             \tShell: /bin/tcsh\n" +
      "Office: Rm 4, x1234\t\t\tHome Phone: 555-0199\n" +
      "On since Sun Nov 22 09:12 (UTC) on pts/3, idle 1:07, from gate.example.net\n" +
      "On since Sat Nov 21 22:40 (UTC) on ttyv0 (messages off)\nNo Mail.\n" +
      "Mail forwarded to: w@elsewhere.example\nProject: keep the lights on\nPlan:\nLine one.\nLine two.\n" +
      "Public key: KEY\n",
  );
});

it("prints what finger -s prints", () => {
  const users: FingerUser[] = [
    { login: "zoe", name: "Zoe", lastLogin: null },
    {
      login: "kim",
      name: "A name of more than sixteen",
      lastLogin: { since: ago(200), tty: "pts/9", host: "old.example" },
    },
    {
      ...WRENNA,
      name: "Sixteen of them!",
      office: "Room 101a",
      sessions: [
        { since: ago(0, 3600), tty: "ttyv0", idle: 4020, messages: false },
        { since: ago(7), tty: "console/x", idle: 86400 * 3 },
      ],
    },
    { login: "lee", officePhone: "5551234", sessions: [{ since: ago(5), tty: "cuau0" }] },
  ];
  expect(formatUserList(users, options).split("\n")).toEqual([
    "Login                             Name             TTY      Idle  Login  Time   Office  Phone",
    "kim                               A name of more t pts/9       *  May  6 2026 ",
    "lee                                                u0             Tue    18:00         555-1234",
    "wrenna                            Sixteen of them *v0       1:07  Sun    17:00 Room 10 x1234",
    "wrenna                            Sixteen of them! console    3d  Nov 15 18:00 Room 10 x1234",
    "zoe                               Zoe               *     *   No logins   ",
    "",
  ]);
});

const FILES: ReadonlyArray<readonly [plan: string, text: string, why: string]> = [
  ["Tea", "Plan: Tea\n", "short"],
  ["Tea\n", "Plan: Tea\n", "short, with its end"],
  ["Tea\n\n", "Plan: Tea\n\n", "one byte after the line feed does not count"],
  ["Tea\nx", "Plan: Tea\nx\n", "nor does this one"],
  ["Tea\né", "Plan:\nTea\né\n", "two do"],
  [`${"x".repeat(70)}\n`, `Plan: ${"x".repeat(70)}\n`, "71 bytes: as long as a line may be"],
  [`${"x".repeat(71)}\n`, `Plan:\n${"x".repeat(71)}\n`, "72: no longer"],
  [`${"é".repeat(36)}`, `Plan:\n${"é".repeat(36)}\n`, "bytes are counted, not characters"],
  ["Tea\r\nat four\r\n", "Plan:\nTea\nat four\n", "no carriage return is printed"],
  ["\r", "Plan: \n", "nor is this one, but it is there"],
  ["", "No Plan.\n", "an empty file is none"],
  ["a\x1b[31m\x07", "Plan: a^[[31m^G\n", "controls are seen"],
];

it.each(FILES)("shows the plan %j as %j: %s", (plan, text) => {
  expect(lines({ plan }, true)).toBe(text);
});

it("says nothing of other files that are empty", () => {
  expect(lines({ mailForward: "", project: "", pgpKey: "" }, true)).toBe("No Plan.\n");
});

it("shows no file without plans, the forwarding neither", () => {
  expect(lines({ mailForward: "a@b", project: "p", plan: "p", pgpKey: "k" })).toBe("");
});

const LOGINS: ReadonlyArray<readonly [user: Partial<FingerUser>, text: string, why: string]> = [
  [
    { sessions: [{ since: ago(1), tty: "pts/0", idle: 59 }] },
    "On since Sat Nov 21 18:00 (UTC) on pts/0\n",
    "less than a minute",
  ],
  [
    { sessions: [{ since: ago(1), tty: "pts/0", idle: 60 }] },
    "On since Sat Nov 21 18:00 (UTC) on pts/0, idle 0:01\n",
    "a minute",
  ],
  [
    { sessions: [{ since: ago(3), tty: "pts/0", idle: 86400 + 3600, host: "h" }] },
    "On since Thu Nov 19 18:00 (UTC) on pts/0, idle 1 day 1:00, from h\n",
    "a day",
  ],
  [
    {
      sessions: [
        { since: ago(3), tty: "p", idle: 172800 },
        { since: ago(3), tty: "pts/10", idle: 60 },
      ],
    },
    "On since Thu Nov 19 18:00 (UTC) on p,      idle 2 days 0:00\nOn since Thu Nov 19 18:00 (UTC) on pts/10, idle 0:01\n",
    "idle times in one column",
  ],
  [
    { sessions: [{ since: ago(1), tty: "pts/0", host: "a.host.of.thirty-four.letters.exam" }] },
    "On since Sat Nov 21 18:00 (UTC) on pts/0 from a.host.of.thirty-four.letters.exam\n",
    "a host to the end of the line",
  ],
  [
    { sessions: [{ since: ago(1), tty: "pts/0", host: "a.host.of.thirty-five.letters.examp" }] },
    "On since Sat Nov 21 18:00 (UTC) on pts/0\n    from a.host.of.thirty-five.letters.examp\n",
    "and beyond it",
  ],
  [{ lastLogin: null }, "Never logged in.\n", "never"],
  [
    { lastLogin: { since: ago(182, 43200), tty: "v0" } },
    "Last login Sun May 24 06:00 (UTC) on v0\n",
    "half a year ago",
  ],
  [
    { lastLogin: { since: ago(182, 43201), tty: "v0", host: "h" } },
    "Last login Sun May 24 05:59 2026 (UTC) on v0 from h\n",
    "and a second",
  ],
];

it.each(LOGINS)("tells of the logins %j: %j: %s", (user, text) => {
  expect(lines(user)).toBe(text);
});

it("tells of mail that is new, and of when it was read", () => {
  const mail = { receivedAt: ago(1), readAt: ago(2) };
  expect(lines({ mail })).toBe(
    "New mail received Sat Nov 21 18:00 2026 (UTC)\n     Unread since Fri Nov 20 18:00 2026 (UTC)\n",
  );
  expect(lines({ mail: { readAt: ago(1) } })).toBe("Mail last read Sat Nov 21 18:00 2026 (UTC)\n");
});

it("writes what parseReply reads", () => {
  const plain = {
    ...WRENNA,
    mailForward: "w@elsewhere.example",
    project: "keep the lights on",
    plan: "Line one.\nLine two.",
  };
  expect(parseReply(formatUser(plain, options), { now })).toEqual([
    { ...plain, officePhone: "x1234", homePhone: "555-0199" },
  ]);
});

it("is one of the layouts that may be given; yours is another", () => {
  const csv: Layout = {
    formatUser: ({ login, name = "" }) => `${login},${name}\n`,
    formatUserList: (users, settings) => users.map((user) => csv.formatUser(user, settings)).join(""),
  };
  expect(formatUserList([WRENNA, { login: "a" }], { layout: csv })).toBe("wrenna,Wrenna Holt\na,\n");
  expect(formatUser({ login: "a", status: "Happy" }, { layout: csv })).toBe("a,\n");
});
