import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventually, freshPath } from "../../../../../tests/support/programs.js";
import { type StoreProcess, startOn } from "../../../../../tests/support/store-process.js";
import { fileStore } from "./file-store.js";

const ROUNDS = 10;

describe("several processes", () => {
  it("let one of fifty who race on a login win each round", async () => {
    const folder = freshPath();
    const code = `
      const store = fileStore(folder, { patience: 20_000 });
      say({ ready: true });
      for (let line = await told(); line !== "end"; line = await told()) {
        const { ifRev, round } = JSON.parse(line);
        const puts = Array.from({ length: 10 }, (_, n) => store.put("alice", process.pid + " " + n, { ifRev }));
        for (const { value, reason } of await Promise.allSettled(puts)) say({ round, won: value?.rev ?? null, code: reason?.code });
      }`;
    const racers = await Promise.all(Array.from({ length: 5 }, () => startOn(folder, code)));
    for (const racer of racers) await racer.hear("ready");
    await using store = fileStore(folder);
    let ifRev: unknown = null;
    for (let round = 0; round < ROUNDS; round++) {
      for (const racer of racers) racer.tell(JSON.stringify({ ifRev, round }));
      const results = () => racers.flatMap(({ said }) => said.filter((what) => what["round"] === round));
      await eventually(() => results().length === 50);
      const winners = results().filter(({ won }) => won !== null);
      expect(winners).toHaveLength(1);
      expect(new Set(results().map(({ code }) => code))).toEqual(new Set([undefined, "ERR_FINGER_CONFLICT"]));
      ifRev = winners[0]?.["won"];
      expect((await store.get("alice"))?.rev).toBe(ifRev);
    }
    expect(await store.history("alice")).toHaveLength(ROUNDS);
  });

  it("hear of each change at once, also in a folder that is made later, removed, and made again", async () => {
    const folder = join(freshPath(), "statuses");
    // Nothing but the events of the system can tell it anything within the time of a test.
    const watcher = await startWatcher(folder, 2 ** 31 - 1);
    await using store = fileStore(folder);
    await isHeard(watcher, "first", () => store.put("first", "Well"));
    await isHeard(watcher, "second", () => store.put("second", "Well"));
    await isHeard(watcher, "second", () => store.delete("second"));
    await isHeard(watcher, "first", () => rmSync(folder, { recursive: true }));
    await isHeard(watcher, "third", () => store.put("third", "Well"));
    renameSync(folder, `${folder}.old`);
    await isHeard(watcher, "fourth", () => store.put("fourth", "Well"));
    rmSync(join(folder, ".."), { recursive: true });
    mkdirSync(folder, { recursive: true });
    await isHeard(watcher, "fifth", () => store.put("fifth", "Well"));
  });

  it("hear of changes where the system has no events, by looking", async () => {
    const folder = freshPath();
    const before = `
      import fs from "node:fs";
      import { syncBuiltinESMExports } from "node:module";
      fs.watch = () => { throw new Error("There are no events here."); };
      syncBuiltinESMExports();`;
    const watcher = await startWatcher(folder, 20, before);
    await using store = fileStore(folder);
    await isHeard(watcher, "first", () => store.put("first", "Well"));
    await isHeard(watcher, "second", () => store.put("second", "Well"));
    await isHeard(watcher, "first", () => rmSync(folder, { recursive: true }));
    await isHeard(watcher, "third", () => store.put("third", "Well"));
  });
});

/** A process that watches a folder, and says of whom it hears; `*` is anybody. */
async function startWatcher(folder: string, pollInterval: number, before = ""): Promise<StoreProcess> {
  const code = `
    const store = fileStore(folder, { pollInterval: ${pollInterval} });
    const notices = store.watch(new AbortController().signal);
    setInterval(() => {}, 1_000); // a watch keeps no process alive
    say({ watches: true });
    for await (const { login } of notices) say({ login: login ?? "*" });`;
  const watcher = await startOn(folder, code, { before });
  await watcher.hear("watches");
  return watcher;
}

/** Changes something; resolves when the watcher has heard of the login since, or of anybody. */
async function isHeard({ said }: StoreProcess, login: string, change: () => unknown): Promise<void> {
  const since = said.length;
  await change();
  await eventually(() => said.slice(since).some((what) => what["login"] === login || what["login"] === "*"));
}
