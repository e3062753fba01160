import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { freshPath } from "../../../../../../tests/support/programs.js";
import { askGetent, isAskable, listByGetent } from "./getent.js";
import { parseAccounts } from "./parse-accounts.js";

function writeGetent(body: string): string {
  const path = freshPath();
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

const HAS_GETENT = ["/usr/bin/getent", "/bin/getent"].some((path) => existsSync(path));

describe.runIf(HAS_GETENT)("getent of this machine", () => {
  it("lists the accounts of the file", async () => {
    const listed = parseAccounts((await listByGetent("getent")) ?? Buffer.of());
    expect(listed).toEqual(expect.arrayContaining(parseAccounts(readFileSync("/etc/passwd"))));
  });

  it("finds whoever runs this, and nobody who is not there", async () => {
    const { username, uid, homedir } = userInfo();
    expect(await askGetent("getent", username)).toMatchObject({ login: username, uid, directory: homedir });
    expect(await askGetent("getent", "nobody-is-called-so")).toBeUndefined();
  });
});

it("asks for a login behind what ends the options", async () => {
  const words = process.platform === "linux" ? "passwd -- alice" : "passwd alice";
  expect(await askGetent(writeGetent('echo "alice:x:1:1:$*:/:"'), "alice")).toMatchObject({ gecos: words });
});

const ANSWERS: ReadonlyArray<[body: string, login: string, why: string]> = [
  ["echo 'root:x:0:0:::'", "alice", "another is found, by a number or another name"],
  ["echo 'alice:x:1:1:::'", "Alice", "the case is another"],
  ["exit 2", "alice", "there is no such account"],
  ["echo 'alice:x:1'", "alice", "what is printed is no account"],
  ["", "alice", "nothing is printed"],
];

it.each(ANSWERS)("takes %j for nobody who is called %s: %s", async (body, login) => {
  expect(await askGetent(writeGetent(body), login)).toBeUndefined();
});

it("gives the account of exactly that login", async () => {
  const getent = writeGetent("printf 'a:x:1:1:::\\nalice:x:2:2:Alice:/home/alice:/bin/sh\\n'");
  expect(await askGetent(getent, "alice")).toMatchObject({ login: "alice", uid: 2 });
});

it.each(["", "-s", "--help", "a:b", "a/b", "a\nb", "a\0b", "é".repeat(129), "0", "1000", " 7", "+7", "\ud800"])(
  "asks nobody for %j",
  async (login) => {
    const path = freshPath();
    expect(await askGetent(writeGetent(`touch ${path}`), login)).toBeUndefined();
    expect(isAskable(login)).toBe(false);
    expect(existsSync(path)).toBe(false);
  },
);

it("says nothing where there is no such program", async () => {
  expect(await listByGetent("/nowhere/getent")).toBeUndefined();
  expect(await askGetent("/nowhere/getent", "alice")).toBeUndefined();
});

it("fails when the program does", async () => {
  const getent = writeGetent("echo 'alice:x:1:1:::'; exit 1");
  await expect(listByGetent(getent)).rejects.toThrow();
  await expect(askGetent(getent, "alice")).rejects.toThrow();
});

it("fails when it prints without an end", async () => {
  await expect(listByGetent(writeGetent("exec yes alice:x:1:1:::"))).rejects.toThrow("maxBuffer");
});

it("fails when it does not answer in time", async () => {
  const getent = writeGetent("exec sleep 60");
  await expect(askGetent(getent, "alice", 50)).rejects.toThrow("not answered within 50 ms");
  await expect(listByGetent(getent, 50)).rejects.toThrow("not answered within 50 ms");
});
