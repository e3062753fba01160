import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { lutimesSync, mkdirSync, readdirSync, readlinkSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventually, freshPath, isKnown } from "../../../../../tests/support/programs.js";
import { type StoreProcess, startOn } from "../../../../../tests/support/store-process.js";
import { withLock } from "./lock.js";
import { isAlive, toOwner } from "./lock-owner.js";

const isLinux = process.platform === "linux";

function freshFolder(): string {
  const folder = freshPath();
  mkdirSync(folder);
  return folder;
}

/** A process that holds the lock of a folder until it is told a line. */
async function startHolder(folder: string): Promise<StoreProcess> {
  const code = `
    await withLock(folder, 5_000, async (assertHeld) => {
      say({ holds: process.pid });
      await told();
      await assertHeld();
    });
    say({ done: true });`;
  const holder = await startOn(folder, code);
  await holder.hear("holds");
  return holder;
}

/** Leaves a lock as somebody would have who was killed while holding it; resolves to its target. */
async function leaveDeadLock(folder: string): Promise<string> {
  const holder = await startHolder(folder);
  await holder.kill();
  return readlinkSync(join(folder, ".lock"));
}

/** The lock of a process that cannot be seen from here. */
function putForeignLock(folder: string, age: number): string {
  const target = `${randomUUID()} 7 4711 ${randomUUID()} pid:[4026531999]`;
  const path = join(folder, ".lock");
  symlinkSync(target, path);
  const then = Date.now() / 1000 - age;
  lutimesSync(path, then, then);
  return target;
}

/** Takes the lock for a moment, and is not patient. */
function take(folder: string, patience = 50): Promise<string> {
  return withLock(folder, patience, async () => "taken");
}

const held = (folder: string) => `another process holds ${join(folder, ".lock")}`;

describe("the lock of a folder", () => {
  it("is held by one of many at a time, and by each in the end", async () => {
    const folder = freshFolder();
    let inside = 0;
    const work = () =>
      withLock(folder, 20_000, async () => {
        expect(++inside).toBe(1);
        await new Promise(setImmediate);
        inside--;
        return 1;
      });
    const done = await Promise.all(Array.from({ length: 100 }, work));
    expect(done).toHaveLength(100);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is held by one of several processes at a time", async () => {
    const folder = freshFolder();
    // Who finds the mark of another in the folder was not alone.
    const code = `
      const { mkdirSync, rmdirSync } = await import("node:fs");
      const work = async () => {
        mkdirSync(folder + "/inside");
        await new Promise(setImmediate);
        rmdirSync(folder + "/inside");
      };
      await Promise.all(Array.from({ length: 50 }, () => withLock(folder, 20_000, work)));
      say({ done: true });`;
    const processes = await Promise.all(Array.from({ length: 4 }, () => startOn(folder, code)));
    for (const { ended, said } of processes) {
      await ended();
      expect(said).toEqual([{ done: true }]);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is given back when the work fails, and the failure is passed on", async () => {
    const folder = freshFolder();
    const failure = new Error("no");
    await expect(withLock(folder, 50, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is waited for with patience, and no longer", async () => {
    const folder = freshFolder();
    await withLock(folder, 50, async () => {
      await expect(take(folder)).rejects.toThrow(held(folder));
    });
    await expect(take(folder)).resolves.toBe("taken");
  });

  it("of a process that was killed is broken at once, and leaves nothing behind", async () => {
    const folder = freshFolder();
    await leaveDeadLock(folder);
    await expect(take(folder, 1)).resolves.toBe("taken");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("of a process that was killed is broken by one of many who find it", async () => {
    const folder = freshFolder();
    await leaveDeadLock(folder);
    let inside = 0;
    const work = () =>
      withLock(folder, 20_000, async () => {
        expect(++inside).toBe(1);
        await new Promise(setImmediate);
        inside--;
      });
    await Promise.all(Array.from({ length: 50 }, work));
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is broken when who wanted to break it was killed, too, and both leave nothing behind", async () => {
    const folder = freshFolder();
    const dead = await leaveDeadLock(folder);
    const other = freshFolder();
    symlinkSync(await leaveDeadLock(other), `${join(folder, ".lock")}.${dead.split(" ", 1)[0]}`);
    await expect(take(folder)).resolves.toBe("taken");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("takes what was left by who broke another away, and none that is being broken", async () => {
    const folder = freshFolder();
    const old = `.lock.${randomUUID()}`;
    symlinkSync("left", join(folder, old));
    writeFileSync(join(folder, ".lockets.json"), "not of the lock");
    await expect(take(folder)).resolves.toBe("taken");
    expect(readdirSync(folder)).toContain(old); // nothing was broken, so nobody looks
    await leaveDeadLock(folder);
    await expect(take(folder)).resolves.toBe("taken");
    expect(readdirSync(folder)).toEqual([".lockets.json"]);
  });

  it.skipIf(process.platform === "win32")(
    "of a process that is stopped is kept for it, and works when it goes on",
    async () => {
      const folder = freshFolder();
      const holder = await startHolder(folder);
      holder.child.kill("SIGSTOP");
      await expect(take(folder, 200)).rejects.toThrow(held(folder));
      holder.child.kill("SIGCONT");
      holder.tell("go on");
      await holder.ended();
      expect(holder.said.at(-1)).toEqual({ done: true });
      await expect(take(folder)).resolves.toBe("taken");
    },
  );

  it("of a process that is killed while it is stopped is broken", async () => {
    const folder = freshFolder();
    const holder = await startHolder(folder);
    holder.child.kill("SIGSTOP");
    await holder.kill();
    await expect(take(folder)).resolves.toBe("taken");
  });

  it("of somebody who cannot be seen from here is waited for", async () => {
    const folder = freshFolder();
    const target = putForeignLock(folder, 0);
    await expect(take(folder)).rejects.toThrow(held(folder));
    expect(readlinkSync(join(folder, ".lock"))).toBe(target);
  });

  it.each([
    ["is older than anybody holds one", 11],
    ["is of a time to come, as it is when the clock was set back", -3600],
  ])("of somebody who cannot be seen from here is broken when it %s", async (_, age) => {
    const folder = freshFolder();
    putForeignLock(folder, age);
    await expect(take(folder)).resolves.toBe("taken");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is not taken away from another who has got it meanwhile, and who has lost it hears of that", async () => {
    const folder = freshFolder();
    const path = join(folder, ".lock");
    let other = "";
    const work = withLock(folder, 50, async (assertHeld) => {
      await assertHeld();
      unlinkSync(path);
      await expect(assertHeld()).rejects.toThrow(`this process stood still, and lost ${path} to another`);
      other = putForeignLock(folder, 0);
      await assertHeld();
    });
    await expect(work).rejects.toThrow(`this process stood still, and lost ${path} to another`);
    expect(readlinkSync(path)).toBe(other);
  });

  it.each<[what: string, make: (path: string) => void]>([
    ["a file", (path) => writeFileSync(path, "")],
    ["a folder", (path) => mkdirSync(path)],
    ["a link that somebody has made", (path) => symlinkSync("../somewhere else", path)],
  ])("is no lock when it is %s, and whoever wants it hears of that at once", async (_, make) => {
    const folder = freshFolder();
    make(join(folder, ".lock"));
    await expect(take(folder, 60_000)).rejects.toThrow(`${join(folder, ".lock")} is no lock of a store; remove it`);
  });

  it("is given back later when the system refuses, and the work is done all the same", async () => {
    const folder = freshFolder();
    const before = `
      import fs from "node:fs/promises";
      import { syncBuiltinESMExports } from "node:module";
      const { unlink } = fs;
      let refusals = 2;
      fs.unlink = async (path) => {
        if (refusals-- > 0) throw Object.assign(new Error("read-only"), { code: "EROFS" });
        return unlink(path);
      };
      syncBuiltinESMExports();`;
    const code = `
      say({ work: await withLock(folder, 50, async () => "done") });
      say({ again: await withLock(folder, 20_000, async () => "done") });
      await told();`;
    const refused = await startOn(folder, code, { before });
    await refused.hear("work");
    await expect(take(folder, 20_000)).resolves.toBe("taken");
    await refused.hear("again");
  });
});

describe("the owner of a lock", () => {
  it("lives while the process does", async () => {
    expect(isAlive(toOwner())).toBe(true);
    const child = await startOn(freshFolder(), "say({ owner: toOwner() }); await told();");
    const owner = await child.hear("owner");
    expect(isAlive(String(owner))).toBe(true);
    await child.kill();
    expect(isAlive(String(owner))).toBe(false);
  });

  it.runIf(isLinux)("is dead when its number is another's now", () => {
    const [pid, , ...place] = toOwner().split(" ");
    expect(isAlive([pid, "4711", ...place].join(" "))).toBe(false);
  });

  it.runIf(isLinux)("is dead when nobody has buried it yet", async () => {
    // A shell that is stopped buries none of its children.
    const argv = ["sh", "-c", 'echo "{\\"shell\\": $$}"; "$@" & wait', "sh"];
    const child = await startOn(
      freshFolder(),
      "say({ owner: toOwner() }); say({ pid: process.pid }); await forever();",
      {
        argv,
      },
    );
    const [owner, pid] = [String(await child.hear("owner")), Number(await child.hear("pid"))];
    child.child.kill("SIGSTOP");
    process.kill(pid, "SIGKILL");
    await eventually(() => isAlive(owner) === false);
    expect(isKnown(pid)).toBe(true);
    child.child.kill("SIGKILL");
    await once(child.child, "exit");
  });

  it.each([
    ["another start of the machine", (boot: string, space: string) => [boot.replace(/^./, "z"), space]],
    ["another container", (boot: string) => [boot, "pid:[1]"]],
    ["nowhere", () => ["nowhere", "at all"]],
  ])("cannot be seen when it is of %s", (_, move) => {
    const [pid, start, boot = "", space = ""] = toOwner().split(" ");
    expect(isAlive([pid, start, ...move(boot, space)].join(" "))).toBeUndefined();
  });

  it.each(["", "x", "1 2", "- - - -"])("cannot be seen when it is %j", (owner) => {
    expect(isAlive(owner)).toBeUndefined();
  });
});
