import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FingerError } from "finger-protocol";
import { beforeEach, expect, it } from "vitest";
import { ARM, toLastlog, toUtmp } from "../../../../../../tests/support/login-records.js";
import { freshPath } from "../../../../../../tests/support/programs.js";
import type { Account } from "../accounts/account.js";
import { createLogins } from "./create-logins.js";
import type { Logins } from "./logins.js";

let folder: string;
let time: number;
let errors: FingerError[];

beforeEach(() => {
  folder = freshPath();
  mkdirSync(folder);
  time = 0;
  errors = [];
});

function createHere(): Logins {
  const names = ["utmp", "logind", "lastlog", "lastlog2", "wtmp", "wtmpdb"] as const;
  const places = Object.fromEntries(names.map((name) => [name, join(folder, name)]));
  const commands = { loginctl: join(folder, "bin-loginctl"), lastlog2: "/nowhere/lastlog2", wtmpdb: "/nowhere/wtmpdb" };
  const onError = (error: unknown) => void errors.push(error as FingerError);
  return createLogins({ ...places, commands, now: () => time, onError });
}

function write(name: string, ...parts: readonly Buffer[]): void {
  writeFileSync(join(folder, name), Buffer.concat(parts));
}

/** A loginctl that knows of one session, and counts how often it is run. */
function writeLoginctl(body: string): void {
  mkdirSync(join(folder, "logind"), { recursive: true });
  writeFileSync(join(folder, "bin-loginctl"), `#!/bin/sh\necho >>'${folder}/runs'\n${body}\n`);
  chmodSync(join(folder, "bin-loginctl"), 0o755);
}

const SHOWS = `case $1 in
list-sessions) echo ' 7 1000 dora - pts/7' ;;
*) printf 'Name=dora\\nClass=user\\nTTY=pts/7\\nTimestamp=Thu 2026-11-26 08:49:12 UTC\\n' ;;
esac`;

const ALICE: Account = { login: "alice", uid: 3, gid: 3, gecos: "", directory: "/", shell: "" };
const BOB: Account = { ...ALICE, login: "bob", uid: 200 };

it("knows nobody and nothing on a machine that keeps none of it", async () => {
  const logins = createHere();
  expect(await logins.present()).toEqual(new Map());
  expect(await logins.last(ALICE)).toBeUndefined();
  expect(errors).toEqual([]);
});

it("tells the sessions of a login in the order of utmp, and sees at once that they have changed", async () => {
  write("utmp", toUtmp({ tty: "pts/2" }), toUtmp({ login: "bob" }), toUtmp({ tty: "pts/1" }));
  const logins = createHere();
  const present = await logins.present();
  expect([...present.keys()]).toEqual(["alice", "bob"]);
  expect(present.get("alice")?.map(({ tty }) => tty)).toEqual(["pts/2", "pts/1"]);
  write("utmp", toUtmp({ tty: "pts/3" }), toUtmp({ login: "bob" }), toUtmp({ tty: "pts/1" }));
  expect((await logins.present()).get("alice")?.map(({ tty }) => tty)).toEqual(["pts/3", "pts/1"]);
});

it("asks logind where utmp is empty, and again behind the answer after 5 seconds", async () => {
  write("utmp");
  writeLoginctl(SHOWS);
  const logins = createHere();
  const [first, second] = await Promise.all([logins.present(), logins.present()]);
  expect(first.get("dora")).toMatchObject([{ login: "dora", tty: "pts/7", since: new Date("2026-11-26T08:49:12Z") }]);
  expect(second).toBe(first);
  time = 4999;
  expect(await logins.present()).toBe(first);
  writeLoginctl("");
  time = 5000;
  expect(await logins.present()).toBe(first);
  await expect.poll(() => logins.present()).toEqual(new Map());
});

it("asks again when a session has ended while logind was asked", async () => {
  const ended = `[ "$1" = list-sessions ] || [ -e '${join(folder, "gone")}' ] || { touch '${join(folder, "gone")}'; exit 1; }`;
  writeLoginctl(`${ended}\n${SHOWS}`);
  expect((await createHere().present()).get("dora")).toHaveLength(1);
  expect(errors).toEqual([]);
});

it("tells once that logind cannot be asked", async () => {
  writeLoginctl("exit 1");
  const logins = createHere();
  for (time of [0, 6000, 12_000]) expect(await logins.present()).toEqual(new Map());
  expect(errors.map(({ code }) => code)).toEqual(["ERR_FINGER_PROVIDER"]);
  expect(errors[0]?.message).toContain(`Who is logged in cannot be read from ${join(folder, "logind")}: `);
});

it.each([292, 296] as const)("reads last logins from a lastlog with records of %i bytes", async (size) => {
  const records = Array.from({ length: 250 }, () => toLastlog(0, "", "", size));
  records[3] = toLastlog(1_700_000_000, "pts/9", "old.example", size);
  write("lastlog", ...records);
  const logins = createHere();
  const last = { since: new Date(1_700_000_000_000), tty: "pts/9", host: "old.example" };
  expect(await logins.last(ALICE)).toEqual(last);
  expect(await logins.last(BOB)).toBeNull();
  expect(await logins.last({ ...ALICE, uid: 4_294_967_294 })).toBeNull();
  records[200] = toLastlog(1_700_000_500, "tty1", "", size);
  write("lastlog", ...records);
  time = 100;
  expect(await logins.last(BOB)).toEqual({ since: new Date(1_700_000_500_000), tty: "tty1" });
});

it("reads wtmp where lastlog is empty, and takes the newest login from it", async () => {
  write("lastlog");
  const old = Array.from({ length: 1000 }, (_, index) => toUtmp({ tty: "pts/1", at: 1_600_000_000 + index }, ARM));
  write("wtmp", ...old, toUtmp({ tty: "pts/5", host: "new.example" }, ARM), toUtmp({ type: 8, login: "alice" }, ARM));
  const logins = createHere();
  const last = { since: new Date(1_700_000_000_000), tty: "pts/5", host: "new.example" };
  expect(await logins.last(ALICE)).toEqual(last);
  expect(await logins.last(BOB)).toBeNull();
  rmSync(join(folder, "lastlog"));
  time = 1000;
  // A log that is turned over once a month does not tell that somebody never was here.
  expect(await logins.last(BOB)).toBeUndefined();
});

it("looks where the system has them when it is told of no other place", async () => {
  const logins = createLogins({ utmp: undefined, commands: { loginctl: undefined } });
  expect(await logins.present()).toBeInstanceOf(Map);
});

it("takes a folder in the place of a file for no file", async () => {
  for (const name of ["utmp", "lastlog", "lastlog2", "wtmp", "wtmpdb"]) mkdirSync(join(folder, name));
  const logins = createHere();
  expect(await logins.present()).toEqual(new Map());
  expect(await logins.last(ALICE)).toBeUndefined();
  expect(errors).toEqual([]);
});

it("tells once of a database that it cannot read, and answers from what it can", async () => {
  write("lastlog2", Buffer.from("This is no database, but long enough to be taken for one.".repeat(20)));
  write("lastlog", ...Array.from({ length: 4 }, () => toLastlog(1_700_000_000, "pts/9", "")));
  const logins = createHere();
  for (time of [0, 3000, 6000]) expect(await logins.last(ALICE)).toMatchObject({ tty: "pts/9" });
  expect(errors.map(({ code }) => code)).toEqual(["ERR_FINGER_PROVIDER"]);
  expect(errors[0]?.message).toContain(`Who was logged in cannot be read from ${join(folder, "lastlog2")}: `);
});

it("finds the last logins of 5,000 accounts", async () => {
  write("lastlog", ...Array.from({ length: 6000 }, (_, uid) => toLastlog(1_700_000_000 + uid, "pts/9", "")));
  const logins = createHere();
  for (let uid = 1000; uid < 6000; uid++) {
    expect((await logins.last({ ...ALICE, uid }))?.since?.getTime()).toBe((1_700_000_000 + uid) * 1000);
  }
});
