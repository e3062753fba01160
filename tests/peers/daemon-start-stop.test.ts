import { chmodSync, chownSync, existsSync, mkdirSync, statSync, symlinkSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { beforeAll, expect, it } from "vitest";
import { eventually, freshPath, isRunning } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { findFreePort } from "./support/free-port.js";
import { IS_ROOT } from "./support/mounts.js";
import { describePeer, hasCommand } from "./support/peer.js";
import {
  findPort,
  freshPidfile,
  type Outcome,
  openFolder,
  readLog,
  readPid,
  runProgram,
  SERVER,
  writeFresh,
} from "./support/server-command.js";

const [, COMMAND = ""] = SERVER;

/** Runs Debian's start-stop-daemon for a pidfile. */
function control(pidfile: string, ...args: readonly string[]): Promise<Outcome> {
  return runProgram(["start-stop-daemon", "--pidfile", pidfile, ...args]);
}

const STOP = ["--stop", "--retry", "TERM/20/KILL/5"];

describePeer("start-stop-daemon", IS_ROOT && hasCommand("start-stop-daemon"), "root, on Debian", () => {
  beforeAll(openFolder);

  /** What it starts the daemon with. */
  function prepare(...own: readonly string[]) {
    const [pidfile, logfile, users] = [freshPidfile(), freshPath(), writeFresh("alice: Happy and well\n")];
    const files = ["--users", users, "--pidfile", pidfile, "--logfile", logfile];
    return { pidfile, logfile, args: ["--", "--port", "0", ...files, "--daemon", ...own] };
  }

  it.each([
    ["what it is told to start", ["--startas", COMMAND], []],
    ["the program that runs", ["--exec", process.execPath], [COMMAND]],
  ])("starts it by %s, finds it running, and stops it", async (_, by, script) => {
    const { pidfile, logfile, args } = prepare();
    const [dashes = "", ...rest] = args;
    const whole = [dashes, ...script, ...rest];
    expect(await control(pidfile, "--start", ...by, ...whole)).toMatchObject({ code: 0, err: "" });
    const pid = readPid(pidfile);
    expect(await exchange(findPort(readLog(logfile)) ?? 0, ["alice\r\n"])).toBe("Happy and well\r\n");
    expect(await control(pidfile, "--status")).toMatchObject({ code: 0 });
    // It is there, which is no fault with --oknodo.
    expect(await control(pidfile, "--start", ...by, ...whole)).toMatchObject({ code: 1 });
    expect(await control(pidfile, "--start", "--oknodo", ...by, ...whole)).toMatchObject({ code: 0 });
    expect(readPid(pidfile)).toBe(pid);

    expect(await control(pidfile, "--stop", "--signal", "HUP")).toMatchObject({ code: 0 });
    await eventually(() => readLog(logfile).some(({ msg }) => msg === "the configuration was read again"));
    expect(await control(pidfile, ...STOP)).toMatchObject({ code: 0 });
    expect([isRunning(pid), existsSync(pidfile)]).toEqual([false, false]);
    expect(await control(pidfile, "--status")).toMatchObject({ code: 3 });
  });

  it("starts it as root who becomes another, and stops it by the pidfile alone", async () => {
    const { pidfile, args } = prepare("--user", "nobody", "--workers", "2");
    expect(await control(pidfile, "--start", "--startas", COMMAND, ...args)).toMatchObject({ code: 0 });
    const pid = readPid(pidfile);
    expect(statSync(`/proc/${pid}`).uid).toBe(statSync(pidfile).uid === 0 ? NOBODY : -1);
    expect(await control(pidfile, ...STOP)).toMatchObject({ code: 0 });
    expect(isRunning(pid)).toBe(false);
    // It may not remove the file from the folder of root; whoever finds it sees that nobody is there.
    expect(await control(pidfile, "--status")).toMatchObject({ code: 1 });
    expect(await control(pidfile, "--start", "--startas", COMMAND, ...args)).toMatchObject({ code: 0 });
  });

  it("starts it as another, whose word for the process it does not take", async () => {
    const folder = freshPath();
    mkdirSync(folder);
    chownSync(folder, NOBODY, NOBODY);
    const { args } = prepare("--pidfile", `${folder}/pid`, "--logfile", `${folder}/log`);
    const pidfile = `${folder}/pid`;
    expect(await control(pidfile, "--start", "--chuid", "nobody", "--startas", COMMAND, ...args)).toMatchObject({
      code: 0,
    });
    const pid = readPid(pidfile);
    expect(statSync(`/proc/${pid}`).uid).toBe(NOBODY);
    expect(await control(pidfile, ...STOP)).not.toMatchObject({ code: 0 });
    expect(await control(pidfile, "--user", "nobody", "--status")).toMatchObject({ code: 0 });
    expect(await control(pidfile, "--user", "nobody", ...STOP)).toMatchObject({ code: 0 });
    expect([isRunning(pid), existsSync(pidfile)]).toEqual([false, false]);
  });

  it("passes on why it cannot start, and with which exit code", async () => {
    const { pidfile, args } = prepare("--users", writeFresh("alice\n"));
    const outcome = await control(pidfile, "--start", "--startas", COMMAND, ...args);
    expect(outcome).toMatchObject({ code: 65, err: expect.stringContaining(", line 1: ") });
  });

  it("replaces it by another version, and who asks again is answered", async () => {
    const [current, port] = [freshPath(), await findFreePort()];
    symlinkSync(COMMAND, current);
    const { pidfile, args } = prepare("--port", `${port}`, "--limit", "rate=off");
    const start = () => control(pidfile, "--start", "--startas", current, ...args);
    expect(await start()).toMatchObject({ code: 0 });
    const before = readPid(pidfile);

    const asked = askUntilAnswered(port);
    expect(await control(pidfile, ...STOP)).toMatchObject({ code: 0 });
    unlinkSync(current);
    const next = writeFresh(`#!/bin/sh\nexec ${COMMAND} "$@"\n`);
    chmodSync(next, 0o755);
    symlinkSync(next, current);
    const second = askUntilAnswered(port);
    expect(await start()).toMatchObject({ code: 0 });
    expect(await Promise.all([asked, second])).toEqual(["Happy and well\r\n", "Happy and well\r\n"]);
    expect(readPid(pidfile)).not.toBe(before);
    expect(await control(pidfile, ...STOP)).toMatchObject({ code: 0 });
  });
});

/** Asks until somebody is there. */
async function askUntilAnswered(port: number): Promise<string> {
  for (;;) {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.write("alice\r\n");
    const answer = await text(socket).catch(() => undefined);
    if (answer !== undefined && answer !== "") return answer;
  }
}

/** The number of the user, as everywhere on Debian. */
const NOBODY = 65534;
