import fc from "fast-check";
import { type FingerUser, formatUser, formatUserList, parseReply } from "finger-protocol";
import { describe, expect, it } from "vitest";
import { cpuTime } from "../../../tests/support/cpu-time.js";

const now = new Date("2026-11-22T18:00:00Z");
const logins = (reply: string) => parseReply(reply, { now }).map(({ login }) => login);

describe("the long form", () => {
  it("of netkit is read into its fields", () => {
    const reply =
      "Login: alice          \t\t\tName: Alice Liddell\r\nDirectory: /home/alice              \tShell: /bin/bash\r\n" +
      "Office: Room 42, 555-1234\t\tHome Phone: +1-555-867-5309\r\n" +
      "On since Sun Nov 22 16:36 (UTC) on pts/0 from desk.example\r\n   1 hour 2 minutes idle\r\n     (messages off)\r\n" +
      "Mail forwarded to alice@elsewhere.example\r\nNew mail received Sun Nov 22 10:00 2026 (UTC)\r\n" +
      "     Unread since Fri Nov 20 09:30 2026 (UTC)\r\nProject:\r\nTea\r\nPlan:\r\nHappy\r\n\r\nand well\r\n" +
      "\r\nLogin: bob            \t\t\tName: \r\nDirectory: /home/bob                \tShell: /bin/sh\r\n" +
      "Last login Sat Oct 18 08:00 2025 (UTC) on pts/9\r\nNo mail.\r\nNo Plan.\r\n";
    expect(parseReply(reply, { now })).toEqual([
      {
        login: "alice",
        name: "Alice Liddell",
        directory: "/home/alice",
        shell: "/bin/bash",
        office: "Room 42",
        officePhone: "555-1234",
        homePhone: "+1-555-867-5309",
        sessions: [
          { since: new Date("2026-11-22T16:36:00Z"), tty: "pts/0", host: "desk.example", idle: 3720, messages: false },
        ],
        mailForward: "alice@elsewhere.example",
        mail: { receivedAt: new Date("2026-11-22T10:00:00Z"), readAt: new Date("2026-11-20T09:30:00Z") },
        project: "Tea",
        plan: "Happy\n\nand well",
      },
      {
        login: "bob",
        directory: "/home/bob",
        shell: "/bin/sh",
        lastLogin: { since: new Date("2025-10-18T08:00:00Z"), tty: "pts/9" },
        mail: null,
      },
    ]);
  });

  it("of FreeBSD is read into its fields", () => {
    const reply =
      "Login: wrenna         \t\t\tName: Wrenna Holt\nDirectory: /home/wrenna             \tShell: /bin/tcsh\n" +
      "Office: Rm 4, x1234\t\t\tHome Phone: 555-0199\n" +
      "On since Sun Nov 22 09:12 (UTC) on pts/3, idle 1:07, from gate.example.net\n" +
      "On since Sat Nov 21 22:40 (UTC) on ttyv0 (messages off)\nNo Mail.\n" +
      "Mail forwarded to: w@elsewhere.example\nProject: keep the lights on\nPlan:\nLine one.\nLine two.\nPublic key:\nKEY\n";
    expect(parseReply(reply, { now })).toEqual([
      {
        login: "wrenna",
        name: "Wrenna Holt",
        directory: "/home/wrenna",
        shell: "/bin/tcsh",
        office: "Rm 4",
        officePhone: "x1234",
        homePhone: "555-0199",
        sessions: [
          { since: new Date("2026-11-22T09:12:00Z"), tty: "pts/3", host: "gate.example.net", idle: 4020 },
          { since: new Date("2026-11-21T22:40:00Z"), tty: "ttyv0", messages: false },
        ],
        mail: null,
        mailForward: "w@elsewhere.example",
        project: "keep the lights on",
        plan: "Line one.\nLine two.",
        pgpKey: "KEY",
      },
    ]);
  });

  it("keeps as text what is not certain", () => {
    const line = "Last login Sun Nov 22 16:36 (CST) on pts/0";
    const reply = `Login: a\t\t\tName: A\nShoe size: 43\n${line}\nNo Plan.\n`;
    expect(parseReply(reply, { now })).toEqual([
      { login: "a", name: "A", lastLogin: { tty: "pts/0" }, text: `Shoe size: 43\n${line}` },
    ]);
  });

  it("takes the last such weekday for a time without a year, and none for one that never was", () => {
    const at = (when: string) =>
      parseReply(`Login: a\nOn since ${when} (UTC) on x\n`, { now })[0]?.sessions?.[0]?.since;
    expect(at("Sun Nov 22 16:36")).toEqual(new Date("2026-11-22T16:36:00Z"));
    expect(at("Wed Dec 31 23:00")).toEqual(new Date("2025-12-31T23:00:00Z"));
    expect(at("Mon Foo 22 16:36")).toBeUndefined();
  });

  it("reads a time of long ago when it has its year", () => {
    expect(parseReply("Login: a\nLast login Fri Nov 24 10:00 1995 (GMT) on x\n", { now })).toEqual([
      { login: "a", lastLogin: { since: new Date("1995-11-24T10:00:00Z"), tty: "x" } },
    ]);
  });

  it("takes a header inside a plan for the plan's, and what follows the last text for text", () => {
    expect(parseReply("Login: a\nPlan:\nNo Plan.\nProject: none\n")).toEqual([
      { login: "a", plan: "No Plan.\nProject: none" },
    ]);
    expect(parseReply("Login: a\nNo Plan.\nsee you\n")).toEqual([{ login: "a", text: "see you" }]);
  });

  it("takes a head inside a plan for the plan's, unless a blank line parts it", () => {
    expect(logins("Login: a\t\t\tName: A\nPlan:\nhe said\nLogin: b\t\t\tName: B\n")).toEqual(["a"]);
  });
});

describe("tables", () => {
  it("of netkit are read row by row", () => {
    const reply =
      "Login     Name            Tty      Idle  Login Time   Office     Office Phone\n" +
      "alice     Alice Liddell  *pts/0    1:05  Nov 22 16:36 (desk.example)\n" +
      "alice     Alice Liddell   :0             Nov 22 17:36 Room 42    555-1234\n" +
      "bob       Bob Builder     pts/9       *  Oct 18  2025 (old.example)\n" +
      "carol     Carol            *     *  No logins   \n";
    expect(parseReply(reply, { now })).toEqual([
      {
        login: "alice",
        name: "Alice Liddell",
        office: "Room 42",
        officePhone: "555-1234",
        sessions: [{ tty: "pts/0", host: "desk.example", idle: 3900, messages: false }, { tty: ":0" }],
        text: "Nov 22 16:36\nNov 22 17:36",
      },
      { login: "bob", name: "Bob Builder", lastLogin: { tty: "pts/9", host: "old.example" }, text: "Oct 18  2025" },
      { login: "carol", name: "Carol", lastLogin: null },
    ]);
  });

  it("are read where netkit fills its columns up by bytes, with letters that have two of them", () => {
    const users = [
      { login: "jose", name: "José Ñandú", office: "Büro", officePhone: "x1234", sessions: [{ tty: "pts/0" }] },
      { login: "zoe", name: "Zoë", lastLogin: null },
    ];
    const list = formatUserList(users, { layout: "netkit", now, timeZone: "UTC" });
    expect(parseReply(list, { now })).toEqual(users);
  });

  it("of FreeBSD are read too", () => {
    const reply =
      "Login                             Name             TTY      Idle  Login  Time   Office  Phone\n" +
      "okapi                             Olga Kapinska B *pts/1    1:07  Sat    22:40\n" +
      "wrenna                            Wrenna Holt      v0             Sun    09:12 Rm 4    x1234\n";
    expect(parseReply(reply, { now })).toEqual([
      {
        login: "okapi",
        name: "Olga Kapinska B",
        sessions: [{ tty: "pts/1", idle: 4020, messages: false }],
        text: "Sat    22:40",
      },
      { login: "wrenna", name: "Wrenna Holt", sessions: [{ tty: "v0" }], text: "Sun    09:12 Rm 4    x1234" },
    ]);
  });

  it("of old macOS are read too, and a row that a long login has shifted keeps its rest as text", () => {
    const reply =
      "Login    Name                 TTY  Idle  Login  Time   Office  Phone\n" +
      "hazel    Hazel Orr           *con   20d  Jul 23 16:15\n" +
      "administrator Ada Min        s00        Sun    09:21\n";
    expect(parseReply(reply, { now })).toEqual([
      {
        login: "hazel",
        name: "Hazel Orr",
        sessions: [{ tty: "con", idle: 1728000, messages: false }],
        text: "Jul 23 16:15",
      },
      { login: "administrator", text: "Ada Min        s00        Sun    09:21" },
    ]);
  });

  it("of plan.cat and tilde.pink are read too", () => {
    expect(
      parseReply(
        "Login                Name                 Login Time\nmirel                                     Fri May 29 05:31 UTC\n" +
          "tovald               Tovald Brekke        Thu May 28 21:57 UTC\n\nTo publish a plan, read the manual.\n",
      ),
    ).toEqual([
      { login: "mirel", text: "Fri May 29 05:31 UTC" },
      { login: "tovald", name: "Tovald Brekke", text: "Thu May 28 21:57 UTC" },
    ]);
    expect(
      logins(
        "Login       Name                Tty      Idle  Login Time   Where\noskra                           pts/15   207d  Sep 13 2025\n" +
          "oskra                           pts/16   256d  Sep 14 2025\nbellwin                         pts/7      1d  Apr  6 14:59\n3 users\n",
      ),
    ).toEqual(["oskra", "bellwin"]);
  });

  it("of our own statuses are read back", () => {
    const users = [
      { login: "alice", name: "Alice Liddell", status: "Happy and well" },
      { login: "zoë", name: "Zoë", status: "Ça va" },
    ];
    expect(parseReply(formatUserList(users))).toEqual(users);
  });
});

const LISTS: ReadonlyArray<readonly [shape: string, reply: string, users: readonly string[]]> = [
  [
    "tilde.team",
    "welcome to mosstown\n\nhello v.example.net,\nusers currently logged in are:\n\naldra\tbexley\tcorvin\ndunmore\n",
    ["aldra", "bexley", "corvin", "dunmore"],
  ],
  [
    "cosmic.voyage",
    "Users currently online:\n   ibis lantern\n\nWho control these ships:\n   petra\n   Sam Q Marlowe\n",
    ["ibis", "lantern"],
  ],
  [
    "happynetbox",
    "Glad Box\n\n25 most recently updated profiles:\n> hollis\n> brindle\n> ostrich9\n\nFor a random profile:\n> finger random@b.example\n",
    ["hollis", "brindle", "ostrich9"],
  ],
  [
    "typed-hole",
    "Users currently logged in: probably nadia\n\nAvailable fingers:\n\nusername:\t\tget user infos\ntoots:\t\tmy toots\n",
    ["username", "toots"],
  ],
  [
    "telehack",
    "4 users  load 1.07  up 87d\n\n port username   status                last what       where\n ---- --------   ------                ---- ----       -----\n 0    keeper     System Operator       10m             console\n 167  -                                0s              Queens, NY\n 55   rooksby    2forward1back         11s  finger     Adelaide\n",
    ["keeper", "rooksby"],
  ],
  [
    "crossed-fingers",
    "For help: finger help@h.example\r\n\r\nRegistered accounts (4):\r\n  0@burrow.example\r\n  kestrel@planfile.example\r\n  lonely@local\r\n  odo@moss.example\r\n  kestrel@planfile.example\r\n",
    ["0@burrow.example", "kestrel@planfile.example", "odo@moss.example"],
  ],
];

it.each(LISTS)("reads the list of %s", (_, reply, users) => {
  expect(logins(reply)).toEqual(users);
});

const SHARED: ReadonlyArray<readonly [shape: string, reply: string, users: readonly string[]]> = [
  ["zaibatsu, a single name", "Currently logged in sundogs:\nmarlo\n", ["marlo"]],
  ["a second cue, when the first has none", "I am online:\nhello, all\nusers online:\nada\n", ["ada"]],
  ["tilde.team with a count", "users currently logged in are:\n\naldra\n3 users\n", ["aldra"]],
  [
    "telehack, with a place that has a comma",
    " port username   status                last what       where\n" +
      " ---- --------   ------                ---- ----       -----\n" +
      " 182  pinchy     CaptainQuark          6s   relay      Zeeland, MI\n",
    ["pinchy"],
  ],
  [
    "new macOS, a user on two terminals",
    "Login            Name             TTY      Idle  Login  Time   Office  Phone\n" +
      "hazel            Hazel Orr       *console    6d  Nov 15 08:23\n" +
      "hazel            Hazel Orr        s000       12  Sun    09:21\n",
    ["hazel"],
  ],
  ["a table with its header once more", "Login  Name\nada    Ada\nLogin  Name\nbob    Bob\n", ["ada", "bob"]],
];

it.each(SHARED)("reads the list of %s", (_, reply, users) => {
  expect(logins(reply)).toEqual(users);
});

it("reads what a table tells of a wide name, of an office and of a row that has moved", () => {
  const users = [
    { login: "alice", name: "愛麗絲", status: "Happy" },
    { login: "bob", name: "Bob Builder", status: "日本, 2 days" },
  ];
  expect(parseReply(formatUserList(users))).toEqual(users);
  expect(parseReply("Login    Name     Tty  Idle\nadministr Ada Min  s00    1\n", { now })).toEqual([
    { login: "administr", text: "Ada Min  s00    1" },
  ]);
});

it("reads an office with a comma, and takes no chatter below a session for its idle time", () => {
  const session = "On since Sun Nov 22 16:36 (UTC) on pts/0 from h.example\n";
  const reply = `Login: a\nOffice: Room 1, Floor 3, 555-1234\n${session}   I have 3 cats\n   greetings from bob\n`;
  expect(parseReply(reply, { now })).toEqual([
    {
      login: "a",
      office: "Room 1, Floor 3",
      officePhone: "555-1234",
      sessions: [{ since: new Date("2026-11-22T16:36:00Z"), tty: "pts/0", host: "h.example" }],
      text: "   I have 3 cats\n   greetings from bob",
    },
  ]);
});

it("reads the host that FreeBSD puts on a line of its own", () => {
  const reply = "Login: a\nOn since Sun Nov 22 16:36 (UTC) on ttyv0, idle 1 day 3:04,\n    from far.example\n";
  expect(parseReply(reply, { now })[0]?.sessions).toEqual([
    { since: new Date("2026-11-22T16:36:00Z"), tty: "ttyv0", idle: 97440, host: "far.example" },
  ]);
});

const PROSE = [
  "",
  "Happy and well\n",
  "finger: eve: no such user.\n",
  "No one logged on.\n",
  "Finger online user list denied\n",
  "Users currently logged in: probably x\n",
  "must provide username\n",
  "I am online most evenings.\nCome and see me\n",
  "> thanks\n",
  "      cn : First name\n      sn : Last name\n",
  "write to a@x.example or\nb@y.example\n",
  "a@x.example\nb@y.example\n",
  "roses\nare\nred\n",
  "Welcome.\n\nalice\n",
  "must provide username\nplease try again later\n",
  "<== Available Fingers ==>\n(the service is unavailable)\n",
  "Available fingers:\n\nnone today\n",
  "Login                Name                 Login Time\n",
  " port username   status\n ---- --------   ------\n",
  "user@host\nname@server\nlogin@machine\n",
  "mail a@x.example about it\nmail b@x.example about it\nmail c@x.example about it\n",
  "    finger oslo@weather.example\n",
  "| vesna   | almighty owner       | finger vesna@brook.example   |\n",
  "Login: \n",
];

it.each(PROSE)("takes %j for text", (reply) => {
  expect(parseReply(reply)).toEqual([]);
});

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,12}$/);
const words = fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" "));
const minute = fc
  .integer({ min: 29_000_000, max: Math.floor(now.getTime() / 60_000) })
  .map((minutes) => new Date(minutes * 60_000));
const text = fc.array(words, { minLength: 1 }).map((lines) => lines.join("\n"));

const record: fc.Arbitrary<FingerUser> = fc.record(
  {
    login: word,
    name: words,
    directory: word.map((name) => `/home/${name}`),
    office: words,
    homePhone: fc.stringMatching(/^\+\d{3,9}$/),
    lastLogin: fc.oneof(fc.constant(null), fc.record({ since: minute, tty: word, host: word })),
    mail: fc.oneof(fc.constant(null), fc.record({ readAt: minute })),
    mailForward: word,
    pgpKey: text,
    project: text,
    plan: text,
  },
  { requiredKeys: ["login"] },
);

it("reads back what formatUser has written", () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 3 }), (users) => {
      const written = users.map((user) => (user.directory === undefined ? user : { ...user, shell: "/bin/sh" }));
      const reply = written.map((user) => formatUser(user, { layout: "netkit", now, timeZone: "UTC" })).join("\n");
      expect(parseReply(reply, { now })).toEqual(written);
    }),
    { numRuns: 500 },
  );
});

it("never throws, and takes no forbidden character into a record", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "Login: ",
      "Name: ",
      "Login  Name  Tty\n",
      "On since ",
      " on ",
      "Plan:",
      "\n",
      "\t",
      " ",
      "(UTC)",
      "users online:\n",
      "> a\n",
      "\x1b[31m",
    ),
    fc.string({ unit: "binary", maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      expect(JSON.stringify(parseReply(pieces.join("")))).not.toMatch(/\\u00[01]|\u009b/);
    }),
    { numRuns: 1000 },
  );
});

it.each(["Login: ", " ", "\t", "Login: a\n", "Office: ", "On since ", "> a\n", "a@b.c\n", "Login  Name  Tty\n", "("])(
  "takes a megabyte of %j",
  (piece) => {
    for (const before of ["", "Login: a\n", "Login    Name     Tty\n"]) {
      expect(parseReply(before + piece.repeat((1024 * 1024) / piece.length))).toBeInstanceOf(Array);
    }
  },
);

it("reads back the sessions and the mail that formatUser has written", () => {
  const recent = fc
    .integer({ min: 0, max: 4 * 365 * 1440 })
    .map((minutes) => new Date(now.getTime() - minutes * 60_000));
  const idle = fc.oneof(
    fc.integer({ min: 1, max: 3599 }),
    fc.integer({ min: 60, max: 1439 }).map((minutes) => minutes * 60),
    fc.integer({ min: 24, max: 999 }).map((hours) => hours * 3600),
  );
  const session = fc.record({ since: recent, tty: word, host: word, idle, messages: fc.constant(false) }, {
    requiredKeys: ["since", "tty"],
  } as const);
  const user = fc.record({
    login: word,
    sessions: fc.array(session, { minLength: 1, maxLength: 3 }),
    mail: fc.record({ receivedAt: recent }),
    plan: text,
  });
  fc.assert(
    fc.property(user, (written) => {
      const reply = formatUser(written, { layout: "netkit", now, timeZone: "UTC" });
      expect(parseReply(reply, { now })).toEqual([written]);
    }),
    { numRuns: 300 },
  );
});

const SLOW: ReadonlyArray<readonly [reply: string, why: string]> = [
  ["online:\n".repeat(60_000), "a cue a line"],
  ["é@-:available fingers\n".repeat(40_000), "a line that could be both a cue and a row"],
  [`Login  Name  ${"x".repeat(500_000)}\n${"a b\n".repeat(100_000)}`, "a header without end over many rows"],
  [
    `Login    Name     TTY  Idle  Login  Time   Office  Phone\n${`ada      Ada      s00    1  x${" ".repeat(960)}x\n`.repeat(100)}`,
    "rows of blanks where a host might stand",
  ],
  [`Login: a\n${`Directory: ${" ".repeat(985)}\n`.repeat(1000)}`, "blanks for a directory"],
  [`Login: a\n${"On since Mon Nov 22 16:36 (UTC) on x\n".repeat(28_000)}`, "many sessions, on no such weekday"],
  [`Login: a\nOn since Abc 1${" on x".repeat(200_000)}\u2028`, "a line of terminals with another line end in it"],
  [`Login: a\nDirectory: ${" Shell: ".repeat(130_000)}\u2028`, "a line of shells with another line end in it"],
  [`Login: a\n${"Office: ".repeat(130_000)}\u2028`, "a line of offices with another line end in it"],
  [`Available fingers:\n${":".repeat(1_000_000)}\u2028x`, "a line of colons with another line end in it"],
  [`${"@".repeat(1_000_000)} x`, "a line of which any part could be an address"],
  [`Login  Name  ${"x  ".repeat(60)}\n${"a  b\n".repeat(200_000)}`, "many columns over many rows"],
  [`${Array.from({ length: 3000 }, (_, column) => `c${column}`).join("  ")}\n`.repeat(50), "thousands of columns"],
  ["-\n".repeat(500_000), "a dash a line"],
];

it.each(SLOW.map(([reply, why]) => [why, reply] as const))("is not slowed down by %s", async (_, reply) => {
  expect(await cpuTime(() => parseReply(reply))).toBeLessThan(5000);
});
