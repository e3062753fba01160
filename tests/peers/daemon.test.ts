import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import type { AddressInfo, Server } from "node:net";
import { connect, createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { eventually, freshPath, isRunning } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { IS_ROOT } from "./support/mounts.js";
import { describePeer } from "./support/peer.js";
import { childrenOf } from "./support/processes.js";
import {
  findPort,
  freshPidfile,
  openFolder,
  readLog,
  readPid,
  runServer,
  startServer,
  writeFresh,
} from "./support/server-command.js";

beforeAll(openFolder);

const USERS = "alice: Happy and well\n";
const ALICE = "Happy and well\r\n";
const KINDS: ReadonlyArray<readonly [kind: string, workers: readonly string[]]> = [
  ["of one process", []],
  ["of two workers", ["--workers", "2"]],
];

/** Starts a daemon, and resolves to where it is. */
async function startDaemon(...args: readonly string[]) {
  const [pidfile, logfile] = [freshPidfile(), freshPath()];
  const options = ["--port", "0", "--pidfile", pidfile, "--logfile", logfile, "--limit", "rate=off"];
  const users = args.includes("--users") || args.includes("--config") ? [] : ["--users", writeFresh(USERS)];
  const outcome = await runServer(["--daemon", ...options, ...users, ...args]);
  return { pidfile, logfile, outcome };
}

describe.each(KINDS)("a daemon %s", (_, workers) => {
  it("answers when the command returns, until it is told to stop", async () => {
    const { pidfile, logfile, outcome } = await startDaemon(...workers);
    const pid = readPid(pidfile);
    expect(outcome).toEqual({
      code: 0,
      signal: null,
      out: `finger-server: process ${pid} answers, and logs to ${logfile}\n`,
      err: "",
    });
    expect(await exchange(findPort(readLog(logfile)) ?? 0, ["alice\r\n"])).toBe(ALICE);
    expect(await runServer(["status", "--pidfile", pidfile])).toMatchObject({
      code: 0,
      out: expect.stringMatching(`^finger-server: process ${pid} runs since `),
    });
    expect(await runServer(["stop", "--pidfile", pidfile])).toMatchObject({ code: 0 });
    expect([isRunning(pid), existsSync(pidfile)]).toEqual([false, false]);
    expect(await runServer(["status", "--pidfile", pidfile])).toMatchObject({ code: 3 });
  });

  it("goes on in a new log file once the old one was moved away", async () => {
    const { pidfile, logfile } = await startDaemon("--audit", ...workers);
    const port = findPort(readLog(logfile)) ?? 0;
    renameSync(logfile, `${logfile}.1`);
    process.kill(readPid(pidfile), "SIGUSR1");
    await eventually(() => existsSync(logfile));
    const hasToldOfQuery = async () => {
      await exchange(port, ["alice\r\n"]);
      return readFileSync(logfile, "utf8").includes('"query"');
    };
    // With workers, each opens it by itself.
    await expect.poll(hasToldOfQuery, { timeout: 10_000 }).toBe(true);
    expect(await runServer(["stop", "--pidfile", pidfile])).toMatchObject({ code: 0 });
    expect(readFileSync(logfile, "utf8")).toContain("ends when what was asked is answered");
  });

  it("reads its configuration again by the pidfile", async () => {
    const config = writeFresh(JSON.stringify({ users: writeFresh(USERS) }), ".json");
    const { pidfile, logfile } = await startDaemon("--config", config, ...workers);
    const port = findPort(readLog(logfile)) ?? 0;
    writeFileSync(config, JSON.stringify({ users: writeFresh("alice: Elsewhere\n") }));
    expect(await runServer(["reload", "--pidfile", pidfile])).toMatchObject({ code: 0, err: "" });
    await expect.poll(() => exchange(port, ["alice\r\n"]), { timeout: 10_000 }).toBe("Elsewhere\r\n");

    writeFileSync(config, "{");
    // Who names the config hears of its mistakes; the daemon tells its log.
    expect(await runServer(["reload", "--pidfile", pidfile, "--config", config])).toMatchObject({ code: 78 });
    process.kill(readPid(pidfile), "SIGHUP");
    await eventually(() => readLog(logfile).some(({ level, msg }) => level === "error" && msg.includes(config)));
    expect(await exchange(port, ["alice\r\n"])).toBe("Elsewhere\r\n");
  });
});

it("reads a config that was named from the folder it was called in, also again", async () => {
  const folder = dirname(writeFresh(USERS, ".users"));
  const name = basename(writeFresh(JSON.stringify({ users: writeFresh(USERS) }), ".json"));
  const [pidfile, logfile] = [freshPidfile(), freshPath()];
  const options = ["--port", "0", "--pidfile", pidfile, "--logfile", logfile, "--config", name];
  expect(await runServer(["--daemon", ...options], { cwd: folder })).toMatchObject({ code: 0 });
  writeFileSync(join(folder, name), JSON.stringify({ users: writeFresh("alice: Elsewhere\n") }));
  process.kill(readPid(pidfile), "SIGHUP");
  const port = findPort(readLog(logfile)) ?? 0;
  await expect.poll(() => exchange(port, ["alice\r\n"]), { timeout: 10_000 }).toBe("Elsewhere\r\n");
});

it("tells why no worker can take the place of one that has ended, and ends all the same", async () => {
  const config = writeFresh(JSON.stringify({ users: writeFresh(USERS) }), ".json");
  const { pidfile, logfile } = await startDaemon("--config", config, "--workers", "2");
  writeFileSync(config, "{");
  const [worker] = childrenOf(readPid(pidfile));
  process.kill(worker?.pid ?? 0, "SIGKILL");
  const isTold = ({ level, msg }: { level: string; msg: string }) => level === "error" && msg.includes(config);
  await eventually(() => readLog(logfile).some(isTold));
  expect(await runServer(["stop", "--pidfile", pidfile])).toMatchObject({ code: 0 });
});

it("heeds the signals of a daemon that come while it starts", async () => {
  const [begun, config] = [freshPath(), `${freshPath()}.mjs`];
  const text = `import { writeFileSync } from "node:fs";
    writeFileSync(${JSON.stringify(begun)}, String(process.pid));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    export default { users: ${JSON.stringify(writeFresh(USERS))}, listen: 0 };`;
  writeFileSync(config, text);
  const server = runServer(["--config", config]);
  await eventually(() => existsSync(begun) && readFileSync(begun, "utf8") !== "");
  const pid = Number(readFileSync(begun, "utf8"));
  for (const signal of ["SIGUSR1", "SIGHUP", "SIGTERM"] as const) process.kill(pid, signal);
  const { code, err } = await server;
  expect(code).toBe(0);
  // Node would say that its debugger listens.
  expect(err).not.toContain("ebugger");
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function takePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

interface Refusal {
  readonly why: string;
  readonly args: () => Promise<readonly string[]>;
  readonly code: number;
  readonly err: RegExp;
}

const REFUSALS: readonly Refusal[] = [
  {
    why: "its port is taken, with the name of the program that has it",
    args: async () => ["--port", `${await takePort()}`],
    code: 69,
    err: new RegExp(`^finger-server: Cannot listen on 127\\.0\\.0\\.1, port \\d+: .*\\b${process.pid}\\b.*\n$`),
  },
  {
    why: "an option cannot be meant",
    args: async () => ["--limit", "rate=fast"],
    code: 64,
    err: /^finger-server: .*rate.*\n$/,
  },
  {
    why: "its config has mistakes, and tells all of them",
    args: async () => ["--config", writeFresh('{"usrs": "x", "limits": {"rate": "fast"}}', ".json")],
    code: 78,
    err: /^finger-server: There are 2 mistakes in .*\n- .*rate.*\n- .*usrs.*\n$/,
  },
  {
    why: "its users file has mistakes",
    args: async () => ["--users", writeFresh("alice\n")],
    code: 65,
    err: /^finger-server: .*, line 1: .*\n$/,
  },
  {
    why: "its users file is not there",
    args: async () => ["--users", "/nowhere/users"],
    code: 66,
    err: /^finger-server: The users file \/nowhere\/users cannot be read: .*\n$/,
  },
  {
    why: "the folder of its pidfile is not there",
    args: async () => ["--pidfile", "/nowhere/near/pid"],
    code: 73,
    err: /^finger-server: The pidfile \/nowhere\/near\/pid cannot be written: .*\n$/,
  },
  {
    why: "the folder of its log file is not there",
    args: async () => ["--logfile", "/nowhere/near/log"],
    code: 73,
    err: /^finger-server: The log file \/nowhere\/near\/log cannot be opened: .*\n$/,
  },
  {
    why: "its pidfile is something else, which it leaves as it is",
    args: async () => ["--pidfile", writeFresh("Dear diary\n")],
    code: 69,
    err: /^finger-server: .* is no pidfile: .*\n$/,
  },
  {
    why: "its pidfile is a link",
    args: async () => {
      const path = freshPath();
      symlinkSync(writeFresh("1\n"), path);
      return ["--pidfile", path];
    },
    code: 69,
    err: /^finger-server: .* is no pidfile: it is a link\. .*\n$/,
  },
  {
    why: "there is no such user",
    args: async () => ["--user", "no-such-user"],
    code: 78,
    err: /^finger-server: .*no-such-user.*\n$/,
  },
];

describe.each(KINDS)("no daemon %s runs", (_, workers) => {
  it.each(REFUSALS.map((refusal) => [refusal.why, refusal] as const))("when %s", async (_why, { args, code, err }) => {
    const { pidfile, outcome } = await startDaemon(...workers, ...(await args()));
    expect(outcome).toEqual({ code, signal: null, out: "", err: expect.stringMatching(err) });
    expect(existsSync(pidfile)).toBe(false);
  });
});

it("starts over a pidfile that a daemon has left that was killed", async () => {
  const { pidfile, logfile } = await startDaemon();
  const pid = readPid(pidfile);
  process.kill(pid, "SIGKILL");
  await eventually(() => !isRunning(pid));
  const args = ["--daemon", "--port", "0", "--users", writeFresh(USERS), "--pidfile", pidfile, "--logfile", logfile];
  expect(await runServer(args)).toMatchObject({ code: 0 });
  expect(readPid(pidfile)).not.toBe(pid);
});

it("starts once, when it is started twice at the same time", async () => {
  const [pidfile, logfile, users] = [freshPidfile(), freshPath(), writeFresh(USERS)];
  const args = ["--daemon", "--port", "0", "--users", users, "--pidfile", pidfile, "--logfile", logfile];
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => runServer(args)));
  expect(outcomes.map(({ code }) => code).toSorted()).toEqual([0, 69, 69, 69]);
  const { err } = outcomes.find(({ code }) => code === 69) ?? {};
  expect(err).toMatch(/^finger-server: Another finger-server runs: process \d+, by /);
  expect(isRunning(readPid(pidfile))).toBe(true);
});

const AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

describePeer("a user who may little", IS_ROOT, "root, to become that one", () => {
  it.each([
    ["its port is below 1024", ["--port", "79"], /^finger-server: Cannot listen on 127\.0\.0\.1, port 79: .*\n$/],
    ["it is to become root", ["--user", "root"], /^finger-server: This process cannot become user 0 \(root\) .*\n$/],
    ["it may not write its pidfile", ["--pidfile", "/run/finger-test.pid"], /^finger-server: The pidfile .*\n$/],
    ["it may not write its log file", ["--logfile", "/var/log/finger-test.log"], /^finger-server: The log file .*\n$/],
  ])("cannot start a daemon when %s", async (_, own, err) => {
    const folder = freshPath();
    mkdirSync(folder);
    chownSync(folder, 65534, 65534);
    const files = ["--pidfile", join(folder, "pid"), "--logfile", join(folder, "log")];
    const outcome = await runServer(["--daemon", "--port", "0", ...files, "--users", writeFresh(USERS), ...own], {
      before: AS_NOBODY,
    });
    expect(outcome).toMatchObject({ code: 77, err: expect.stringMatching(err) });
  });

  it("cannot stop the daemon of another", async () => {
    const { pidfile } = await startDaemon();
    const outcome = await runServer(["stop", "--pidfile", pidfile], { before: AS_NOBODY });
    expect(outcome).toMatchObject({ code: 77, err: expect.stringContaining("belongs to another user") });
    expect(isRunning(readPid(pidfile))).toBe(true);
  });
});

it.each(KINDS)("a server %s cuts off at once what is still answered, on the second signal", async (_, workers) => {
  const program = ["/bin/sh", "-c", "echo begun; exec sleep 60", "--", "{name}"];
  const limits = { lookupTime: false };
  const config = { routes: { slow: { program } }, listen: 0, limits, process: { drain: 60_000 } };
  const path = writeFresh(JSON.stringify(config), ".json");
  const { child, port, log, ended } = await startServer(["--config", path, ...workers]);
  const socket = connect(port, "127.0.0.1");
  socket.write("slow:x\r\n");
  await once(socket, "data");
  const broken = once(socket, "close").catch(() => {});
  child.kill("SIGTERM");
  await eventually(() => log().some(({ msg }) => msg.startsWith("ends when")));
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 0 });
  socket.destroy();
  await broken;
});
