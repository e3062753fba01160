import fc from "fast-check";
import { expect, it } from "vitest";
import type { Account } from "./account.js";
import { isLogin } from "./is-login.js";
import { parseAccounts } from "./parse-accounts.js";

const ALICE: Account = {
  ...{ login: "alice", uid: 1000, gid: 100, gecos: "Alice Liddell,,,", directory: "/home/alice", shell: "/bin/sh" },
};
const LINE = "alice:x:1000:100:Alice Liddell,,,:/home/alice:/bin/sh";

const FILES: ReadonlyArray<[text: string, logins: readonly string[], why: string]> = [
  [LINE, ["alice"], "the last line needs no end"],
  [`${LINE}\nbob::1:1:::\n`, ["alice", "bob"], "fields may be empty, and the order is that of the file"],
  ["", [], "an empty file has nobody"],
  ["\n\n", [], "an empty line is nobody"],
  ["# alice:x:1:1:::\n#a:x:1:1:::", [], "comments are no accounts"],
  ["+\n-bob\n+::::::\n+@net:x:1:1:::\n-alice:x:1:1:::", [], "lines of NIS are no accounts"],
  ["alice:x:1000:100:Alice:/home/alice", [], "a field is missing"],
  [`${LINE}:more`, [], "a field is too many"],
  ["alice:x:1000:100:0:0:Alice:/home/alice:/bin/sh:x", [], "it is of master.passwd"],
  ["alice:x::100:::", [], "there is no uid"],
  ["alice:x:-1:100:::\nbob:x:1e3:1:::\ncarol:x:0x10:1:::\ndora:x: 1:1:::", [], "a uid is digits"],
  ["alice:x:1:4294967295:::", [], "that gid is the one of nobody at all"],
  ["alice:x:4294967294:1:::", ["alice"], "that uid is the highest"],
  ["a/b:x:1:1:::\na\tb:x:1:1:::\n:x:1:1:::", [], "such logins are none"],
  ["root2\rx:y:1:1:::", [], "a CR ends no line"],
  [`alice:x:1:1:a\rbob\\:x:0:0:::`, [], "nor does it in a field"],
  [`${LINE}\nalice:x:0:0:::`, ["alice"], "the first of a login counts"],
  [`x${"y".repeat(5000)}:x:1:1:::\n${LINE}`, ["alice"], "a line that is too long is skipped"],
  [`z:x:1:1:${"y".repeat(5000)}::\n${LINE}`, ["alice"], "so is one with much to say"],
];

it.each(FILES)("reads %j as %j: %s", (text, logins) => {
  expect(parseAccounts(Buffer.from(text)).map(({ login }) => login)).toEqual(logins);
});

it("reads all fields but the password", () => {
  expect(parseAccounts(Buffer.from(`${LINE}\nalice:x:0:0:::`))).toEqual([ALICE]);
});

it("reads UTF-8, and what is none as Windows-1252, whatever other lines are", () => {
  const lines = [Buffer.from("élise:x:1:1:Élise ☃:/:\n"), Buffer.from("jose:x:2:2:Jos\xe9:/:\n", "latin1")];
  expect(parseAccounts(Buffer.concat(lines)).map(({ login, gecos }) => [login, gecos])).toEqual([
    ["élise", "Élise ☃"],
    ["jose", "José"],
  ]);
});

it("reads what is a part of something larger", () => {
  const whole = Buffer.from(`root:x:0:0:::\n${LINE}\nbob:x:1:1:::\n`);
  expect(parseAccounts(new Uint8Array(whole.buffer, whole.byteOffset + 14, LINE.length))).toEqual([ALICE]);
});

it("makes of any bytes accounts that can be some", () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc.constantFrom(":", "\n", "x", "1", "alice", LINE, "\n+", "#").map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      const accounts = parseAccounts(Buffer.concat(parts));
      expect(accounts.every(({ login }) => isLogin(login))).toBe(true);
      expect(new Set(accounts.map(({ login }) => login)).size).toBe(accounts.length);
      expect(accounts.every(({ uid, gid }) => uid >= 0 && uid < 2 ** 32 && gid >= 0 && gid < 2 ** 32)).toBe(true);
    }),
  );
});

it("reads what was written", () => {
  const field = fc.string({ unit: "binary", maxLength: 20 }).filter((text) => !/[:\n\r]|^\ufeff/.test(text));
  const id = fc.nat({ max: 2 ** 32 - 2 });
  const account: fc.Arbitrary<Account> = fc.record({
    ...{ login: field.filter((text) => isLogin(text) && !text.startsWith("#")), uid: id, gid: id },
    ...{ gecos: field, directory: field, shell: field },
  });
  fc.assert(
    fc.property(fc.uniqueArray(account, { selector: ({ login }) => login, maxLength: 20 }), (accounts) => {
      const lines = accounts.map(
        ({ login, uid, gid, gecos, directory, shell }) => `${login}:x:${uid}:${gid}:${gecos}:${directory}:${shell}\n`,
      );
      expect(parseAccounts(Buffer.from(lines.join("")))).toEqual(accounts);
    }),
  );
});
