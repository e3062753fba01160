import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, writeFileSync } from "node:fs";
import { afterEach, beforeAll, expect, it } from "vitest";
import { isRoot, run } from "../../../../../tests/support/daemon-program.js";
import { FOLDER, freshPath } from "../../../../../tests/support/programs.js";
import type { RunningProcess } from "../proc/running-process.js";
import { awaitEnd, readPidfile, signalDaemon } from "./read-pidfile.js";

beforeAll(() => chmodSync(FOLDER, 0o755));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function startSleeper(options: { uid?: number; gid?: number } = {}): Promise<ChildProcess> {
  // It is called with our name, as a server of ours is.
  const child = spawn("sh", ["-c", "read line", String(process.argv[1])], { cwd: "/", stdio: "pipe", ...options });
  children.push(child);
  await once(child, "spawn");
  return child;
}

function writePidfile(pid: number | undefined, owner = process.getuid?.() ?? 0): string {
  const path = freshPath();
  writeFileSync(path, `${pid}\n`, { mode: 0o644 });
  if (process.getuid?.() === 0) chownSync(path, owner, owner);
  return path;
}

async function find(path: string): Promise<RunningProcess> {
  const found = await readPidfile(path);
  if (found === undefined) throw new Error("no process was found");
  return found;
}

it("finds the process that runs, and since when", async () => {
  const before = Date.now();
  const { pid } = await startSleeper();
  const daemon = await find(writePidfile(pid));
  expect(daemon.pid).toBe(pid);
  if (process.platform !== "linux") return;
  expect(Math.abs(Number(daemon.startedAt) - before)).toBeLessThan(2000);
});

it("finds none where no file is, or one of a process that has ended", async () => {
  expect(await readPidfile(freshPath())).toBeUndefined();
  expect(await readPidfile(writePidfile(spawnSync("true").pid))).toBeUndefined();
});

it("refuses what is no pidfile", async () => {
  const path = freshPath();
  writeFileSync(path, "Happy and well\n");
  const message = `${path} is no pidfile: what stands in it is not the number of a process. It was left as it is: remove it, or choose another path.`;
  await expect(readPidfile(path)).rejects.toMatchObject({ code: "ERR_FINGER_PROCESS", message });
});

it("sends a signal, and waits until the process has ended", async () => {
  const child = await startSleeper();
  const daemon = await find(writePidfile(child.pid));
  expect(await awaitEnd(daemon, 30)).toBe(false);
  expect(signalDaemon(daemon, "SIGTERM")).toBe(true);
  expect(await awaitEnd(daemon, 10_000)).toBe(true);
  expect(signalDaemon(daemon, "SIGTERM")).toBe(false);
});

it("takes another process with the same number for another", async () => {
  const { pid = 0 } = await startSleeper();
  const daemon = { pid, startedAt: undefined, start: "1" };
  if (process.platform !== "linux") return;
  expect(signalDaemon(daemon, "SIGTERM")).toBe(false);
  expect(await awaitEnd(daemon, 0)).toBe(true);
});

it("refuses a file that others can write", async () => {
  const { pid } = await startSleeper();
  const path = writePidfile(pid);
  chmodSync(path, 0o666);
  const message = `The pidfile ${path} can be written by others, so process ${pid} may be anything. Look what it is, and remove the file.`;
  await expect(readPidfile(path)).rejects.toMatchObject({ code: "ERR_FINGER_PROCESS", message });
});

it.runIf(isRoot("whose word about a process holds"))(
  "believes a user about processes of their own, and of nobody else",
  async () => {
    const theirs = await startSleeper({ uid: 65534, gid: 65534 });
    expect(await readPidfile(writePidfile(theirs.pid, 65534))).toMatchObject({ pid: theirs.pid });
    expect(await readPidfile(writePidfile(theirs.pid, 0))).toMatchObject({ pid: theirs.pid });
    for (const { pid } of [await startSleeper(), await startSleeper({ uid: 1, gid: 1 })]) {
      const path = writePidfile(pid, 65534);
      const message = `The pidfile ${path} is of user 65534, and process ${pid} is not theirs. Look what it is, and remove the file.`;
      await expect(readPidfile(path)).rejects.toMatchObject({ code: "ERR_FINGER_PROCESS", message });
    }
  },
);

it.runIf(isRoot("whose a process is"))("says whose a process is that we may not signal", async () => {
  const { pid } = await startSleeper();
  const code = `process.setuid(65534);
    const daemon = await it.readPidfile(${JSON.stringify(writePidfile(pid))});
    try { it.signalDaemon(daemon, "SIGTERM"); } catch (error) { say(fails(error)); }`;
  const message = `Process ${pid} belongs to another user. Do this as root, or as the user that it runs as.`;
  const { said } = await run(code, { env: { ...process.env, UV_USE_IO_URING: "0" } });
  expect(said).toEqual([{ name: "FingerError", code: "ERR_FINGER_PROCESS", message, cause: "EPERM" }]);
});
