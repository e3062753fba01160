import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { createLogins } from "../../packages/finger-server/src/node/system/logins/create-logins.js";
import { HAS_SQLITE } from "../../packages/finger-server/src/node/system/logins/sqlite.js";
import { freshPath } from "../support/programs.js";
import { describePeer, hasCommand } from "./support/peer.js";

/** The tables as lastlog2 of util-linux 2.41 and wtmpdb 0.73 make them. */
const LASTLOG2 =
  "CREATE TABLE IF NOT EXISTS Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT);";
const WTMPDB =
  "CREATE TABLE IF NOT EXISTS wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, Login INTEGER, Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT;";
const INTO_WTMPDB = "INSERT INTO wtmp (Type,User,Login,Logout,TTY,RemoteHost,Service) VALUES";

const account = (login: string) => ({ login, uid: 1, gid: 1, gecos: "", directory: "/", shell: "" });
const errors: unknown[] = [];
afterEach(() => expect(errors.splice(0)).toEqual([]));

function createHere(
  places: { readonly lastlog2?: string; readonly wtmpdb?: string },
  now = () => performance.now(),
  lastlog2 = "/nowhere/lastlog2",
) {
  const commands = { loginctl: "/nowhere/loginctl", lastlog2, wtmpdb: "/nowhere/wtmpdb" };
  const nowhere = { utmp: "/nowhere", lastlog: "/nowhere", wtmp: "/nowhere", lastlog2: "/nowhere", wtmpdb: "/nowhere" };
  return createLogins({ ...nowhere, ...places, commands, now, onError: (error) => void errors.push(error) });
}

function makeDatabase(sql: string): string {
  const path = freshPath();
  execFileSync("sqlite3", [path], { input: sql });
  return path;
}

describePeer("a database of sqlite3", hasCommand("sqlite3"), "apt-get install sqlite3", () => {
  it.runIf(HAS_SQLITE)("has last logins as lastlog2 writes them", async () => {
    const rows = `INSERT INTO Lastlog2 VALUES ('root',1788250000,'tty1',NULL,'login'),('alice',1788249700,'pts/0','192.0.2.15','sshd'),
      ('odd',9223372036854775807,'pts/1','a','b'),('never',0,NULL,NULL,NULL),('blob','x',x'00',x'ff',1);`;
    const logins = createHere({ lastlog2: makeDatabase(LASTLOG2 + rows) });
    const last = { since: new Date(1_788_249_700_000), tty: "pts/0", host: "192.0.2.15" };
    expect(await logins.last(account("alice"))).toEqual(last);
    expect(await logins.last(account("root"))).toEqual({ since: new Date(1_788_250_000_000), tty: "tty1" });
    for (const login of ["odd", "never", "blob", "nobody"]) expect(await logins.last(account(login))).toBeNull();
  });

  it.runIf(HAS_SQLITE)("has the newest login as wtmpdb writes it, also what is still in its log", async () => {
    const rows = `${INTO_WTMPDB} (1,'reboot',1788249600000000,NULL,'~','6.12.48',NULL),
      (3,'alice',1788249700123456,1788253300000000,'pts/0','192.0.2.15','sshd'),
      (3,'alice',1788251000000000,NULL,'pts/1','2001:db8::7','sshd'), (3,'bob',1788250000000000,NULL,'tty1',NULL,'login'),
      (3,'odd',9223372036854775807,NULL,'pts/1',NULL,'sshd');`;
    let time = 0;
    const wtmpdb = makeDatabase(`PRAGMA journal_mode=WAL; ${WTMPDB} ${rows}`);
    const logins = createHere({ wtmpdb }, () => time);
    const last = { since: new Date(1_788_251_000_000), tty: "pts/1", host: "2001:db8::7" };
    expect(await logins.last(account("alice"))).toEqual(last);
    expect(await logins.last(account("bob"))).toEqual({ since: new Date(1_788_250_000_000), tty: "tty1" });
    for (const login of ["reboot", "nobody"]) expect(await logins.last(account(login))).toBeUndefined();
    // As long as it is open, what it writes stays in the log.
    const writer = spawn("sqlite3", [wtmpdb]);
    writer.stdin.write(`${INTO_WTMPDB} (3,'bob',1788260000000000,NULL,'tty2',NULL,'login');SELECT 'done';\n`);
    await once(writer.stdout, "data");
    expect(statSync(`${wtmpdb}-wal`).size).toBeGreaterThan(0);
    time = 3000;
    await expect.poll(() => logins.last(account("bob"))).toMatchObject({ tty: "tty2" });
    writer.stdin.end();
    await once(writer, "exit");
  });

  it.runIf(HAS_SQLITE)("has 300,000 logins, and nobody else waits while they are read", async () => {
    const many = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)
      INSERT INTO wtmp SELECT i, 3, 'user' || (i % 5000), 1700000000000000 + i * 1000000, NULL, 'pts/1', NULL, 'sshd' FROM n;`;
    const logins = createHere({ wtmpdb: makeDatabase(`${WTMPDB} BEGIN; ${many} COMMIT;`) });
    let longest = 0;
    let before = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - before);
      before = performance.now();
    }, 1);
    const began = performance.now();
    expect((await logins.last(account("user7")))?.since).toEqual(new Date((1_700_000_000 + 295_007) * 1000));
    clearInterval(watch);
    console.log(
      `300,000 logins took ${Math.round(performance.now() - began)} ms, others waited ${Math.round(longest)} ms`,
    );
    expect(longest).toBeLessThan(500);
  });

  it.runIf(!HAS_SQLITE)("takes a newer Node, or the program of its own", async () => {
    const lastlog2 = makeDatabase(LASTLOG2);
    const logins = createHere({ lastlog2 });
    expect(await logins.last(account("alice"))).toBeUndefined();
    const [error] = errors.splice(0);
    expect(error).toMatchObject({ code: "ERR_FINGER_PROVIDER" });
    expect(String(error)).toContain("it takes Node 22.13 or later, or the program /nowhere/lastlog2");
  });

  it.runIf(!HAS_SQLITE)("is read by the program of its own", async () => {
    const command = freshPath();
    const table = "alice            pts/0    192.0.2.15                                 Tue Sep  1 08:01:40 +0000 2026";
    writeFileSync(command, `#!/bin/sh\n[ "$1" = -d ] && echo '${table}'\n`, { mode: 0o755 });
    const logins = createHere({ lastlog2: makeDatabase(LASTLOG2) }, undefined, command);
    expect(await logins.last(account("alice"))).toMatchObject({ tty: "pts/0", host: "192.0.2.15" });
    expect(await logins.last(account("bob"))).toBeNull();
  });
});
