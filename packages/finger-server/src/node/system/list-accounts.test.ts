import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it, vi } from "vitest";
import { freshPath } from "../../../../../tests/support/programs.js";
import { createTrouble } from "../../trouble.js";
import type { Account } from "./accounts/account.js";
import { describeAccounts, listAccounts } from "./list-accounts.js";
import type { Surroundings } from "./surroundings.js";

/** What the system says next of each file that is looked at, while it says something. */
const files = vi.hoisted(() => ({ code: undefined as string | undefined, failing: "" }));
vi.mock("node:fs/promises", async (importOriginal) => {
  const real = await importOriginal<typeof import("node:fs/promises")>();
  const lstat = async (path: string) => {
    if (files.code === undefined || !path.endsWith(files.failing)) return real.lstat(path);
    throw Object.assign(new Error(`${files.code}: as the system says it`), { code: files.code });
  };
  return { ...real, lstat };
});

let account: Account;
let told: string[];
let around: Surroundings;

beforeEach(async () => {
  files.code = undefined;
  files.failing = "/.nofinger";
  const directory = freshPath();
  await mkdir(directory);
  account = { login: "alice", uid: process.getuid?.() ?? 0, gid: 0, gecos: "", directory, shell: "/bin/sh" };
  told = [];
  const trouble = createTrouble((error) => told.push(String(error)));
  around = {
    logins: { present: async () => new Map(), last: async () => null },
    mail: freshPath(),
    terminals: undefined,
    trouble: { home: (path) => trouble.at(path), mail: trouble.at("mail") },
  };
});

const list = async () => (await listAccounts([account], around)).map(({ login }) => login);

it("leaves out of whom it is not known whether they want to be told of", async () => {
  await writeFile(join(account.directory, ".nofinger"), "");
  expect(await list()).toEqual([]);
  for (const code of ["ESTALE", "EAGAIN", "EIO"]) {
    files.code = code;
    expect(await list()).toEqual([]);
    expect(await describeAccounts([account], around)).toEqual([]);
  }
});

const WELL: ReadonlyArray<readonly [why: string, make: (path: string) => Promise<void>]> = [
  ["is not there", async () => {}],
  ["is there", (path) => writeFile(path, "")],
];
it.each(WELL)("tells again of a home that fails again, when in between a .nofinger %s", async (_why, make) => {
  const path = join(account.directory, ".nofinger");
  for (let turn = 0; turn < 2; turn++) {
    files.code = "EIO";
    for (let times = 0; times < 2; times++) expect(await list()).toEqual([]);
    files.code = undefined;
    await make(path);
    await list();
    await rm(path, { force: true });
  }
  const failure = `FingerError: Cannot look into ${account.directory}: the disk fails.`;
  expect(told).toEqual([failure, failure]);
});

it("tells once of a home where another file fails, however often it is listed in between", async () => {
  files.failing = "/.plan";
  files.code = "EIO";
  for (let turn = 0; turn < 3; turn++) {
    expect(await describeAccounts([account], around)).toEqual([]);
    expect(await list()).toEqual(["alice"]);
  }
  expect(told).toHaveLength(1);
});

it("ends a long list where the files would be too much to keep", async () => {
  const text = "x".repeat(64 * 1024);
  for (const name of [".plan", ".project", ".pgpkey", ".forward"]) {
    await writeFile(join(account.directory, name), text);
  }
  const listed = await describeAccounts(
    Array.from({ length: 500 }, () => account),
    around,
  );
  expect(listed[0]).toMatchObject({ plan: text, project: text, pgpKey: text, mailForward: text });
  expect(listed.length).toBeGreaterThanOrEqual(64);
  expect(listed.length).toBeLessThanOrEqual(128);
});
