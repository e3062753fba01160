import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FingerError } from "finger-protocol";
import { beforeEach, expect, it } from "vitest";
import { longestTurn } from "../../../../../../tests/support/cpu-time.js";
import { awaitFile, freshPath } from "../../../../../../tests/support/programs.js";

import { type AskedAccounts, createAccounts } from "./create-accounts.js";

let folder: string;
let time: number;
let errors: FingerError[];

beforeEach(() => {
  folder = freshPath();
  mkdirSync(folder);
  time = 0;
  errors = [];
  writePasswd("alice", "bob");
  write("nsswitch", "passwd: files ldap\n");
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function toLine(login: string): string {
  return `${login}:x:1000:1000:${login} Liddell:/home/${login}:/bin/sh\n`;
}

function writePasswd(...logins: readonly string[]): void {
  write("passwd", logins.map(toLine).join(""));
}

/** A getent that writes down each run; `list` and `ask` say what it does. */
function writeGetent(list: string, ask = "exit 2"): void {
  rmSync(join(folder, "getent"), { force: true });
  const body = `echo "$*" >>'${folder}/runs'\nif [ $# -eq 1 ]; then\n${list}\nelse\nfor login; do :; done\n${ask}\nfi`;
  write("getent", `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, "getent"), 0o755);
}

/** What getent was run with. */
function readRuns(): readonly string[] {
  const path = join(folder, "runs");
  return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
}

/** How often it was asked for one. */
function countAsked(): number {
  return readRuns().filter((words) => words !== "passwd").length;
}

function createHere(): AskedAccounts {
  const names = ["passwd", "getent", "nsswitch", "userdb"];
  const [passwd = "", getent, nsswitch, userdb] = names.map((name) => join(folder, name));
  const onError = (error: unknown) => void errors.push(error as FingerError);
  return createAccounts({ passwd, getent, nsswitch, userdb, now: () => time, onError });
}

function createByFile(): AskedAccounts {
  return createAccounts({ passwd: join(folder, "passwd"), now: () => time, onError: (e) => errors.push(e as never) });
}

async function findLogins(accounts: AskedAccounts): Promise<readonly string[]> {
  return (await accounts.all()).map(({ login }) => login);
}

/** Prints the file, and one of LDAP that is listed. */
function listAll(): string {
  return `cat '${folder}/passwd'; printf '%s' '${toLine("dora")}'`;
}

it("knows the accounts of a file that is said, and asks nobody else", async () => {
  const accounts = createByFile();
  expect(await findLogins(accounts)).toEqual(["alice", "bob"]);
  expect(await accounts.find("bob")).toEqual({
    ...{ login: "bob", uid: 1000, gid: 1000, gecos: "bob Liddell", directory: "/home/bob", shell: "/bin/sh" },
  });
  for (const name of ["root", "Bob", "bob ", "", "constructor", "__proto__"]) {
    expect(await accounts.find(name)).toBeUndefined();
  }
  expect(errors).toEqual([]);
});

it("finds by words of the real name", async () => {
  const accounts = createByFile();
  expect((await accounts.findByName("LIDDELL")).map(({ login }) => login)).toEqual(["alice", "bob"]);
  expect((await accounts.findByName("liddell bob")).map(({ login }) => login)).toEqual(["bob"]);
  writePasswd("carol");
  await accounts.refresh();
  expect((await accounts.findByName("Liddell")).map(({ login }) => login)).toEqual(["carol"]);
});

it("finds nobody by name who is not to be found so, and all others, however many they are", async () => {
  const hidden = Array.from({ length: 64 }, (_, index) => `hidden${index}:x:1:1:Alice::\n`);
  write("passwd", hidden.join("") + toLine("alice"));
  const accounts = createAccounts({ passwd: join(folder, "passwd"), isFound: ({ uid }) => uid === 1000 });
  expect((await accounts.findByName("ALICE")).map(({ login }) => login)).toEqual(["alice"]);
  expect(await accounts.find("hidden7")).toMatchObject({ uid: 1 });
  expect(await accounts.all()).toHaveLength(65);
});

it("knows whom getent lists, by one process for all who ask", async () => {
  writeGetent(listAll());
  const accounts = createHere();
  const found = await Promise.all(["alice", "bob", "dora"].map((login) => accounts.find(login)));
  expect(found.map((account) => account?.login)).toEqual(["alice", "bob", "dora"]);
  expect(await findLogins(accounts)).toEqual(["alice", "bob", "dora"]);
  expect(readRuns()).toEqual(["passwd"]);
});

it("reads the file where there is no getent, and asks for nobody", async () => {
  const accounts = createHere();
  expect(await findLogins(accounts)).toEqual(["alice", "bob"]);
  expect(await accounts.find("erin")).toBeUndefined();
  expect(errors).toEqual([]);
});

it("looks again behind an answer after a minute", async () => {
  writeGetent(listAll());
  const accounts = createHere();
  await accounts.all();
  writeGetent(`printf '%s' '${toLine("erin")}'`);
  for (time of [2000, 30_000, 59_999]) expect(await findLogins(accounts)).toEqual(["alice", "bob", "dora"]);
  time = 62_000;
  expect(await findLogins(accounts)).toEqual(["alice", "bob", "dora"]);
  await expect.poll(() => findLogins(accounts)).toEqual(["erin"]);
  expect(readRuns()).toEqual(["passwd", "passwd"]);
});

it("sees in two seconds that the file has changed", async () => {
  const accounts = createByFile();
  await accounts.all();
  writePasswd("alice", "bob", "carol");
  time = 1999;
  expect(await findLogins(accounts)).toEqual(["alice", "bob"]);
  time = 2000;
  expect(await findLogins(accounts)).toEqual(["alice", "bob"]);
  await expect.poll(() => findLogins(accounts)).toEqual(["alice", "bob", "carol"]);
});

it("has those who ask wait when what it knows is old", async () => {
  const accounts = createByFile();
  await accounts.all();
  writePasswd("carol");
  time = 360_000;
  expect(await findLogins(accounts)).toEqual(["carol"]);
});

it("looks at once when it is told to, also while it looks", async () => {
  const accounts = createByFile();
  const before = accounts.all();
  writePasswd("carol");
  await Promise.all([accounts.refresh(), accounts.refresh()]);
  expect(await findLogins(accounts)).toEqual(["carol"]);
  await before;
});

it("gives the same list as long as it reads the same", async () => {
  const accounts = createByFile();
  const before = await accounts.all();
  await accounts.refresh();
  expect(await accounts.all()).toBe(before);
});

it("asks NSS for one whom it does not list, and remembers", async () => {
  writeGetent(listAll(), `[ "$login" = erin ] || exit 2; printf '%s' '${toLine("erin")}'`);
  const accounts = createHere();
  for (let round = 0; round < 3; round++) {
    expect(await accounts.find("erin")).toMatchObject({ login: "erin" });
    expect(await accounts.find("frank")).toBeUndefined();
    expect(await accounts.find("alice")).toMatchObject({ login: "alice" });
  }
  expect(countAsked()).toBe(2);
  await accounts.refresh();
  expect(await accounts.find("erin")).toMatchObject({ login: "erin" });
  expect(countAsked()).toBe(3);
});

it("takes the time for one who is listed that one takes who is not, when it is to", async () => {
  writeGetent(listAll(), `${awaitFile(`'${folder}/go'`)}; printf '%s' "$login:x:1:1:::"`);
  const accounts = createHere();
  await accounts.all();
  const pretended = accounts.pretend("alice");
  const unknown = accounts.find("frank");
  await expect.poll(countAsked).toBe(2);
  write("go", "");
  await Promise.all([pretended, unknown]);
  await Promise.all([accounts.pretend("alice"), accounts.pretend("frank")]);
  expect(countAsked()).toBe(2);
  expect(await accounts.find("alice")).toMatchObject({ gecos: "alice Liddell" });
});

it("asks for nobody where all accounts are in files", async () => {
  write("nsswitch", "passwd: files # ldap\n");
  writeGetent(listAll(), `printf '%s' '${toLine("erin")}'`);
  const accounts = createHere();
  expect(await accounts.find("erin")).toBeUndefined();
  await accounts.pretend("alice");
  expect(countAsked()).toBe(0);
});

it("asks systemd for nobody as long as it lists all whom it knows", async () => {
  write("nsswitch", "passwd: files systemd\n");
  writeGetent(listAll(), `printf '%s' '${toLine("erin")}'`);
  mkdirSync(join(folder, "userdb"));
  write("userdb/io.systemd.DynamicUser", "");
  const accounts = createHere();
  expect(await accounts.find("erin")).toBeUndefined();
  expect(countAsked()).toBe(0);
  write("userdb/org.example.Directory", "");
  await accounts.refresh();
  expect(await accounts.find("erin")).toMatchObject({ login: "erin" });
});

it("asks systemd for whom the file does not have where nobody lists all", async () => {
  write("nsswitch", "passwd: files systemd\n");
  writeGetent("exit 1", `printf '%s' '${toLine("erin")}'`);
  expect(await createHere().find("erin")).toMatchObject({ login: "erin" });
});

it("takes a number, and the name of another, for nobody", async () => {
  writeGetent(listAll(), `printf '%s' '${toLine("alice")}'`);
  const accounts = createHere();
  for (const name of ["1000", "ALICE", "alias", "-s", "", "a:b", "../alice"]) {
    expect(await accounts.find(name)).toBeUndefined();
  }
  expect(countAsked()).toBe(2);
});

it("starts no storm of processes for names that somebody makes up", async () => {
  writeGetent(listAll(), `${awaitFile(`'${folder}/go'`)}; exit 2`);
  const accounts = createHere();
  const answers = Array.from({ length: 500 }, (_, index) => accounts.find(`made-up${index}`));
  await expect.poll(countAsked).toBe(2);
  // Those who are known have no part in it.
  expect(await accounts.find("alice")).toMatchObject({ login: "alice" });
  write("go", "");
  expect(new Set(await Promise.all(answers))).toEqual(new Set([undefined]));
  expect(countAsked()).toBe(66);
  expect(errors.map(({ message }) => message)).toEqual([
    `Some accounts cannot be asked for by ${join(folder, "getent")}: too many are asked for.`,
  ]);
});

it("tells once that getent fails, and answers from the file meanwhile", async () => {
  writeGetent("exit 1", "exit 1");
  const accounts = createHere();
  expect(await findLogins(accounts)).toEqual(["alice", "bob"]);
  writePasswd("carol");
  await accounts.refresh();
  expect(await findLogins(accounts)).toEqual(["carol"]);
  for (const login of ["erin", "erin", "frank"]) expect(await accounts.find(login)).toBeUndefined();
  expect(errors.map(({ code }) => code)).toEqual(["ERR_FINGER_PROVIDER", "ERR_FINGER_PROVIDER"]);
  const getent = join(folder, "getent");
  expect(errors[0]?.message).toContain(`The accounts cannot be read from ${getent}: Command failed: `);
  expect(errors[1]?.message).toContain(`Some accounts cannot be asked for by ${getent}: Command failed: `);
  writeGetent(listAll());
  await accounts.refresh();
  expect(await findLogins(accounts)).toEqual(["carol", "dora"]);
});

it("keeps whom getent has listed for an hour when it fails", async () => {
  writeGetent(listAll());
  const accounts = createHere();
  await accounts.all();
  writeGetent("exit 1");
  for (time of [100_000, 3_599_999]) {
    await accounts.refresh();
    expect(await findLogins(accounts)).toEqual(["alice", "bob", "dora"]);
  }
  time = 3_600_000;
  await accounts.refresh();
  expect(await findLogins(accounts)).toEqual(["alice", "bob"]);
});

it("knows nobody where there is no file, and tells once", async () => {
  rmSync(join(folder, "passwd"));
  const accounts = createByFile();
  for (time of [0, 100_000, 200_000]) expect(await findLogins(accounts)).toEqual([]);
  expect(errors.map(({ message }) => message)).toEqual([
    `The accounts cannot be read from ${join(folder, "passwd")}: there is no such file.`,
  ]);
});

it.runIf(process.platform !== "win32").each(["mkfifo", "mkdir"])("takes what %s makes for no file", async (command) => {
  rmSync(join(folder, "passwd"));
  execFileSync(command, [join(folder, "passwd")]);
  expect(await findLogins(createByFile())).toEqual([]);
  expect(errors).toHaveLength(1);
});

it("looks where the system has them when it is told of no other place", async () => {
  const accounts = createAccounts({ passwd: undefined, getent: undefined, nsswitch: undefined });
  expect(await accounts.find("root")).toMatchObject({ login: "root", uid: 0 });
  expect(await accounts.find("nobody-is-called-so")).toBeUndefined();
});

it.each([0, -1, Number.NaN, 2 ** 31])("refuses to keep them for %s ms", (ttl) => {
  expect(() => createAccounts({ ttl })).toThrow("The option ttl must be a whole number");
});

it("asks once for 5,000 accounts, and for none of them again", async () => {
  writePasswd(...Array.from({ length: 5000 }, (_, index) => `user${index}`));
  writeGetent(listAll());
  const accounts = createHere();
  expect(await accounts.all()).toHaveLength(5001);
  expect(await accounts.findByName("user4999 liddell")).toHaveLength(1);
  for (let index = 0; index < 5000; index++) expect((await accounts.find(`user${index}`))?.login).toBe(`user${index}`);
  expect(readRuns()).toEqual(["passwd"]);
});

it("leaves others their turns while it reads very many", async () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => toLine(`user${index}`));
  write("passwd", lines.join(""));
  const accounts = createByFile();
  expect(await longestTurn(accounts.all)).toBeLessThan(250);
  expect(await accounts.all()).toHaveLength(100_000);
});
