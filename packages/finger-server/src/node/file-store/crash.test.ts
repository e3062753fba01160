import { readdirSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshPath } from "../../../../../tests/support/programs.js";
import { type Said, type StoreProcess, startOn } from "../../../../../tests/support/store-process.js";
import { fileStore } from "./file-store.js";

/** How many processes are killed in the storm; a thousand take some minutes. */
const KILLS = Number(process.env["FINGER_KILLS"] ?? 30);
/** How many storm at a time. */
const STORMERS = 3;

/**
 * Puts without end, three at a time, and counts in a status that all share: a number that is told twice is one that was lost.
 *
 * @param login - Its own, where it puts texts that are long and short.
 */
const storm = (login: string) => `
  const store = fileStore(folder, { patience: 20_000, onError: ({ message }) => say({ failure: message }) });
  const put = async (n) => {
    for (;;) {
      const { text, rev } = await store.put(${JSON.stringify(login)}, n + " " + "x".repeat(Math.random() * 20_000));
      say({ rev, put: text.length });
    }
  };
  const count = async () => {
    for (;;) {
      const latest = await store.get("all");
      const next = String(Number(latest?.text ?? 0) + 1);
      try {
        await store.put("all", next, { ifRev: latest?.rev ?? null });
        say({ counted: next });
      } catch (error) {
        if (error.code !== "ERR_FINGER_CONFLICT") throw error;
      }
    }
  };
  await Promise.all([count(), ...Array.from({ length: 3 }, (_, n) => put(n))]);`;

describe("a store whose processes are killed", () => {
  it(`loses nothing that was acknowledged, whoever of ${STORMERS} in a storm is killed, ${KILLS} times`, {
    timeout: KILLS * 2_000,
  }, async () => {
    const folder = freshPath();
    const errors: unknown[] = [];
    // Less than two seconds for a put that meets the lock of the dead.
    await using store = fileStore(folder, { patience: 2_000, onError: (error) => errors.push(error) });
    const counted: string[] = [];
    let acknowledged = 0;
    let mostLitter = 0;
    let slowest = 0;

    const check = async (login: string, said: readonly Said[]) => {
      const before = performance.now();
      await store.put("probe", login);
      slowest = Math.max(slowest, performance.now() - before);
      const revs = said.flatMap(({ rev }) => (rev === undefined ? [] : [rev])).slice(-90);
      const kept = new Set((await store.history(login)).map(({ rev }) => rev));
      expect(revs.filter((rev) => !kept.has(String(rev)))).toEqual([]);
      for await (const { text } of store.list()) expect(text).toBeTypeOf("string");
      mostLitter = Math.max(mostLitter, readdirSync(folder).filter((name) => name.startsWith(".")).length);
      acknowledged += said.length;
    };
    const stormAndDie = async (slot: number) => {
      const login = `stormer${slot}`;
      const stormer = await startOn(folder, storm(login));
      await stormer.hear("rev");
      // Any moment will do, so long as they differ.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      await stormer.kill();
      expect(stormer.said.filter(({ failure }) => failure !== undefined)).toEqual([]);
      counted.push(...stormer.said.flatMap((what) => (what["counted"] === undefined ? [] : [String(what["counted"])])));
      await check(login, stormer.said);
    };
    let left = KILLS;
    const keepStorming = async (_: unknown, slot: number) => {
      while (left-- > 0) await stormAndDie(slot);
    };
    await Promise.all(Array.from({ length: STORMERS }, keepStorming));

    expect(errors).toEqual([]);
    expect(new Set(counted).size).toBe(counted.length);
    expect(Number((await store.get("all"))?.text ?? 0)).toBeGreaterThanOrEqual(Math.max(0, ...counted.map(Number)));
    // A lock, a draft, and the locks of those who were about to break one.
    expect(mostLitter).toBeLessThanOrEqual(2 + 2 * STORMERS);
    if (process.env["FINGER_KILLS"] !== undefined) {
      console.log({ kills: KILLS, acknowledged, counted: counted.length, mostLitter, slowest: Math.round(slowest) });
    }
  });
});

/**
 * Code that is run before the store, and kills the process behind one of the calls that it makes of the file system, or in
 * the middle of what it writes.
 */
const dieAt = (moment: number | "amid the text") => `
  import fs from "node:fs/promises";
  import { syncBuiltinESMExports } from "node:module";
  let calls = 0;
  const die = () => process.kill(process.pid, "SIGKILL");
  const wrap = (what, name) => {
    const original = what[name];
    what[name] = async function (...args) {
      if (name === "writeFile" && ${moment === "amid the text"}) {
        await original.call(this, args[0].slice(0, args[0].length / 2));
        die();
      }
      try {
        const result = await original.apply(this, args);
        if (name === "open") for (const method of ["writeFile", "sync", "close"]) wrap(result, method);
        return result;
      } finally {
        if (++calls === ${Number(moment)}) die();
      }
    };
  };
  for (const name of ["mkdir", "open", "readFile", "readdir", "readlink", "rename", "rm", "symlink", "unlink"]) wrap(fs, name);
  syncBuiltinESMExports();`;

const NEW = "new".repeat(20_000);
const PUT = `await store.put("alice", ${JSON.stringify(NEW)});`;
const DELETE = 'await store.delete("alice");';

/** A folder where alice has two statuses. */
async function makeFolder(): Promise<string> {
  const folder = freshPath();
  await using store = fileStore(folder);
  await store.put("alice", "older");
  await store.put("alice", "old");
  return folder;
}

/** The lock of a process that was killed while it held it. */
async function makeDeadLock(): Promise<string> {
  const folder = await makeFolder();
  const work = "async () => { say({ holds: true }); await forever(); }";
  const holder = await startOn(folder, `await withLock(folder, 1, ${work});`);
  await holder.hear("holds");
  await holder.kill();
  return readlinkSync(join(folder, ".lock"));
}

/** Has a process do something, and die; resolves when it is dead. */
async function doAndDie(folder: string, deed: string, moment: Parameters<typeof dieAt>[0]): Promise<StoreProcess> {
  const code = `const store = fileStore(folder); ${deed} say({ done: true });`;
  const dying = await startOn(folder, code, { before: dieAt(moment) });
  await dying.ended();
  return dying;
}

/** What was acknowledged is there, what was not is there as a whole or not at all, and the next put is not held up. */
async function assertWhole(folder: string, { said }: StoreProcess, texts: readonly string[]): Promise<void> {
  await using store = fileStore(folder, { patience: 1 });
  const found = (await store.history("alice")).map(({ text }) => text);
  expect([texts, ["old", "older"]].slice(0, said.length > 0 ? 1 : 2)).toContainEqual(found);
  await store.put("alice", "newest");
  expect((await store.history("alice")).map(({ text }) => text)).toEqual(["newest", ...found]);
  expect(readdirSync(folder)).toContain("alice.json");
}

describe("a process that changes a store", () => {
  it.each([
    ["puts", PUT, [NEW, "old", "older"]],
    ["deletes", DELETE, []],
  ])("may die at any moment while it %s", async (_, deed, texts) => {
    let call = 0;
    for (let isOver = false; !isOver; ) {
      const folder = await makeFolder();
      const dying = await doAndDie(folder, deed, ++call);
      await assertWhole(folder, dying, texts);
      expect(readdirSync(folder).filter((name) => name !== "alice.json" && name !== ".new")).toEqual([]);
      // Behind the last call there is none to die at.
      isOver = dying.child.signalCode === null;
    }
    expect(call).toBeGreaterThan(8);
  });

  it("may die in the middle of a text", async () => {
    const folder = await makeFolder();
    const dying = await doAndDie(folder, PUT, "amid the text");
    expect(readFileSync(join(folder, ".new")).length).toBeGreaterThan(1_000);
    expect(dying.said).toEqual([]);
    await assertWhole(folder, dying, []);
    expect(readdirSync(folder)).toEqual(["alice.json"]);
  });

  it("may die at any moment while it breaks the lock of one that died before it", async () => {
    const lock = await makeDeadLock();
    let call = 0;
    for (let isOver = false; !isOver; ) {
      const folder = await makeFolder();
      symlinkSync(lock, join(folder, ".lock"));
      const dying = await doAndDie(folder, PUT, ++call);
      await assertWhole(folder, dying, [NEW, "old", "older"]);
      isOver = dying.child.signalCode === null;
    }
    expect(call).toBeGreaterThan(20);
  });
});
