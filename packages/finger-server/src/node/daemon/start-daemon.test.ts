import type { ChildProcess } from "node:child_process";
import { openSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { type Ended, start, writeProgram } from "../../../../../tests/support/daemon-program.js";
import { eventually, freshPath, isRunning } from "../../../../../tests/support/programs.js";

const isLinux = process.platform === "linux";

const daemons: number[] = [];
afterEach(() => {
  for (const pid of daemons.splice(0)) if (isRunning(pid)) process.kill(pid, "SIGKILL");
});

/** A program that starts itself as a daemon, which does something. */
const asDaemon = (code: string, options = "") => `
  const parent = it.daemonChild();
  const forever = () => setInterval(() => {}, 1e6);
  if (parent === undefined) {
    const stop = new AbortController();
    process.once("SIGTERM", () => stop.abort());
    try {
      const daemon = await it.startDaemon({ argv: process.argv.slice(2), signal: stop.signal, ${options} });
      say(daemon);
    } catch (error) {
      say(fails(error));
    }
  } else {
    ${code}
  }`;

/** Runs such a program until it has ended, and gives what its first half says. */
async function startDaemon(code: string, options?: string, how?: Parameters<typeof start>[1]): Promise<Ended> {
  const ended = await start(await writeProgram(asDaemon(code, options)), how).ended;
  const pid = ended.said[0]?.pid;
  if (pid !== undefined) daemons.push(pid);
  return ended;
}

const failure = (message: string, exitCode?: number, more: object = {}) => ({
  name: "FingerError",
  code: "ERR_FINGER_PROCESS",
  message,
  ...(exitCode !== undefined && { exitCode }),
  ...more,
});

/** What the daemon wrote to a file. */
async function readReport(path: string): Promise<string> {
  const read = () => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  };
  await eventually(() => read().endsWith("\n"));
  return read().trim();
}

describe("a daemon", () => {
  it("runs on when the one who started it has ended, which it does when the daemon is ready", async () => {
    const { code, said } = await startDaemon("forever(); setTimeout(parent.ready, 50);");
    expect(code).toBe(0);
    expect(said).toEqual([{ pid: expect.any(Number), said: "" }]);
    expect(isRunning(said[0].pid)).toBe(true);
  });

  it("has the arguments and the working directory, and nothing else that would keep it or tell it from others", async () => {
    const report = freshPath();
    const code = `parent.ready();
      process.once("disconnect", () => {
        const { argv, env, connected } = process;
        const facts = [argv.slice(2), process.cwd(), env.FINGER_SERVER_DAEMON ?? null, env.NODE_CHANNEL_FD ?? null, connected];
        fs.writeFileSync(${JSON.stringify(report)}, JSON.stringify(facts) + "\\n");
      });`;
    const { said } = await startDaemon(code, "", { argv: ["--users", "a file"], cwd: tmpdir() });
    expect(JSON.parse(await readReport(report))).toEqual([["--users", "a file"], tmpdir(), null, null, false]);
    await eventually(() => !isRunning(said[0].pid));
  });

  it.runIf(isLinux)("has no terminal, no group, and no descriptor of the one who started it", async () => {
    // Node marks the first it is passed to be closed, and not those behind a gap.
    const gap = Array(37).fill("ignore");
    const strangers = ["pipe", openSync("/etc/passwd", "r")];
    const { said } = await startDaemon("forever(); parent.ready();", "", {
      stdio: ["pipe", "pipe", "pipe", ...gap, ...strangers],
    });
    const { pid } = said[0];
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    const [group, session, terminal] = fields.slice(2, 5).map(Number);
    expect([group, session, terminal]).toEqual([pid, pid, 0]);
    await eventually(() => linksOf(pid).every((link) => !link.startsWith("socket:")));
    expect(linksOf(pid).slice(0, 3)).toEqual(["/dev/null", "/dev/null", "/dev/null"]);
    expect(linksOf(pid).filter((link) => !/^(\/dev\/null|anon_inode:|pipe:)/.test(link))).toEqual([]);
    // The pipes that are left are both ends of Node's own.
    const pipes = linksOf(pid).filter((link) => link.startsWith("pipe:"));
    for (const pipe of pipes) expect(pipes.filter((other) => other === pipe)).toHaveLength(2);
  });

  it.each<[what: string, before: readonly string[]]>([
    ["a shell in the background", ["sh", "-c", '"$@" & wait', "sh"]],
    ["who has standard input, output and error closed", ["sh", "-c", '"$@" <&- 2>&-', "sh"]],
    ["who ignores signals", ["sh", "-c", 'trap "" HUP INT; exec "$@"', "sh"]],
  ])("is started by %s", async (_, before) => {
    const { said } = await startDaemon("forever(); parent.ready();", "", { before });
    expect(said).toEqual([{ pid: expect.any(Number), said: "" }]);
    expect(isRunning(said[0].pid)).toBe(true);
  });

  it("can have workers of node:cluster, and be started by one", async () => {
    const report = freshPath();
    const code = `const { default: cluster } = await import("node:cluster");
      cluster.fork().once("online", parent.ready);
      forever();`;
    const program = `const { default: cluster } = await import("node:cluster");
      const isStarter = process.argv[2] === "start";
      if (cluster.isWorker && !isStarter) {
        fs.writeFileSync(${JSON.stringify(report)}, JSON.stringify([cluster.isWorker, it.daemonChild() ?? null]) + "\\n");
        process.disconnect();
      } else if (isStarter && cluster.isPrimary) {
        cluster.fork();
      } else {
        process.argv.splice(2);
        ${asDaemon(code)}
        if (isStarter) process.disconnect();
      }`;
    const { said } = await start(await writeProgram(program), { argv: ["start"] }).ended;
    daemons.push(said[0]?.pid);
    expect(said).toEqual([{ pid: expect.any(Number), said: "" }]);
    expect(JSON.parse(await readReport(report))).toEqual([true, null]);
  });

  it("gives what it wrote to standard error until it was ready", async () => {
    const code = `console.error("a warning");
      process.stderr.write(Buffer.from("and bytes\\n"));
      parent.ready();
      console.error("unheard");
      forever();`;
    const { said, stderr } = await startDaemon(code);
    expect(said).toEqual([{ pid: expect.any(Number), said: "a warning\nand bytes\n" }]);
    expect(stderr).toBe("");
  });
});

describe("a daemon that does not come up", () => {
  it("tells why, with its own code, cause and exit code", async () => {
    const code = `await it.claimPidfile("/nowhere/at/all.pid").catch(parent.failed); process.exit(77);`;
    const message =
      "The pidfile /nowhere/at/all.pid cannot be written: there is no such folder. Make it, or choose another path.";
    expect((await startDaemon(code)).said).toEqual([failure(message, 77, { cause: "ENOENT" })]);
  });

  it.each<[what: string, code: string, message: string, exitCode: number | undefined]>([
    ["fails in another way", `parent.failed(new TypeError("no")); process.exit(3);`, "The daemon failed: no", 3],
    ["has an error that nobody catches", `throw new TypeError("no");`, "The daemon failed: no", 1],
    [
      "ends with words",
      `console.error("Happy,"); console.error("but ill"); process.exit(78);`,
      "The daemon ended with code 78 before it was ready. It said: Happy,\nbut ill",
      78,
    ],
    [
      "ends without a word",
      "process.exit(0);",
      "The daemon ended with code 0 before it was ready. Start it in the foreground to see why.",
      undefined,
    ],
    [
      "has nothing to do",
      "",
      "The daemon ended with code 0 before it was ready. Start it in the foreground to see why.",
      undefined,
    ],
    [
      "is killed",
      `process.kill(process.pid, "SIGKILL"); forever();`,
      "The daemon was ended by SIGKILL before it was ready. Start it in the foreground to see why.",
      undefined,
    ],
  ])("tells so when it %s", async (_, code, message, exitCode) => {
    const { said } = await startDaemon(code);
    expect(said).toEqual([expect.objectContaining(failure(message, exitCode))]);
  });

  it("is ended when it takes too long", async () => {
    const { said } = await startDaemon("forever();", "timeout: 400");
    // The exit code is known when it has ended, and not before.
    expect(said).toEqual([failure("The daemon was ended: it was not ready within 400 ms.")]);
  });

  it("is ended when the one who waits for it is interrupted", async () => {
    const { child, report, ended } = await startWaiting();
    child.kill("SIGTERM");
    const message = "The daemon was ended: starting it was interrupted before it was ready.";
    expect((await ended).said).toEqual([failure(message)]);
    expect(isRunning(Number(await readReport(report)))).toBe(false);
  });

  it("ends when the one who waits for it is killed", async () => {
    const { child, report, ended } = await startWaiting();
    const pid = Number(await readReport(report));
    child.kill("SIGKILL");
    await ended;
    await eventually(() => !isRunning(pid));
  });

  it("cannot be when Node is not there any more", async () => {
    const { said } = await start(await writeProgram(`process.execPath = "/nowhere/at/all"; ${asDaemon("")}`)).ended;
    expect(said).toEqual([
      expect.objectContaining({
        code: "ERR_FINGER_PROCESS",
        message: expect.stringMatching(/^The daemon cannot be started: .*ENOENT/),
      }),
    ]);
  });
});

/** Starts one that does not get ready, and reports its number. */
async function startWaiting(): Promise<{ child: ChildProcess; report: string; ended: Promise<Ended> }> {
  const report = freshPath();
  const code = `fs.writeFileSync(${JSON.stringify(report)}, process.pid + "\\n"); forever();`;
  const { child, ended } = start(await writeProgram(asDaemon(code)));
  daemons.push(Number(await readReport(report)));
  return { child, report, ended };
}

/** What a process has open, in order. */
function linksOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  const fds = readdirSync(folder).sort((one, other) => Number(one) - Number(other));
  return fds.flatMap((fd) => {
    try {
      return [readlinkSync(`${folder}/${fd}`)];
    } catch {
      return [];
    }
  });
}
