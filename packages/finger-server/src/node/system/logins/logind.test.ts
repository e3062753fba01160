import fc from "fast-check";
import { expect, it } from "vitest";
import { parseSessionIds, parseSessions } from "./logind.js";

function show(...sessions: ReadonlyArray<Readonly<Record<string, string>>>): string {
  const blocks = sessions.map((session) => {
    const fields = { Name: "alice", Timestamp: "Thu 2026-11-26 08:49:12 UTC", Class: "user", ...session };
    return Object.entries(fields).map(([key, value]) => `${key}=${value}\n`);
  });
  return blocks.map((lines) => lines.join("")).join("\n");
}

const SESSIONS: ReadonlyArray<[session: Readonly<Record<string, string>>, read: object | undefined, why: string]> = [
  [{}, { login: "alice", since: new Date("2026-11-26T08:49:12Z") }, "that is the least"],
  [{ TTY: "pts/0", RemoteHost: "::1" }, { tty: "pts/0", host: "::1" }, "it came over the network"],
  [{ TTY: "/dev/tty1" }, { tty: "tty1" }, "some programs name the whole path"],
  [{ Display: ":0" }, { tty: ":0" }, "a desktop has no terminal"],
  [{ TTY: "../../etc/shadow" }, { tty: undefined }, "no terminal is there"],
  [{ Timestamp: "n/a" }, { since: undefined }, "it need not be known"],
  [
    { IdleHint: "yes", IdleSinceHint: "1795681921000000" },
    { idleSince: new Date(1_795_681_921_000) },
    "microseconds are told",
  ],
  [{ IdleHint: "no", IdleSinceHint: "1795681921000000" }, { idleSince: undefined }, "it was idle before"],
  [{ Class: "user-light" }, { login: "alice" }, "newer ones tell people apart"],
  [{ Class: "greeter" }, undefined, "it is the screen that asks for a password"],
  [{ Class: "manager" }, undefined, "it is a service of the user"],
  [{ Class: "background" }, undefined, "nobody sits there"],
  [{ State: "closing" }, undefined, "they have gone, and left a process behind"],
  [{ Name: "" }, undefined, "it is nobody's"],
  [{ Name: "a\x1b[2J" }, undefined, "nobody is called that"],
  [{ Name: Buffer.from("zoë").toString("latin1") }, { login: "zoë" }, "names are UTF-8"],
];

it.each(SESSIONS)("reads %j as %j: %s", (session, read) => {
  expect(parseSessions(show(session))).toMatchObject(read === undefined ? [] : [read]);
});

it("puts sessions in the order in which they began", () => {
  const shown = show({ TTY: "pts/2" }, { TTY: "pts/1", Timestamp: "Wed 2026-11-25 08:49:12 UTC" });
  expect(parseSessions(shown).map(({ tty }) => tty)).toEqual(["pts/1", "pts/2"]);
});

it("finds what sessions are called in the list of an old loginctl and of a new one", () => {
  const list = ["     c1  1000 alice seat0 tty2 ", "12 1000 alice - 4711 user pts/0 no -", "", "-h evil", "; rm"].join(
    "\n",
  );
  expect(parseSessionIds(list)).toEqual(["c1", "12"]);
});

it("reads anything", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      parseSessionIds(text);
      parseSessions(`Name=a\nClass=user\n${text}`);
    }),
  );
});
