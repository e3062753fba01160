import { type FingerUser, parseReply } from "finger-protocol";
import { expect, it } from "vitest";

// Replies as servers in the field send them, with other people in them.

const now = new Date("2026-11-22T18:00:00Z");
const session = (tty: string, more = {}) => ({ tty, ...more });

const SINGLE: ReadonlyArray<readonly [shape: string, reply: string, users: readonly FingerUser[]]> = [
  [
    "netkit, behind the banner of fingerd -w and the heading of who forwards",
    "[moss.example]\r\n\r\nWelcome to Linux version 6.1.0-18-amd64 at moss.example !\r\n\r\n" +
      " 18:00:00 up 3 days,  2:10,  2 users,  load average: 0.00, 0.01, 0.05\r\n\r\n" +
      "Login: ada            \t\t\tName: Ada Lake\r\nDirectory: /home/ada                \tShell: /bin/zsh\r\n" +
      "Never logged in.\r\nNo mail.\r\nNo Plan.\r\n",
    [{ login: "ada", name: "Ada Lake", directory: "/home/ada", shell: "/bin/zsh", lastLogin: null, mail: null }],
  ],
  [
    "efingerd, which greets before it calls finger",
    "\nHello brook.example, this is our dear user ada:\nLogin: ada            \t\t\tName: Ada\nNo Plan.\n",
    [{ login: "ada", name: "Ada" }],
  ],
  [
    "FreeBSD in a country where the day comes first",
    "Login: ada            \t\t\tName: Ada\nDirectory: /home/ada                \tShell: /bin/sh\n" +
      "Last login Sun  1 Nov 10:00 (GMT) on ttyv0\nNo Mail.\nPlan: tea\n",
    [
      {
        login: "ada",
        name: "Ada",
        directory: "/home/ada",
        shell: "/bin/sh",
        lastLogin: { since: new Date("2026-11-01T10:00:00Z"), tty: "ttyv0" },
        mail: null,
        plan: "tea",
      },
    ],
  ],
  [
    "Solaris",
    "Login name: ada       \t\t\tIn real life: Ada Lake\nDirectory: /export/home/ada         \tShell: /bin/ksh\n" +
      "On since Nov 22 16:36:01 on pts/1 from brook.example\n18 minutes Idle Time\nNo unread mail\nPlan:\ntea\n",
    [
      {
        login: "ada",
        name: "Ada Lake",
        directory: "/export/home/ada",
        shell: "/bin/ksh",
        sessions: [session("pts/1", { host: "brook.example", idle: 1080 })],
        text: "On since Nov 22 16:36:01 on pts/1 from brook.example\nNo unread mail",
        plan: "tea",
      },
    ],
  ],
  [
    "4.3BSD",
    "Login name: ada       \t\t\tIn real life: Ada Lake\nDirectory: /u/ada                   \tShell: /bin/csh\n" +
      "Last login Sat Aug  1 10:00 on ttyp0\nNo Plan.\n",
    [
      {
        login: "ada",
        name: "Ada Lake",
        directory: "/u/ada",
        shell: "/bin/csh",
        lastLogin: { tty: "ttyp0" },
        text: "Last login Sat Aug  1 10:00 on ttyp0",
      },
    ],
  ],
  [
    "cfingerd",
    "Username: ada                       In real life: Ada Lake              \n" +
      "Home directory: /home/ada           Shell: /bin/sh                      \n" +
      "Room: Room 42                       Work phone: 555-1234                \n" +
      "Home phone: 555-9876                Other:                              \n" +
      "\n\nProject:\ntea\n\nPlan:\nmore\ntea\n\nPGP Public Key:\nKEY\n\n",
    [
      {
        login: "ada",
        name: "Ada Lake",
        directory: "/home/ada",
        shell: "/bin/sh",
        text:
          "Room: Room 42                       Work phone: 555-1234                \n" +
          "Home phone: 555-9876                Other:                              ",
        project: "tea",
        plan: "more\ntea",
        pgpKey: "KEY",
      },
    ],
  ],
  [
    "a host that gives login and name a line each",
    "Login: ada\nName: Ada Lake\nPlan:\ntea\n",
    [{ login: "ada", name: "Ada Lake", plan: "tea" }],
  ],
  [
    "a host with lines of its own",
    "Login: ada            \t\t\tName: Ada\nPronouns: she/her\nOffice hours are 9 to 5\nNo Plan.\n",
    [{ login: "ada", name: "Ada", text: "Pronouns: she/her\nOffice hours are 9 to 5" }],
  ],
  [
    "a plan that quotes another reply",
    "Login: ada            \t\t\tName: Ada\nPlan:\nLook:\n\nLogin: bob    Name: Bob\nNo Plan.\n\n> Login: cy   Name: Cy\n",
    [{ login: "ada", name: "Ada", plan: "Look:\n\nLogin: bob    Name: Bob\nNo Plan.\n\n> Login: cy   Name: Cy" }],
  ],
  [
    "a plan with a table in it",
    "Login: ada            \t\t\tName: Ada\nPlan:\nLogin  Name\nbob    Bob\n",
    [{ login: "ada", name: "Ada", plan: "Login  Name\nbob    Bob" }],
  ],
  [
    "a plan in Cyrillic, in Japanese and with a picture",
    "Login: ada            \t\t\tName: Ада\nPlan:\nСегодня: чай\n今日はお茶\n  /\\_/\\\n ( o.o )\n",
    [{ login: "ada", name: "Ада", plan: "Сегодня: чай\n今日はお茶\n  /\\_/\\\n ( o.o )" }],
  ],
];

it.each(SINGLE)("reads the reply of %s", (_, reply, users) => {
  expect(parseReply(reply, { now })).toEqual(users);
});

const TABLES: ReadonlyArray<readonly [shape: string, reply: string, users: readonly FingerUser[]]> = [
  [
    "OpenBSD, whose column begins with the star",
    "Login    Name                 Tty  Idle  Login Time   Office     Office Phone\n" +
      "ada      Ada Lake            *p0    12     Sun 16:36 Room 42    555-1234\n".replace(
        "            *p0",
        "             *p0",
      ) +
      "bob      Bob                   C0     -     Sun 17:36 \n" +
      "cy       Cy                    p3     *  Oct 18 2025  \n" +
      "dee      Dee                    *     *  No logins   \n" +
      "evangeline Eve                   p4     5     Sun 12:00 \n",
    [
      {
        login: "ada",
        name: "Ada Lake",
        office: "Room 42",
        officePhone: "555-1234",
        sessions: [session("p0", { idle: 720, messages: false })],
        text: "Sun 16:36",
      },
      { login: "bob", name: "Bob", sessions: [session("C0")], text: "Sun 17:36" },
      { login: "cy", name: "Cy", lastLogin: { tty: "p3" }, text: "Oct 18 2025" },
      { login: "dee", name: "Dee", lastLogin: null },
      { login: "evangeline", text: "Eve                   p4     5     Sun 12:00" },
    ],
  ],
  [
    "Solaris, whose names do not stand below their header",
    "Login       Name               TTY         Idle    When    Where\r\n" +
      "ada      Ada Lake              pts/1          6 Thu 14:22  192.0.2.10          \r\n" +
      "bobwhite Bob White             pts/2            Wed 09:41  brook.example\r\n" +
      "cy              ???            console     2:05 Wed 07:23\r\n" +
      "root     Super-User            console      <Oct 14 10:28>\r\n" +
      "lp       Line Printer Admin                 < .  .  .  . >\r\n" +
      "eve                   ???\r\n",
    [
      { login: "ada", name: "Ada Lake", sessions: [session("pts/1", { idle: 360 })], text: "Thu 14:22  192.0.2.10" },
      { login: "bobwhite", name: "Bob White", sessions: [session("pts/2")], text: "Wed 09:41  brook.example" },
      { login: "cy", sessions: [session("console", { idle: 7500 })], text: "Wed 07:23" },
      { login: "root", name: "Super-User", lastLogin: { tty: "console" }, text: "<Oct 14 10:28>" },
      { login: "lp", name: "Line Printer Admin", lastLogin: null },
    ],
  ],
  [
    "netkit, for a user of whom no login is known",
    "Login     Name       Tty      Idle  Login Time   Office     Office Phone\nada       Ada\nbob       Bob        tty1          Nov 22 10:00\n",
    [
      { login: "ada", name: "Ada" },
      { login: "bob", name: "Bob", sessions: [session("tty1")], text: "Nov 22 10:00" },
    ],
  ],
  [
    "cfingerd",
    "USERNAME Real name                      Idletime TTY Remote console location\n" +
      "ada      Ada Lake                              -  p0 (brook.example)          \n" +
      "bob      Bob                                  5d   1 (moss)                   \n",
    [
      { login: "ada", name: "Ada Lake", text: "-  p0 (brook.example)" },
      { login: "bob", name: "Bob", text: "5d   1 (moss)" },
    ],
  ],
  [
    "efingerd, which calls who",
    "\nHello brook.example,\nusers currently logged in are:\n\n" +
      "NAME       LINE         TIME             IDLE          PID COMMENT\n" +
      "ada      + pts/0        2026-11-25 19:24   .          1234 (desk.example)\n" +
      "bob      - tty1         2026-11-15 10:47  old         1235\n\n",
    [
      {
        login: "ada",
        sessions: [session("pts/0", { host: "desk.example" })],
        text: "2026-11-25 19:24   .          1234",
      },
      { login: "bob", sessions: [session("tty1")], text: "2026-11-15 10:47  old         1235" },
    ],
  ],
  [
    "efingerd, which calls w",
    " 20:47:46 up 39 min,  1 user,  load average: 0.66, 0.62, 0.41\n" +
      "USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n" +
      "ada      pts/0    desk.example     16:36    1:02   0.05s  0.05s -bash\n" +
      "bob      tty1     -                10:47    5days  0.01s  0.01s vi\n",
    [
      { login: "ada", sessions: [session("pts/0")], text: "desk.example     16:36    1:02   0.05s  0.05s -bash" },
      { login: "bob", sessions: [session("tty1")], text: "10:47    5days  0.01s  0.01s vi" },
    ],
  ],
  [
    "a script that parts its columns with tabs",
    "Login\tName\t\tStatus\nada\tAda Lake\tmaking tea\nbob\tBob\t\taway\n",
    [
      { login: "ada", name: "Ada Lake", status: "making tea" },
      { login: "bob", name: "Bob", status: "away" },
    ],
  ],
  [
    "plan.cat, with words right below its table",
    "Login                Name                 Login Time\nada                  Ada Lake             Thu May 28 21:57 UTC\n" +
      "To publish a plan, read the manual.\nAdministrators are not in this list.\n",
    [{ login: "ada", name: "Ada Lake", text: "Thu May 28 21:57 UTC" }],
  ],
  [
    "two hosts, one after the other",
    "[a.example]\nLogin  Name\nada    Ada\n\n[b.example]\nLogin  Name\nbob    Bob\n",
    [
      { login: "ada", name: "Ada" },
      { login: "bob", name: "Bob" },
    ],
  ],
  [
    "Telehack, with words below its table",
    " port username   status                last what       where\n ---- --------   ------                ---- ----       -----\n" +
      " 0    keeper     System Operator       10m             console\n 12   pinchy     -                     6s   relay      Zeeland, MI\n" +
      " for help, finger help@h.example\n",
    [
      { login: "keeper", status: "System Operator", text: "10m             console" },
      { login: "pinchy", status: "-", text: "6s   relay      Zeeland, MI" },
    ],
  ],
];

it.each(TABLES)("reads the table of %s", (_, reply, users) => {
  expect(parseReply(reply, { now })).toEqual(users);
});

const LISTS: ReadonlyArray<readonly [shape: string, reply: string, logins: readonly string[]]> = [
  [
    "cosmic.voyage with one blank between two names",
    "Users currently online:\n   ibis lantern\n\nShips:\n   petra\n",
    ["ibis", "lantern"],
  ],
  ["zaibatsu", "Who is online:\nada\nbob_\n", ["ada", "bob_"]],
  ["a user who has several sessions", "users currently logged in are:\n\nada ada\tbob\n", ["ada", "bob"]],
  [
    "redterminal",
    "Welcome to r.example.\n\n<== Available Fingers ==>\n\nfab      fab's page\nweather  Now at fab's place\n",
    ["fab", "weather"],
  ],
  [
    "typed-hole, with tabs",
    "Available fingers:\n\nusername:\t\tget user infos\nfeed:\t\t\tmy toots\n",
    ["username", "feed"],
  ],
  [
    "happynetbox",
    "Glad Box\n\n25 most recently updated profiles:\n> hollis\n> 1\n\nFor a random profile:\n> finger\n",
    ["hollis", "1"],
  ],
  [
    "crossed-fingers",
    "3 results:\n0@burrow.example\nodo@moss.example\npetra@moss.example\n",
    ["0@burrow.example", "odo@moss.example", "petra@moss.example"],
  ],
  ["names of another script", "Users online:\nzoë\nанна\n", ["zoë", "анна"]],
];

it.each(LISTS)("reads the list of %s", (_, reply, logins) => {
  expect(parseReply(reply, { now }).map(({ login }) => login)).toEqual(logins);
});

const TEXTS: ReadonlyArray<readonly [reply: string, why: string]> = [
  ["Login: eve\nNo such user\n", "Twisted knows no eve"],
  ["Login: eve\r\nNo such user\r\n", "with CRLF"],
  ["Login: ada\nPassword: tea\n", "credentials"],
  ["Username: ada\nPassword: tea\n", "credentials"],
  ["Login name: eve       \t\t\tIn real life: ???\n", "4.3BSD knows no eve"],
  [
    "Login       Name               TTY         Idle    When    Where\neve                   ???\n",
    "Solaris knows no eve",
  ],
  ["Login name is required\nto see more  of this\n", "prose that begins like a header"],
  ["Login status: down\nback at  nine\n", "prose that begins like a header"],
  ["finger: eve: no such user\n", "FreeBSD"],
  ["[moss.example]\nfinger: eve: no such user.\n", "a heading"],
  ["Must provide username\r\n", "a refusal"],
  ["Finger forwarding service denied\n", "a refusal"],
  ["Internal error in server\n", "a refusal"],
  ["No one logged on.\n", "an empty list"],
  ["Nobody logged in.\n", "an empty list"],
  ["Login     Name       Tty      Idle  Login Time   Office     Office Phone\n", "a table without rows"],
  [
    "\nHello x,\nusers currently logged in are:\n\nNAME       LINE         TIME             IDLE          PID COMMENT\n\n",
    "nobody is on, and the header of who(1) is no row of logins",
  ],
  ["users currently logged in are:\n\nLogin     Name       Tty      Idle  Login Time\n", "nor is that of finger(1)"],
  ["Users currently online:\nnone\n", "nobody is on"],
  ["Users currently online:\n\nnobody at the moment\n", "nobody is on"],
  ["Users currently online:\n12\n", "a count"],
  ["users currently logged in are:\n\n0 users\n", "a count"],
  ["Users online: ada bob\n", "names on the cue's own line may be prose"],
  ["Find me online:\n\nmastodon\ngithub\n", "places, not people"],
  ["Where I am online:\nirc\nxmpp\n", "places, not people"],
  ["On Monday, bob wrote:\n> thanks\n> bye\n", "a mail that is answered"],
  ["Currently reading:\n> dune\n> emma\n", "books"],
  ["Currently playing online:\nchess\ngo\n", "games"],
  ["My accounts:\nada@a.example\nbob@b.example\ncy@c.example\n", "accounts of one person"],
  ["Name    Line  File\nfoo     12    a.c\n", "a compiler"],
  ["> yes\n> no\n", "a mail that is answered"],
  ["$ cat x\n> one\n> two\n", "a shell"],
  ["Contact:\nada@a.example\nada@b.example\nada@c.example\n", "addresses of one person"],
  ["To: ada@a.example\nCc: bob@b.example\nSubject: tea\n\nSee you\n", "a mail"],
  ["E-mail\n\nada@a.example\nbob@b.example\ncy@c.example\n", "a mailing list"],
  [
    "Debian GNU/Linux      Copyright (c) 1993-1999 Software in the Public Interest\n\n                There is no such user.\n",
    "cfingerd knows no eve",
  ],
  [
    "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot           1  0.0  0.1 168484 12004 ?        Ss   Nov20   0:04 /sbin/init\n",
    "ps(1)",
  ],
  [
    "Filesystem     1K-blocks    Used Available Use% Mounted on\nudev             4013484       0   4013484   0% /dev\n",
    "df(1)",
  ],
  [
    "Name           Magnitude  Where\nquake1         4.5        Chile\nquake2         5.1        Japan\n",
    "earthquakes",
  ],
  ["Zug    Ziel       Gleis\nICE1   Berlin     4\nRE2    Bremen     7\n", "trains"],
  [
    "Meteogram for oslo\n 'C                                               Rain\n 12  ====^^^===\n 11==            ===\n  _20_21_22_23_ Hour\n",
    "graph.no",
  ],
  ["   November 2026\nSu Mo Tu We Th Fr Sa\n 1  2  3  4  5  6  7\n 8  9 10 11 12 13 14\n", "cal(1)"],
  ["  /\\_/\\\n ( o.o )\n  > ^ <\n", "a picture"],
  ["____  ____\n____  ____\n", "a picture"],
  ["name: Ada\nstatus: away\nshell: /bin/sh\n", "keys and values"],
  ["cn : First name\nsn : Last name\nemail : Email\n", "a legend"],
  ["def main():\n    users = []\n    for user in online:\n        print(user)\n", "code"],
  ["class Users:\n    pass\nonline:\n  ada\n", "code"],
  ["Dear users:\n\nreboot tonight\n", "a message of the day"],
  ["2026-11-22 18:00:00.123 | TASK [login : Name users]\n2026-11-22 18:00:01.000 | ok: [moss]\n", "a build log"],
  ["[D]oors   [M]essages\n[F]iles   [G]oodbye\n", "a menu of a BBS"],
  ["Aujourd'hui :\nthé\ngâteau\n", "French"],
  ["Heute online:\nKaffee\nKuchen\n", "German"],
  ["Сегодня:\nчай\n", "Russian"],
  ["今日\nお茶\n", "Japanese"],
  ["ada\nbob\ncy\n", "words, a line each"],
  ["ada bob cy\n# users=3\n", "who -q, without a cue"],
  ["alpha   one\nbeta    two\n", "a table without a header"],
  ["=> 2026-05-25 finger://moss.example/ada\n=> 2026-05-23 finger://brook.example/bob\n", "links"],
  ["Login  Name\n", "a header"],
  [" \n\t\n", "blanks"],
];

it.each(TEXTS)("takes %j for text: %s", (reply) => {
  expect(parseReply(reply, { now })).toEqual([]);
});
