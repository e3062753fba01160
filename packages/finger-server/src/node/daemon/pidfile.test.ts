import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { hearLine, isRoot, run, start, writeProgram } from "../../../../../tests/support/daemon-program.js";
import { FOLDER, freshPath } from "../../../../../tests/support/programs.js";
import { claimPidfile } from "./pidfile.js";

const isLinux = process.platform === "linux";

/** Those whom a process becomes have to get through. */
beforeAll(() => chmodSync(FOLDER, 0o755));

const sleepers: ChildProcess[] = [];
afterEach(() => {
  for (const sleeper of sleepers.splice(0)) sleeper.kill("SIGKILL");
});

/** The number of a process that runs until the test is over. */
function sleeper(): number {
  // It is called with our name, as a server of ours is.
  const child = spawn("sh", ["-c", "read line", String(process.argv[1])], { stdio: ["pipe", "ignore", "ignore"] });
  sleepers.push(child);
  return child.pid ?? 0;
}

function freshFolder(): string {
  const folder = freshPath();
  mkdirSync(folder);
  return folder;
}

/** A pidfile that was written long ago. */
function oldPidfile(pid: number): string {
  const path = join(freshFolder(), "finger.pid");
  writeFileSync(path, `${pid}\n`);
  utimesSync(path, 1e9, 1e9);
  return path;
}

const fails = (message: string | RegExp) =>
  expect.objectContaining({
    name: "FingerError",
    code: "ERR_FINGER_PROCESS",
    message: typeof message === "string" ? message : expect.stringMatching(message),
  });

describe("a pidfile", () => {
  it("has the number of the process and a line end, for all to read, whatever the umask", async () => {
    const path = join(freshFolder(), "finger.pid");
    const umask = process.umask(0o077);
    const pidfile = await claimPidfile(path).finally(() => process.umask(umask));
    expect(readFileSync(path, "utf8")).toBe(`${process.pid}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readdirSync(dirname(path))).toEqual([basename(path)]);
    expect(pidfile.path).toBe(path);
    await pidfile.release();
  });

  it("is removed in the end, and only if it is still ours", async () => {
    const path = join(freshFolder(), "finger.pid");
    const first = await claimPidfile(path);
    expect(await first.release()).toBeUndefined();
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, "1\n");
    expect(await first.release()).toBeUndefined();
    expect(readFileSync(path, "utf8")).toBe("1\n");
  });

  it("is left alone when somebody has put another in its place", async () => {
    const path = join(freshFolder(), "finger.pid");
    const pidfile = await claimPidfile(path);
    spawnSync("sh", ["-c", `echo 1 > ${path}.other && mv ${path}.other ${path}`]);
    expect(await pidfile.release()).toBeUndefined();
    expect(readFileSync(path, "utf8")).toBe("1\n");
  });

  it("is not had twice, by another process or our own", async () => {
    const path = join(freshFolder(), "finger.pid");
    const pidfile = await claimPidfile(path);
    const message = `Another finger-server runs: process ${process.pid}, by ${path}. Stop that one first, or give this one a pidfile of its own.`;
    if (isLinux) await expect(claimPidfile(path)).rejects.toEqual(fails(message));
    const program = `await it.claimPidfile(${JSON.stringify(path)}).catch((error) => say(fails(error)));`;
    expect((await run(program)).said).toEqual([{ name: "FingerError", code: "ERR_FINGER_PROCESS", message }]);
    expect(readFileSync(path, "utf8")).toBe(`${process.pid}\n`);
    await pidfile.release();
  });

  it("may have been written for a process that another program started", async () => {
    const path = join(freshFolder(), "finger.pid");
    const pid = sleeper();
    writeFileSync(path, String(pid));
    await expect(claimPidfile(path)).rejects.toEqual(fails(new RegExp(`process ${pid}, `)));
  });

  it.runIf(isLinux)("is not of a process that is called otherwise, and has not written it", async () => {
    const path = join(freshFolder(), "finger.pid");
    const stranger = spawn("sleep", ["1000"]);
    sleepers.push(stranger);
    writeFileSync(path, `${stranger.pid}\n`);
    const pidfile = await claimPidfile(path);
    expect(readFileSync(path, "utf8")).toBe(`${process.pid}\n`);
    await pidfile.release();
  });

  it.each<[what: string, pid: () => number]>([
    ["that has ended", () => spawnSync("true").pid],
    ["whose number another has by now", () => (isLinux ? sleeper() : spawnSync("true").pid)],
    ["that had our own number, in a container that was started again", () => process.pid],
  ])("of a process %s is replaced", async (_, pid) => {
    const path = oldPidfile(pid());
    const pidfile = await claimPidfile(path);
    expect(readFileSync(path, "utf8")).toBe(`${process.pid}\n`);
    expect(readdirSync(dirname(path))).toEqual([basename(path)]);
    await pidfile.release();
  });

  it.runIf(isLinux)("is one's own still when the clock was set in the meantime", async () => {
    const path = join(freshFolder(), "finger.pid");
    const code = `await it.claimPidfile(${JSON.stringify(path)}); say("ready"); setInterval(() => {}, 1e6);`;
    const program = start(await writeProgram(code));
    await hearLine(program);
    utimesSync(path, 1e9, 1e9);
    await expect(claimPidfile(path)).rejects.toEqual(fails(/^Another finger-server runs: /));
    program.child.kill("SIGKILL");
    await program.ended;
    await (await claimPidfile(path)).release();
  });

  it.each<[what: string, make: (path: string) => void, why: string]>([
    ["a text", (path) => writeFileSync(path, "Happy and well\n"), "what stands in it is not the number of a process"],
    ["two numbers", (path) => writeFileSync(path, "12\n34\n"), "what stands in it is not the number of a process"],
    ["a negative number", (path) => writeFileSync(path, "-1\n"), "what stands in it is not the number of a process"],
    [
      "a number too large",
      (path) => writeFileSync(path, "4294967297\n"),
      "what stands in it is not the number of a process",
    ],
    ["an empty file", (path) => writeFileSync(path, ""), "it is empty"],
    ["a folder", (path) => mkdirSync(path), "it is a folder"],
    ["a link", (path) => symlinkSync("/etc/passwd", path), "it is a link"],
    ["a link to nowhere", (path) => symlinkSync("/nowhere/at/all", path), "it is a link"],
    ["a FIFO", (path) => void spawnSync("mkfifo", [path]), "it is no regular file"],
  ])("does not replace %s", async (_, make, why) => {
    const path = join(freshFolder(), "finger.pid");
    make(path);
    const before = lstatSync(path);
    const message = `${path} is no pidfile: ${why}. It was left as it is: remove it, or choose another path.`;
    await expect(claimPidfile(path)).rejects.toEqual(fails(message));
    expect(lstatSync(path)).toMatchObject({ ino: before.ino, mode: before.mode, mtimeMs: before.mtimeMs });
    expect(readdirSync(dirname(path))).toEqual([basename(path)]);
  });

  it("needs a folder for the folder that root makes", async () => {
    const path = join(freshPath(), "finger", "finger.pid");
    const message = `The pidfile ${path} cannot be written: there is no such folder. Make it, or choose another path.`;
    await expect(claimPidfile(path)).rejects.toMatchObject({ message, cause: { code: "ENOENT" } });
  });

  it.runIf(isRoot("needing a right to write a pidfile"))("needs the right to write there", async () => {
    const path = join(freshFolder(), "finger.pid");
    const code = `process.seteuid(65534);
      await it.claimPidfile(${JSON.stringify(path)}).catch((error) => say(fails(error)));`;
    const message = `The pidfile ${path} cannot be written: this process may not write there. Choose another path.`;
    // Node 20 changes no ids with io_uring.
    const { said } = await run(code, { env: { ...process.env, UV_USE_IO_URING: "0" } });
    expect(said).toEqual([{ name: "FingerError", code: "ERR_FINGER_PROCESS", message, cause: "EACCES" }]);
  });

  it.runIf(process.platform === "linux")("leaves nothing behind where there is no room for it", async () => {
    const folder = freshFolder();
    const code = `await it.claimPidfile(${JSON.stringify(join(folder, "finger.pid"))}).catch((error) => say(error.cause.code));`;
    // As on a full disk: a file can be made, and nothing written to it.
    const before = ["sh", "-c", `trap "" XFSZ; ulimit -f 0; exec "$@"`, "sh"];
    expect((await run(code, { before })).said).toEqual(["EFBIG"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([["with nothing there"], ["with that of a dead process there"]])(
    "is had by one of many that try at once, %s",
    async (where) => {
      const path = where.includes("dead") ? oldPidfile(spawnSync("true").pid) : join(freshFolder(), "finger.pid");
      const code = `process.stdin.once("data", async () => {
        await it.claimPidfile(${JSON.stringify(path)}).then(() => say("won"), (error) => say(error.message));
        process.stdin.once("data", () => process.exit());
      });
      say("ready");`;
      const program = await writeProgram(code);
      const programs = Array.from({ length: 8 }, () => start(program));
      await Promise.all(programs.map(hearLine));
      const heard = programs.map(hearLine);
      for (const { child } of programs) child.stdin?.write("go\n");
      const said = await Promise.all(heard);
      const winner = programs[said.indexOf("won")]?.child.pid;
      expect(said.filter((what) => what === "won")).toHaveLength(1);
      for (const what of said)
        expect(what).toMatch(new RegExp(`^(won|Another finger-server runs: process ${winner}, .*)$`));
      expect(readFileSync(path, "utf8")).toBe(`${winner}\n`);
      expect(readdirSync(dirname(path))).toEqual([basename(path)]);
      for (const { child } of programs) child.stdin?.write("end\n");
      await Promise.all(programs.map(({ ended }) => ended));
    },
  );

  describe.runIf(isRoot("the pidfile of a process that does not stay root"))(
    "of a process that does not stay root",
    () => {
      const drop = `const owner = { uid: 65534, gid: 65534 };
      const drop = () => it.dropPrivileges({ ...owner, name: "nobody" });`;
      const env = { ...process.env, UV_USE_IO_URING: "0" };

      it("is in a folder that root makes for them, and so can be removed, and stays root's", async () => {
        const path = join(freshPath(), "finger.pid");
        const code = `${drop}
        const pidfile = await it.claimPidfile(${JSON.stringify(path)}, { owner });
        const { uid } = fs.statSync(pidfile.path);
        await drop();
        say([uid, (await pidfile.release()) ?? null]);`;
        expect((await run(code, { env })).said).toEqual([[0, null]]);
        expect(statSync(dirname(path))).toMatchObject({ uid: 65534, gid: 65534, mode: 0o40755 });
        expect(readdirSync(dirname(path))).toEqual([]);
      });

      it("stays in a folder of root's, which is told, and is then replaced", async () => {
        const path = join(freshFolder(), "finger.pid");
        const code = `${drop}
        const pidfile = await it.claimPidfile(${JSON.stringify(path)}, { owner });
        await drop();
        say(await pidfile.release());`;
        const reason = `The pidfile ${path} stays, though its process ends: this process may not write there.`;
        expect((await run(code, { env })).said).toEqual([reason]);
        expect(statSync(dirname(path)).uid).toBe(0);
        await (await claimPidfile(path)).release();
      });
    },
  );
});
