import { expect, it, vi } from "vitest";
import { eventually } from "../../../../../tests/support/programs.js";
import { startGroup } from "./process-group.js";

const RULES = { cwd: "/", env: {}, user: undefined, grace: 500 };

async function run(script: string) {
  const onGone = vi.fn();
  const group = await startGroup("/bin/sh", ["-c", script], RULES, onGone);
  group.stdout.resume();
  await eventually(() => group.isGone);
  expect(onGone).toHaveBeenCalledTimes(1);
  return group;
}

it("tells how the program ended", async () => {
  expect((await run("exit 7")).exit).toEqual({ code: 7, signal: null });
  expect((await run("kill -9 $$")).exit).toEqual({ code: null, signal: "SIGKILL" });
});

it("keeps the beginning of what is said on stderr", async () => {
  const { complaint, hasComplained } = await run("echo first >&2; head -c 500000 /dev/zero >&2");
  expect(hasComplained).toBe(true);
  expect(complaint.subarray(0, 7).toString()).toBe("first\n\0");
  expect(complaint.length).toBe(1024);
});

it("is gone when a process that left the group holds stderr open", async () => {
  const script = `exec ${process.execPath} -e 'require("node:child_process").spawn("/bin/sleep", ["2"], { detached: true, stdio: "inherit" }); process.exit()'`;
  expect((await run(script)).hasComplained).toBe(true);
});

it("closes the output when it is terminated", async () => {
  const group = await startGroup("/bin/sleep", ["1000"], RULES, () => {});
  group.terminate();
  expect(group.stdout.destroyed).toBe(true);
  await eventually(() => group.isGone);
  expect(group.exit).toEqual({ code: null, signal: "SIGTERM" });
});

it("rejects with what the system says when the program cannot run", async () => {
  const onGone = vi.fn();
  await expect(startGroup("/missing", [], RULES, onGone)).rejects.toMatchObject({ code: "ENOENT" });
  expect(onGone).not.toHaveBeenCalled();
});
