import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { freshFolder, runServer } from "../../../../../tests/support/server-command.js";

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** Starts what stands in for a daemon: it tells which signals it gets, and ends by SIGTERM. */
async function startProcess() {
  const tell = `process.on("SIGHUP", () => console.log("hup")); setInterval(() => {}, 1e6); console.log("ready");`;
  const child = spawn(process.execPath, ["-e", tell, String(process.argv[1])], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  let said = "";
  child.stdout.on("data", (text) => {
    said += text;
  });
  await once(child.stdout, "data");
  const pidfile = join(freshFolder(), "pid");
  writeFileSync(pidfile, `${child.pid}\n`, { mode: 0o644 });
  return { child, pidfile, said: () => said, name: `process ${child.pid}` };
}

it.each(["status", "stop", "reload"])("%s ends with 3, as LSB says, when no daemon runs", async (verb) => {
  const pidfile = join(freshFolder(), "pid");
  const message = `finger-server: no daemon runs, by the pidfile ${pidfile}\n`;
  expect(await runServer([verb, "--pidfile", pidfile])).toEqual({ code: 3, out: "", err: message });
});

it("tells that a daemon runs, and takes one that has ended for none", async () => {
  const { child, pidfile, name } = await startProcess();
  const status = () => runServer(["status", "--pidfile", pidfile]);
  const out = expect.stringMatching(`^finger-server: ${name} runs since 20[0-9-]+T[0-9:.]+Z\n$`);
  expect(await status()).toEqual({ code: 0, out, err: "" });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await status()).toMatchObject({ code: 3, out: "" });
});

it("has a daemon reload", async () => {
  const { child, pidfile, said, name } = await startProcess();
  const heard = once(child.stdout as NodeJS.ReadableStream, "data");
  const { code, out } = await runServer(["reload", "--pidfile", pidfile]);
  expect(code).toBe(0);
  expect(out).toContain(`finger-server: ${name} reads its configuration again`);
  await heard;
  expect(said()).toBe("ready\nhup\n");
});

it("ends a daemon, and waits until it has ended", async () => {
  const { child, pidfile, name } = await startProcess();
  const ended = once(child, "exit");
  const outcome = await runServer(["stop", "--pidfile", pidfile]);
  expect(outcome).toEqual({ code: 0, out: `finger-server: ${name} has ended\n`, err: "" });
  expect(await ended).toEqual([null, "SIGTERM"]);
});

it("finds the pidfile in the config", async () => {
  const { pidfile, name } = await startProcess();
  const config = join(freshFolder(), "c.yaml");
  writeFileSync(config, `users: users\nprocess: { pidfile: ${pidfile} }\n`);
  expect(await runServer(["status", "--config", config])).toMatchObject({
    code: 0,
    out: expect.stringMatching(`^finger-server: ${name} runs since `),
  });
});

it("signals nobody by what is no pidfile", async () => {
  const pidfile = join(freshFolder(), "pid");
  writeFileSync(pidfile, "1 2 3\n");
  const { code, out, err } = await runServer(["stop", "--pidfile", pidfile]);
  expect({ code, out }).toEqual({ code: 69, out: "" });
  expect(err).toContain(pidfile);
});
