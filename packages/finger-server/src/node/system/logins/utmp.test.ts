import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ARM, type Layout, toUtmp, type UtmpRecord, X86 } from "../../../../../../tests/support/login-records.js";
import { findUtmpLayout, parseUtmp } from "./utmp.js";

const LAYOUTS: ReadonlyArray<[where: string, layout: Layout]> = [
  ["x86-64", X86],
  ["aarch64", ARM],
  ["32 bits, big-endian", { size: 384, isLittleEndian: false }],
  ["64 bits, big-endian", { size: 400, isLittleEndian: false }],
];

describe.each(LAYOUTS)("the records of %s", (_where, layout) => {
  it("are read in the order of the file, and only of those who are logged in", () => {
    const bytes = Buffer.concat([
      toUtmp({ type: 2, login: "reboot", tty: "~", host: "6.1.0" }, layout),
      toUtmp({ type: 6, login: "LOGIN", tty: "tty1" }, layout),
      toUtmp({ login: "bob", tty: "pts/3", host: "hole.example", at: 1_700_000_100 }, layout),
      toUtmp({ type: 8, login: "carol", tty: "pts/4" }, layout),
      Buffer.alloc(layout.size),
      toUtmp({ login: "alice", tty: ":0", at: 1_600_000_000 }, layout),
    ]);
    expect(findUtmpLayout(bytes)).toEqual(layout);
    expect(parseUtmp(bytes)).toEqual([
      { login: "bob", tty: "pts/3", host: "hole.example", since: new Date(1_700_000_100_000) },
      { login: "alice", tty: ":0", since: new Date(1_600_000_000_000) },
    ]);
  });

  it("tell their layout when there is one alone, and when the last one is torn", () => {
    const one = toUtmp({}, layout);
    expect(findUtmpLayout(one)).toEqual(layout);
    const torn = Buffer.concat([one, one, one.subarray(0, 100)]);
    expect(parseUtmp(torn)).toHaveLength(2);
  });

  it("are found where both sizes divide the file", () => {
    const many = Buffer.concat(Array.from({ length: 9600 / layout.size }, () => toUtmp({}, layout)));
    expect(findUtmpLayout(many)).toEqual(layout);
    expect(parseUtmp(many)).toHaveLength(9600 / layout.size);
  });

  it("may be anything", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        for (const one of parseUtmp(bytes, layout)) expect(one.login).not.toBe("");
      }),
    );
  });
});

const RECORDS: ReadonlyArray<[record: UtmpRecord, read: object | undefined, why: string]> = [
  [{ login: "" }, undefined, "nobody is logged in there"],
  [{ login: "a\x1b[2J" }, undefined, "nobody is called that"],
  [{ tty: "pts/1\n" }, undefined, "no terminal is called that"],
  [{ tty: "../etc/passwd" }, undefined, "a terminal is in /dev"],
  [{ tty: "/etc/passwd" }, undefined, "a terminal is in /dev"],
  [{ tty: "pts/.." }, undefined, "a terminal is no folder"],
  [{ at: 0 }, undefined, "nobody logged in at the beginning of time"],
  [{ tty: "/dev/pts/2" }, { tty: "pts/2" }, "some programs write all of the path"],
  [{ tty: "" }, { tty: undefined }, "a login by FTP has no terminal"],
  [{ tty: "a".repeat(40) }, { tty: "a".repeat(32) }, "a full field has no end of its own"],
  [{ login: "b".repeat(32) }, { login: "b".repeat(32) }, "a full field has no end of its own"],
  [{ login: "zoë" }, { login: "zoë" }, "most machines write UTF-8"],
  [{ login: Buffer.from("zo\xeb", "latin1") }, { login: "zoë" }, "old ones write Windows-1252"],
  [{ host: "::1" }, { host: "::1" }, "an address is a host, too"],
  [{ at: 4_000_000_000 }, { since: new Date(4_000_000_000_000) }, "32 bits without a sign last until 2106"],
];

it.each(RECORDS)("reads %j as %j: %s", (record, read) => {
  const good = toUtmp({ login: "zz" });
  const [first, second] = parseUtmp(Buffer.concat([toUtmp(record), good]), X86);
  if (read === undefined) expect(first?.login).toBe("zz");
  else expect(first).toMatchObject(read);
  expect(second?.login).toBe(read && "zz");
});

it("guesses a layout of anything", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
      expect(LAYOUTS.map(([, layout]) => layout)).toContainEqual(findUtmpLayout(bytes));
      expect(parseUtmp(bytes).length).toBeLessThan(14);
    }),
  );
});
