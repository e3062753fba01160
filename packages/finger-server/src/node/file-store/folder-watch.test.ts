import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { eventually, freshPath } from "../../../../../tests/support/programs.js";
import { type FolderWatch, followFolder } from "./folder-watch.js";

const watches: FolderWatch[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.stop();
});

/** Follows a folder, and keeps what is told; `*` is any file. Without another interval only events can tell. */
function follow(path: string, pollInterval = 2 ** 31 - 1): string[] {
  const told: string[] = [];
  watches.push(followFolder(path, pollInterval, (name) => void told.push(name ?? "*")));
  return told;
}

/** Writes files until one of them is told of: events begin in their own time where they are not the kernel's. */
async function isFollowed(folder: string, told: string[]): Promise<void> {
  told.length = 0;
  let files = 0;
  await eventually(() => {
    const name = `${files++}.json`;
    writeFileSync(join(folder, name), "");
    return told.some((heard) => heard.endsWith(".json"));
  });
  told.length = 0;
}

function freshFolder(): string {
  const folder = freshPath();
  mkdirSync(folder);
  return folder;
}

describe("a folder that is followed", () => {
  it("tells of each file that is written, moved there, and removed", async () => {
    const folder = freshFolder();
    const told = follow(folder);
    await isFollowed(folder, told);
    const outside = freshPath();
    writeFileSync(outside, "");
    for (const [name, change] of [
      ["a", () => writeFileSync(join(folder, "a"), "")],
      ["b", () => renameSync(outside, join(folder, "b"))],
      ["a", () => unlinkSync(join(folder, "a"))],
    ] as const) {
      told.length = 0;
      change();
      await eventually(() => told.includes(name));
    }
  });

  it.each<[what: string, path: (above: string) => string]>([
    ["it", (above) => join(above, "statuses")],
    ["it and those above it", (above) => join(above, "one", "two", "statuses")],
    ["it, called as the one above it,", (above) => join(above, basename(above))],
  ])("is noticed when somebody makes %s later", async (_, toPath) => {
    const path = toPath(freshFolder());
    const told = follow(path);
    mkdirSync(path, { recursive: true });
    await eventually(() => told.includes("*"));
    await isFollowed(path, told);
  });

  it("is noticed when it is made, with files in it, while it is first looked at", async () => {
    const folder = freshPath();
    const told = follow(folder);
    mkdirSync(folder);
    writeFileSync(join(folder, "a"), "");
    await eventually(() => told.includes("*"));
  });

  it.each<[what: string, takeAway: (path: string) => void]>([
    ["is removed", (path) => rmSync(path, { recursive: true })],
    ["is moved away", (path) => renameSync(path, `${path}.old`)],
  ])("is followed on when it %s, and made again at once", async (_, takeAway) => {
    const path = freshFolder();
    const told = follow(path);
    await isFollowed(path, told);
    for (let time = 0; time < 3; time++) {
      told.length = 0;
      takeAway(path);
      mkdirSync(path);
      await eventually(() => told.includes("*"));
      await isFollowed(path, told);
      rmSync(`${path}.old`, { recursive: true, force: true });
    }
  });

  it("is followed on when it is gone for a while", async () => {
    const path = freshFolder();
    const told = follow(path);
    await isFollowed(path, told);
    rmSync(path, { recursive: true });
    await eventually(() => told.includes("*"));
    told.length = 0;
    mkdirSync(path);
    await eventually(() => told.includes("*"));
    await isFollowed(path, told);
  });

  it("is followed on when its rights change", async () => {
    const path = freshFolder();
    const told = follow(path);
    await isFollowed(path, told);
    chmodSync(path, 0o755);
    await isFollowed(path, told);
  });

  it("is the one that a link leads to now, seen at the next look", async () => {
    const [one, other, link] = [freshFolder(), freshFolder(), freshPath()];
    symlinkSync(one, link);
    const told = follow(link, 10);
    await isFollowed(one, told);
    unlinkSync(link);
    symlinkSync(other, link);
    await eventually(() => told.includes("*"));
    await isFollowed(other, told);
  });

  it("may be a file: it is followed when a folder takes its place", async () => {
    const path = freshPath();
    writeFileSync(path, "");
    const told = follow(path, 10);
    unlinkSync(path);
    mkdirSync(path);
    await eventually(() => told.includes("*"));
    await isFollowed(path, told);
  });

  it("does not tell of any file whenever the system has told of one, but now and then it does", async () => {
    const folder = freshFolder();
    const told = follow(folder, 1);
    await isFollowed(folder, told);
    for (let changes = 0; changes < 100 || !told.includes("*"); changes++) {
      const before = told.length;
      writeFileSync(join(folder, `${changes}.json`), "");
      await eventually(() => told.slice(before).includes(`${changes}.json`));
    }
    expect(told.filter((name) => name === "*").length).toBeLessThan(told.length / 4);
  });

  it("tells nothing when nobody changes it", async () => {
    const [path, other] = [freshFolder(), freshFolder()];
    writeFileSync(join(path, "a"), "");
    const told = follow(path, 1);
    const alsoTold = follow(other, 1);
    await isFollowed(other, alsoTold);
    expect(told).toEqual([]);
  });

  it("tells nothing more when it is followed no longer, also where it was never there", async () => {
    const [path, later, other] = [freshFolder(), freshPath(), freshFolder()];
    const told = follow(path, 1);
    const toldLater = follow(later, 1);
    await isFollowed(path, told);
    for (const watch of watches.splice(0)) watch.stop();
    told.length = 0;
    writeFileSync(join(path, "b"), "");
    mkdirSync(later);
    await isFollowed(other, follow(other));
    expect([told, toldLater]).toEqual([[], []]);
  });
});
