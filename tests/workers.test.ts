import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { repository } from "./peers/support/network.js";
import { eventually } from "./support/programs.js";
import { exchange } from "./support/sockets.js";

let folder = "";
const running: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "finger-workers-"));
});
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  rmSync(folder, { recursive: true });
});

/** Runs the command as it is built, with several workers on one folder. */
async function start() {
  const command = repository("packages/finger-server/bin/finger-server.cjs");
  const args = ["--store", `file:${join(folder, "statuses")}`, "--setter", "0", "--port", "0", "--workers", "2"];
  const child = spawn(process.execPath, [command, ...args, "--limit", "rate=off"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += text));
  await eventually(() => printed.includes("2 workers answer"));
  const [, finger = 0, setter = 0] =
    /on 127\.0\.0\.1:(\d+); setter on 127\.0\.0\.1:(\d+)/.exec(printed)?.map(Number) ?? [];
  return { child, finger, setter, printed: () => printed };
}

/** The processes that a process has started, as Linux tells. */
function workersOf({ pid }: ChildProcess): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

const set = (port: number, text: string) => exchange(port, [`alice\n${text}\n`], { halfClose: true });

it.runIf(process.platform === "linux")(
  "serves one folder in two processes, replaces one that dies, and ends in order",
  async () => {
    const { child, finger, setter, printed } = await start();
    await eventually(() => workersOf(child).length === 2);
    for (let n = 0; n < 20; n++) {
      expect(await set(setter, `${n}`)).toBe("OK\r\n");
      await expect.poll(() => exchange(finger, ["alice\r\n"]), { interval: 1 }).toBe(`${n}\r\n`);
    }
    const [victim = 0] = workersOf(child);
    process.kill(victim, "SIGKILL");
    expect(await set(setter, "still here")).toBe("OK\r\n");
    await eventually(() => workersOf(child).length === 2 && !workersOf(child).includes(victim));
    await expect.poll(() => exchange(finger, ["alice\r\n"])).toBe("still here\r\n");
    expect(printed()).toMatch(/Worker \d \(process \d+\) was ended by SIGKILL/);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  },
);

it.runIf(process.platform === "linux")("says why it cannot start, once", async () => {
  const { finger } = await start();
  const command = repository("packages/finger-server/bin/finger-server.cjs");
  const args = ["--store", `file:${join(folder, "statuses")}`, "--port", String(finger), "--workers", "2"];
  const child = spawn(process.execPath, [command, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  child.stderr.on("data", (text) => (printed += text));
  const [code] = await once(child, "close");
  expect(printed).toMatch(
    new RegExp(`^finger-server: Cannot listen on 127.0.0.1, port ${finger}: .+ listens there. Stop it, or .*\n$`),
  );
  expect(code).toBe(69);
});
