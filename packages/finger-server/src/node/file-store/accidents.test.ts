import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { freshPath } from "../../../../../tests/support/programs.js";
import { startOn } from "../../../../../tests/support/store-process.js";
import type { StatusStore } from "../../store/status-store.js";
import { fileStore } from "./file-store.js";

const isLinux = process.platform === "linux";

async function loginsOf(store: StatusStore): Promise<string[]> {
  const logins: string[] = [];
  for await (const { login } of store.list()) logins.push(login);
  return logins.sort();
}

/** What it fails with: a `FingerError` of the code, and the message. */
const fails = (message: string | RegExp) =>
  expect.objectContaining({
    name: "FingerError",
    code: "ERR_FINGER_STORE",
    message: typeof message === "string" ? message : expect.stringMatching(message),
  });

describe("a folder of statuses", () => {
  it("is made with the first of them, for its owner alone, with those above it", async () => {
    const above = freshPath();
    const folder = join(above, "var", "statuses");
    await using store = fileStore(folder);
    expect(await loginsOf(store)).toEqual([]);
    expect(await store.delete("alice")).toBe(false);
    await store.put("alice", "Well");
    expect(readdirSync(folder)).toEqual(["alice.json"]);
    if (process.platform === "win32") return;
    for (const path of [above, folder]) expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "alice.json")).mode & 0o777).toBe(0o600);
  });

  it.runIf(process.getuid?.() === 0)(
    "stays its owner's when root writes into it, and its files as open as they were",
    async () => {
      const folder = freshPath();
      mkdirSync(folder);
      chownSync(folder, 1234, 1235);
      await fileStore(folder).put("alice", "Well");
      await fileStore(join(folder, ".tokens")).put("alice", "hash");
      const paths = ["alice.json", ".tokens", ".tokens/alice.json"].map((name) => join(folder, name));
      for (const path of paths) expect(statSync(path)).toMatchObject({ uid: 1234, gid: 1235 });
      const file = join(folder, "alice.json");
      chownSync(file, 1234, 1236);
      chmodSync(file, 0o640);
      await fileStore(folder).put("alice", "Better");
      expect(statSync(file)).toMatchObject({ uid: 1234, gid: 1236 });
      expect(statSync(file).mode & 0o777).toBe(0o640);
    },
  );

  it("may be behind a link", async () => {
    const [folder, link] = [freshPath(), freshPath()];
    mkdirSync(folder);
    symlinkSync(folder, link);
    await using store = fileStore(link);
    await store.put("alice", "Well");
    expect(await loginsOf(fileStore(folder))).toEqual(["alice"]);
  });

  it("is made again when it is removed", async () => {
    const folder = freshPath();
    await using store = fileStore(folder);
    await store.put("alice", "Well");
    rmSync(folder, { recursive: true });
    expect(await store.get("alice")).toBeUndefined();
    await store.put("alice", "Here again", { ifRev: null });
    expect(await loginsOf(store)).toEqual(["alice"]);
  });

  it.each<[what: string, make: (path: string) => void, read: RegExp, write: RegExp]>([
    ["a file", (path) => writeFileSync(path, ""), /it is no folder/, /EEXIST/],
    ["a link to nowhere", (path) => symlinkSync("/nowhere/at/all", path), /^$/, /there is no such folder/],
  ])("is none when it is %s, which the error names", async (_, make, read, write) => {
    const folder = freshPath();
    make(folder);
    await using store = fileStore(folder);
    const named = (reason: RegExp) => new RegExp(`${folder}.*${reason.source}`);
    await expect(store.put("alice", "Well")).rejects.toEqual(fails(named(write)));
    if (read.test("")) return void expect(await store.get("alice")).toBeUndefined();
    await expect(store.get("alice")).rejects.toEqual(fails(named(read)));
    await expect(loginsOf(store)).rejects.toEqual(fails(named(read)));
  });

  it("keeps fewer statuses when it is told to, from the next one on", async () => {
    const folder = freshPath();
    const texts = async (store: StatusStore) => (await store.history("alice")).map(({ text }) => text);
    const wide = fileStore(folder);
    for (const text of ["1", "2", "3", "4"]) await wide.put("alice", text);
    const narrow = fileStore(folder, { history: 2 });
    expect(await texts(narrow)).toEqual(["4", "3", "2", "1"]);
    await narrow.put("alice", "5");
    expect(await texts(wide)).toEqual(["5", "4"]);
  });

  it.each<[what: string, accident: (path: string) => void, message: RegExp]>([
    ["is broken", (path) => writeFileSync(path, "{"), /bob\.json does not hold statuses as they were written/],
    ["is empty", (path) => writeFileSync(path, ""), /bob\.json does not hold statuses/],
    ["is a folder", (path) => mkdirSync(path), /Cannot read .*bob\.json: EISDIR/],
    [
      "is a copy of another's",
      (path) => copyFileSync(path.replace("bob", "alice"), path),
      /bob\.json holds the statuses of "alice", whose file is alice\.json; rename the file, or remove it/,
    ],
  ])("goes on with all others when a file %s, and tells of it once", async (_, accident, message) => {
    const folder = freshPath();
    const errors: unknown[] = [];
    await using store = fileStore(folder, { onError: (error) => errors.push(error) });
    await store.put("alice", "Well");
    await store.put("carol", "Well");
    const path = join(folder, "bob.json");
    accident(path);
    for (let time = 0; time < 3; time++) expect(await loginsOf(store)).toEqual(["alice", "carol"]);
    expect(errors).toEqual([fails(message)]);
    await expect(store.get("bob")).rejects.toEqual(fails(message));
    await expect(store.put("bob", "Well")).rejects.toEqual(fails(message));
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
    rmSync(path, { recursive: true });
    await store.put("bob", "Well");
    expect(await loginsOf(store)).toEqual(["alice", "bob", "carol"]);
  });

  it("is not written through a link that somebody has put there", async () => {
    const [folder, other] = [freshPath(), freshPath()];
    mkdirSync(folder);
    writeFileSync(other, "mine");
    symlinkSync(other, join(folder, ".new"));
    symlinkSync(other, join(folder, "bob.json"));
    await using store = fileStore(folder, { onError: () => {} });
    await store.put("alice", "Well");
    expect(readFileSync(other, "utf8")).toBe("mine");
  });

  it("does not get half of what was written by who stood still, and was taken for dead", async () => {
    const folder = freshPath();
    const before = `
      import fs from "node:fs/promises";
      import { syncBuiltinESMExports } from "node:module";
      const { open } = fs;
      fs.open = async (path, ...args) => {
        const handle = await open(path, ...args);
        if (String(path).endsWith(".new")) {
          say({ opened: true });
          await told();
        }
        return handle;
      };
      syncBuiltinESMExports();`;
    const sleeper = await startOn(folder, 'await fileStore(folder).put("alice", "sleeper"); say({ done: true });', {
      before,
    });
    await sleeper.hear("opened");
    rmSync(join(folder, ".lock"));
    await using store = fileStore(folder);
    const put = await store.put("alice", "awake");
    sleeper.tell("wake up");
    expect(await sleeper.hear("failure")).toMatch(/^Cannot write alice\.json in .*: this process stood still/);
    expect(await store.history("alice")).toEqual([put]);
  });
});

describe("a store in a folder", () => {
  it.runIf(isLinux)("leaves no file open, whatever becomes of its puts", async () => {
    const folder = freshPath();
    const code = `
      const { readdirSync, writeFileSync } = await import("node:fs");
      const store = fileStore(folder, { patience: 60_000, history: 3 });
      const stop = new AbortController();
      const watching = (async () => { for await (const _ of store.watch(stop.signal)); })();
      await store.put("alice", "first");
      const count = () => readdirSync("/proc/self/fd").length;
      const before = count();
      for (let n = 0; n < 100; n++) await store.put("alice", String(n));
      for (let n = 0; n < 100; n++) await store.put("alice", "late", { ifRev: null }).catch(() => {});
      writeFileSync(folder + "/bob.json", "{");
      for (let n = 0; n < 100; n++) await store.put("bob", "broken").catch(() => {});
      for (let n = 0; n < 100; n++) await store.get("carol");
      say({ more: count() - before });
      stop.abort();
      await watching;
      await store[Symbol.asyncDispose]();
      say({ moreAtEnd: count() - before });`;
    const child = await startOn(folder, code);
    await child.ended();
    expect(child.said[0]).toEqual({ more: 0 });
    expect(child.said[1]?.["moreAtEnd"]).toBeLessThanOrEqual(0);
  });

  it.skipIf(process.platform === "win32")(
    "says so when no more files can be opened, and goes on when they can",
    async () => {
      const folder = freshPath();
      const code = `
      const { closeSync, mkdirSync, openSync } = await import("node:fs");
      mkdirSync(folder);
      const store = fileStore(folder, { patience: 50 });
      const open = [];
      for (const work of [() => store.put("alice", "Well"), () => store.get("alice"), () => store.list().next()]) {
        // What the start of the process still has open may be closed meanwhile, and make room.
        for (let failure; failure === undefined; ) {
          try { for (;;) open.push(openSync("/dev/null")); } catch {}
          failure = await work().then(() => undefined, ({ code, message }) => ({ code, message }));
          if (failure !== undefined) say(failure);
        }
      }
      for (const fd of open) closeSync(fd);
      say({ rev: (await store.put("alice", "Well")).rev, owner: toOwner() });
      await told();`;
      const child = await startOn(folder, code, { argv: ["sh", "-c", 'ulimit -n 64 && exec "$@"', "sh"] });
      const rev = await child.hear("rev");
      const failure = { code: "ERR_FINGER_STORE", message: expect.stringMatching(/ (in|read|folder) .*: EMFILE/) };
      expect(child.said.slice(0, 3)).toEqual([failure, failure, failure]);
      expect((await fileStore(folder).get("alice"))?.rev).toBe(rev);
      expect(child.said.at(-1)?.["owner"]).toMatch(/^\d+ [\d-]+ /);
      if (isLinux) expect(child.said.at(-1)?.["owner"]).toMatch(/^\d+ \d+ [0-9a-f-]{36} pid:/);
    },
  );

  it("lists nothing rather than less than there is when it is short of what it needs", async () => {
    const before = `
      import fs from "node:fs/promises";
      import { syncBuiltinESMExports } from "node:module";
      const { readFile } = fs;
      fs.readFile = async (path, ...args) => {
        if (String(path).endsWith("/bob.json")) throw Object.assign(new Error("too many open files"), { code: "EMFILE" });
        return readFile(path, ...args);
      };
      syncBuiltinESMExports();`;
    const folder = freshPath();
    await using store = fileStore(folder);
    for (const login of ["alice", "bob", "carol"]) await store.put(login, "Well");
    const child = await startOn(folder, "for await (const _ of fileStore(folder).list());", { before });
    await child.ended();
    expect(child.said).toEqual([expect.objectContaining({ code: "ERR_FINGER_STORE", cause: "EMFILE" })]);
  });

  it("tells all who watch, each until they leave", async () => {
    const folder = freshPath();
    mkdirSync(folder);
    await using store = fileStore(folder);
    const stop = new AbortController();
    const watches = [stop.signal, new AbortController().signal].map((signal) => store.watch(signal));
    const [first, second] = watches.map((watch) => watch[Symbol.asyncIterator]());
    await store.put("alice", "Well");
    for (const watch of [first, second]) expect((await watch?.next())?.value.login).toBe("alice");
    stop.abort();
    await store.put("bob", "Well");
    expect((await first?.next())?.done).toBe(true);
    for (let login = ""; login !== "bob"; ) login = (await second?.next())?.value.login;
  });

  it("keeps no process alive that watches", async () => {
    const code = `
      process.exit = () => {}; // it is to end by itself
      void fileStore(folder).watch(new AbortController().signal)[Symbol.asyncIterator]().next();`;
    const watching = await startOn(freshPath(), code);
    watching.child.stdin?.end();
    await watching.ended();
    expect([watching.child.exitCode, watching.said]).toEqual([0, []]);
  });

  it("leaves nothing but the statuses in the folder", async () => {
    const folder = freshPath();
    await using store = fileStore(folder);
    await Promise.allSettled(Array.from({ length: 20 }, () => store.put("alice", "Well", { ifRev: null })));
    expect(readdirSync(folder)).toEqual(["alice.json"]);
    await store.delete("alice");
    expect(readdirSync(folder)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
    expect(() => readlinkSync(join(folder, ".lock"))).toThrow("ENOENT");
  });
});
