import { type FingerMail, type FingerUser, type FormatOptions, formatUser, formatUserList } from "finger-protocol";
import { describe, expect, it } from "vitest";

const now = new Date("2026-11-22T18:00:00Z");
const netkit: FormatOptions = { layout: "netkit", now, timeZone: "UTC" };
const ago = (days: number, seconds = 0) => new Date(now.getTime() - (days * 86400 + seconds) * 1000);

/** The long form without its head. */
const lines = (user: Partial<FingerUser>, options?: FormatOptions) =>
  formatUser({ login: "a", ...user }, { ...netkit, plans: false, ...options }).replace(/^.*\n/, "");

it("prints what finger -l prints (facts of netkit 0.17)", () => {
  const alice: FingerUser = {
    login: "alice",
    name: "Alice Liddell",
    directory: "/home/alice",
    shell: "/bin/bash",
    office: "Room 42",
    officePhone: "5551234",
    homePhone: "15558675309",
    sessions: [{ since: new Date("2026-11-22T16:36:00Z"), tty: "pts/0", host: "desk.example", messages: false }],
    mailForward: "alice@elsewhere.example",
    mail: { receivedAt: new Date("2026-11-22T10:00:00Z"), readAt: new Date("2026-11-20T09:30:00Z") },
    pgpKey: "KEY\n",
    project: "Tea",
    plan: "Happy\nand well\n",
  };
  expect(formatUser(alice, netkit)).toBe(
    [
      "Login: alice          \t\t\tName: Alice Liddell",
      "Directory: /home/alice              \tShell: /bin/bash",
      "Office: Room 42, 555-1234\t\tHome Phone: +1-555-867-5309",
      "On since Sun Nov 22 16:36 (UTC) on pts/0 from desk.example (messages off)",
      "Mail forwarded to alice@elsewhere.example",
      "New mail received Sun Nov 22 10:00 2026 (UTC)",
      "     Unread since Fri Nov 20 09:30 2026 (UTC)",
      "PGP key:",
      "KEY",
      "Project:",
      "Tea",
      "Plan:",
      "Happy",
      "and well",
      "",
    ].join("\n"),
  );
});

it("prints what finger -s prints (observed)", () => {
  const users: FingerUser[] = [
    { login: "carol", name: "Carol", lastLogin: null },
    {
      login: "bob",
      name: "Bob Builder",
      lastLogin: { since: new Date("2025-10-18T08:00:00Z"), tty: "pts/9", host: "old.example" },
    },
    {
      login: "alice",
      name: "Alice Liddell",
      office: "Room 42",
      officePhone: "5551234",
      sessions: [
        { since: new Date("2026-11-22T16:36:00Z"), tty: "pts/0", host: "desk.example", messages: false, idle: 3900 },
        { since: new Date("2026-11-22T17:36:00Z"), tty: ":0" },
      ],
    },
  ];
  expect(formatUserList(users, netkit)).toBe(
    [
      "Login     Name            Tty      Idle  Login Time   Office     Office Phone",
      "alice     Alice Liddell  *pts/0    1:05  Nov 22 16:36 (desk.example)",
      "alice     Alice Liddell   :0             Nov 22 17:36 Room 42    555-1234",
      "bob       Bob Builder     pts/9       *  Oct 18  2025 (old.example)",
      "carol     Carol            *     *  No logins   ",
      "",
    ].join("\n"),
  );
});

const PHONES = [
  ["123", "123"],
  ["1234", "x1234"],
  ["12345", "x1-2345"],
  ["123456", "123456"],
  ["1234567", "123-4567"],
  ["12345678", "12345678"],
  ["1234567890", "123-456-7890"],
  ["12345678901", "+1-234-567-8901"],
  ["+49 30 1234", "+49 30 1234"],
] as const;

it.each(PHONES)("sets the phone %s as %s", (phone, set) => {
  expect(lines({ homePhone: phone })).toBe(`Home Phone: ${set}\n`);
});

const OFFICES: ReadonlyArray<readonly [user: Partial<FingerUser>, text: string, why: string]> = [
  [
    { office: "x".repeat(24), officePhone: "1234567" },
    `Office: ${"x".repeat(24)}, 123-4567\n`,
    "40 with the label: joined",
  ],
  [
    { office: "x".repeat(25), officePhone: "1234567" },
    `Office: ${"x".repeat(25)}\tOffice Phone: 123-4567\n`,
    "41: apart",
  ],
  [{ office: "A", homePhone: "1234" }, "Office: A\t\t\t\tHome Phone: x1234\n", "the right field from column 40 on"],
  [
    { office: "x".repeat(60), homePhone: "1234567890" },
    `Office: ${"x".repeat(60)}\nHome Phone: 123-456-7890\n`,
    "no room beside",
  ],
  [{ officePhone: "1234" }, "Office Phone: x1234\n", "a phone without an office"],
];

it.each(OFFICES)("fills the line of %o as %j: %s", (user, text) => {
  expect(lines(user)).toBe(text);
});

it.each(["netkit", "modern"] as const)("tells what netkit does not know, in the layout %s, too", (layout) => {
  const user = { login: "ada", name: "Ada", pronouns: "she/her", timeZone: "Europe/Berlin\x1b[2J", lastLogin: null };
  const head = `Login: ada            \t\t\tName: Ada\n`;
  const facts = "Pronouns: she/her\nTime zone: Europe/Berlin^[[2J\nNever logged in.\n";
  expect(formatUser(user, { ...netkit, layout })).toContain(`${head}${facts}`);
});

const since = new Date("2026-11-22T16:36:00Z");
const ON = "On since Sun Nov 22 16:36 (UTC) on pts/0";
const SESSIONS: ReadonlyArray<readonly [idle: number, host: string | undefined, messages: boolean, text: string]> = [
  [0, undefined, true, ON],
  [0, undefined, false, `${ON} (messages off)`],
  [1, undefined, true, `${ON}   1 second idle`],
  [125, undefined, true, `${ON}   2 minutes 5 seconds idle`],
  [3660, undefined, false, `${ON}   1 hour 1 minute idle\n     (messages off)`],
  [90061, "h.example", true, `${ON} from h.example\n   1 day 1 hour idle`],
];

it.each(SESSIONS)("says of %i s idle from %s, messages %s: %j", (idle, host, messages, text) => {
  expect(lines({ sessions: [{ since, tty: "pts/0", idle, host, messages }] })).toBe(`${text}\n`);
});

const HALF_YEAR = 182.5;
it.each([
  [ago(HALF_YEAR, -1), "Last login Sun May 24 06:00 (UTC) on tty1", "May 24 06:00"],
  [ago(HALF_YEAR), "Last login Sun May 24 06:00 2026 (UTC) on tty1", "May 24  2026"],
])("tells the year of a login at %s as half a year ago or not", (date, long, short) => {
  const user = { login: "a", name: "A", lastLogin: { since: date, tty: "tty1" } };
  expect(lines(user)).toBe(`${long}\n`);
  expect(formatUserList([user], netkit)).toContain(`  tty1        *  ${short}\n`);
});

describe("what is not there", () => {
  it.each([
    [{ lastLogin: null }, "Never logged in.\n"],
    [{ lastLogin: undefined }, ""],
    [{ mail: null }, "No mail.\n"],
    [{ mail: { readAt: since, receivedAt: since } }, "Mail last read Sun Nov 22 16:36 2026 (UTC)\n"],
    [{ shell: "" }, "Directory:                          \tShell: /bin/sh\n"],
  ])("is told of %o as %j", (user, text) => {
    expect(lines(user)).toBe(text);
  });

  it("is told of plans, unless plans are switched off", () => {
    expect(lines({}, { plans: true })).toBe("No Plan.\n");
    expect(lines({ plan: "" }, { plans: true })).toBe("Plan:\n\n");
    expect(lines({ plan: "secret", project: "x", pgpKey: "y" })).toBe("");
  });

  it("is told of an empty list", () => {
    expect(formatUserList([], netkit)).toBe("No one logged on.\n");
  });
});

it("speaks of the last login beside a session only when it is newer and elsewhere", () => {
  const sessions = [{ since, tty: "pts/0" }];
  expect(lines({ sessions, lastLogin: { since: now, tty: "pts/1" } })).toContain("Last login");
  expect(lines({ sessions, lastLogin: { since: now, tty: "pts/0" } })).not.toContain("Last login");
  expect(lines({ sessions, lastLogin: { since: ago(1), tty: "pts/1" } })).not.toContain("Last login");
});

it("lines the idle times up behind the longest terminal, that of the last login included", () => {
  const sessions = [{ since, tty: "pts/0", idle: 60 }];
  expect(lines({ sessions, lastLogin: { since: now, tty: "pts/100" } })).toContain("on pts/0     1 minute idle\n");
});

it.each([
  ["UTC", "UTC", "16:36"],
  ["America/New_York", "EST", "11:36"],
  ["Europe/Berlin", "CET", "17:36"],
  ["Asia/Kolkata", "IST", "22:06"],
  ["Asia/Tokyo", "JST", "01:36"],
  ["Australia/Sydney", "AEDT", "03:36"],
  ["America/Sao_Paulo", "-03", "13:36"],
])("shows times in %s as %s", (timeZone, zone, time) => {
  expect(lines({ sessions: [{ since, tty: "pts/0" }] }, { timeZone })).toMatch(
    new RegExp(` ${time} \\(${zone.replace("-", "\\-")}\\) on pts/0\n$`),
  );
});

it("calls the zone what it is told, or else what Intl knows", () => {
  const zoneName = (date: Date) => (date < now ? "IST" : undefined);
  const zoned = { timeZone: "Europe/Dublin", zoneName };
  expect(lines({ sessions: [{ since, tty: "pts/0" }] }, zoned)).toContain(" 16:36 (IST) on pts/0\n");
  expect(lines({ sessions: [{ since: now, tty: "pts/0" }] }, zoned)).toContain(" (GMT) on pts/0\n");
});

it("fits the columns to the screen", () => {
  const user = { login: "a".repeat(20), name: "Bartholomew Longname", lastLogin: null };
  expect(formatUserList([user], { ...netkit, width: 80 }).split("\n")[1]).toBe(
    `${"a".repeat(20)} Bartholome   *     *  No logins   `,
  );
  expect(formatUserList([user], { ...netkit, width: 132 }).split("\n")[1]).toBe(
    `${"a".repeat(20)}  Bartholomew Longname    *     *  No logins   `,
  );
});

it("lets no field pass for another, and no text for a command", () => {
  const text = formatUser({ login: "eve", name: "Eve\nLogin: root\x1b[2J", plan: "a\x1b[31m\r\n\ttab\u009b" }, netkit);
  expect(text).toBe("Login: eve            \t\t\tName: Eve Login: root^[[2J\nPlan:\na^[[31m^M\n\ttabM-^[\n");
});

describe("the modern layout", () => {
  it("gives who is only a status with that alone", () => {
    expect(formatUser({ login: "alice", status: "Happy\r\nand well" })).toBe("Happy\nand well\n");
  });

  it("puts the status first, and below it only what is known", () => {
    const user = { login: "alice", name: "Alice", status: "Happy", lastLogin: null };
    expect(formatUser(user)).toBe("Happy\n\nLogin: alice          \t\t\tName: Alice\nNever logged in.\n");
    expect(formatUser({ ...user, plan: "Tea." })).toContain("Never logged in.\nPlan:\nTea.\n");
  });

  it("lists the first line of each status, in columns of the screen", () => {
    const users = [
      { login: "alice", name: "愛麗絲", status: "Happy\nand well" },
      { login: "bob", name: "Bob Builder" },
    ];
    expect(formatUserList(users)).toBe("Login  Name         Status\nalice  愛麗絲       Happy\nbob    Bob Builder\n");
    expect(formatUserList([{ login: "a", status: "x" }])).toBe("Login  Status\na      x\n");
  });
});

it.each([
  [-5, "     "],
  [59, "     "],
  [60, "    1"],
  [3599, "   59"],
  [3600, " 1:00"],
  [86399, "23:59"],
  [86400, "   1d"],
  [400 * 86400, " 400d"],
])("shows %i s idle in the list as %j", (idle, digits) => {
  const list = formatUserList([{ login: "a", sessions: [{ since, tty: "pts/0", idle }] }], netkit);
  expect(list.split("\n")[1]).toBe(`a                    pts/0   ${digits}  Nov 22 16:36`);
});

it("follows the clock of a zone into daylight saving and out of it", () => {
  const at = (date: string) =>
    lines({ sessions: [{ since: new Date(date), tty: "x" }] }, { timeZone: "Europe/Berlin" }).slice(9, -6);
  expect(at("2026-03-29T00:59:00Z")).toBe("Sun Mar 29 01:59 (CET)");
  expect(at("2026-03-29T01:00:00Z")).toBe("Sun Mar 29 03:00 (CEST)");
  expect(at("2026-10-25T00:30:00Z")).toBe("Sun Oct 25 02:30 (CEST)");
  expect(at("2026-10-25T01:30:00Z")).toBe("Sun Oct 25 02:30 (CET)");
});

const MAIL: ReadonlyArray<readonly [mail: FingerMail, text: string, why: string]> = [
  [{ receivedAt: since }, "New mail received Sun Nov 22 16:36 2026 (UTC)\n", "never read"],
  [{ receivedAt: ago(1), readAt: since }, "Mail last read Sun Nov 22 16:36 2026 (UTC)\n", "read since"],
  [{}, "No mail.\n", "a mailbox without times"],
];

it.each(MAIL)("tells of the mail %o as %j: %s", (mail, text) => {
  expect(lines({ mail })).toBe(text);
});

it("cuts no character in two, and keeps the columns by bytes", () => {
  const users = [
    { login: "a", name: `${"é".repeat(10)}🙂`, lastLogin: null },
    { login: "b".repeat(19), name: "B", lastLogin: null },
  ];
  expect(formatUserList(users, netkit).split("\n").slice(1, 3)).toEqual([
    `${"a".padEnd(19)} ééééé    *     *  No logins   `,
    `${"b".repeat(19)} B             *     *  No logins   `,
  ]);
});

it("lists a hundred and thirty thousand users, more than a call takes arguments, and a login of a hundred thousand letters", () => {
  const users = Array.from({ length: 130_000 }, (_, index) => ({ login: `u${index}` }));
  expect(formatUserList(users, { ...netkit, layout: "modern" }).split("\n")).toHaveLength(130_002);
  expect(formatUserList(users, netkit).split("\n")).toHaveLength(130_002);
  expect(formatUserList([{ login: "a".repeat(100_000) }], netkit)).toContain("a".repeat(100_000));
});
