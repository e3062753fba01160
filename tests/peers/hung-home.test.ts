import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFile, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import { lookIntoHome } from "../../packages/finger-server/src/node/system/home/look-into-home.js";
import { systemProvider } from "../../packages/finger-server/src/node/system/system-provider.js";
import { exchange } from "../support/sockets.js";
import { IS_ROOT, withMounts } from "./support/mounts.js";
import { repository } from "./support/network.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { runProgram, SERVER, startServer } from "./support/server-command.js";

const HUNG_FILES = repository("tests/peers/support/hung_files.py");
const isPossible = IS_ROOT && ["python3", "unshare"].every(hasCommand) && canHang();

/** Whether this system has such file systems, and lets us mount them. */
function canHang(): boolean {
  return spawnSync("unshare", ["-m", "python3", HUNG_FILES, "/mnt"], { input: "" }).status === 0;
}

describePeer("homes on a file system that hangs", isPossible, "root, python3, unshare(1) and /dev/fuse", () => {
  let folder: string;
  let hung: string;
  let child: ChildProcess;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "finger-hung-"));
    await mkdir(join(folder, "hung"));
    await mkdir(join(folder, "fine"));
    await writeFile(join(folder, "fine/.plan"), "Happy\n");
    // The mount is its own, and goes with it; the way there leads through it.
    child = spawn("unshare", ["-m", "python3", HUNG_FILES, join(folder, "hung")], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [pid] = await once(child.stdout as Readable, "data");
    hung = `/proc/${Number(pid)}/root${join(folder, "hung")}`;
  });

  afterEach(async () => {
    child.stdin?.end();
    if (child.exitCode === null) await once(child, "exit");
    await untilGone();
    await rm(folder, { recursive: true });
  });

  const readPlan = (directory: string) => {
    const account = { login: "alice", uid: 0, gid: 0, gecos: "", directory, shell: "" };
    return lookIntoHome(account, async (home) => (await home.read(".plan"))?.text, { patience: 200 });
  };

  /** Accounts whose homes hang, each in a folder of its own. */
  const toPasswd = async (...logins: readonly string[]) => {
    const passwd = join(folder, "passwd");
    await writeFile(
      passwd,
      logins.map((login) => `${login}:x:2000:2000::${hung}/of-${login}/${login}:/bin/sh\n`).join(""),
    );
    return passwd;
  };

  /** Waits until the system has let go of what hung. */
  const untilGone = () =>
    expect
      .poll(() =>
        readPlan(hung).then(
          () => "gone",
          () => "hung",
        ),
      )
      .toBe("gone");

  it("cost neither those who ask nor other homes more than their time, and are well again when it answers", async () => {
    const timeout = { code: "ERR_FINGER_TIMEOUT", message: expect.stringContaining(hung) };
    const start = performance.now();
    await Promise.all(Array.from({ length: 50 }, () => expect(readPlan(hung)).rejects.toMatchObject(timeout)));
    const first = performance.now() - start;
    await expect(readPlan(hung)).rejects.toMatchObject(timeout);
    const second = performance.now() - start - first;
    expect(first).toBeGreaterThan(150);
    expect(second).toBeLessThan(150);

    for (let round = 0; round < 100; round++) {
      expect(await readPlan(join(folder, "fine"))).toBe("Happy\n");
    }
    await Promise.all(Array.from({ length: 100 }, () => readFile(join(folder, "fine/.plan"))));

    const closed = once(child, "close");
    child.stdin?.end();
    await closed;
    await untilGone();
  });

  it("do not keep a server from its start, nor from looking at other files and homes", async () => {
    const logins = ["alice", "bob", "carol", "dave"];
    const passwd = await toPasswd(...logins);
    const errors: unknown[] = [];
    const provider = systemProvider({ places: { passwd }, onError: (error) => void errors.push(error) });
    const start = performance.now();
    await provider.start();
    expect(performance.now() - start).toBeLessThan(1000);
    await Promise.all(logins.map(() => stat(join(folder, "fine/.plan"))));
    expect(await readPlan(join(folder, "fine"))).toBe("Happy\n");
    await provider.stop();
    expect(errors).toEqual([]);
  });

  it("do not keep the command from telling of others, several at a time", async () => {
    const passwd = await toPasswd("alice", "bob", "carol");
    await appendFile(passwd, `dave:x:2000:2000::${join(folder, "fine")}:/bin/sh\n`);
    for (const path of ["", "fine", "fine/.plan"]) await chown(join(folder, path), 2000, 2000);
    const { port } = await startServer(["--system", "--port", "0"], {
      before: withMounts({ "/etc/passwd": passwd }, []),
    });
    const ask = (login: string) => exchange(port, [`${login}\r\n`]);
    const hidden = ["alice", "bob", "carol"].map((login) => `finger: ${login}: no such user.\r\n`);
    expect(await Promise.all(["alice", "bob", "carol"].map(ask))).toEqual(hidden);
    expect(await ask("dave")).toContain("Plan:\r\nHappy\r\n");
  });

  it("do not keep a server from its end", async () => {
    const before = withMounts({ "/etc/passwd": await toPasswd("alice", "bob") }, []);
    const server = await startServer(["--system", "--port", "0"], { before });
    expect(await exchange(server.port, ["alice\r\n"])).toBe("finger: alice: no such user.\r\n");
    server.child.kill("SIGTERM");
    expect(await server.ended).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  it("do not keep workers from their end", async () => {
    const before = withMounts({ "/etc/passwd": await toPasswd("alice") }, []);
    const server = await startServer(["--system", "--port", "0", "--workers", "2"], { before });
    expect(await exchange(server.port, ["alice\r\n"])).toBe("finger: alice: no such user.\r\n");
    server.child.kill("SIGTERM");
    expect(await server.ended).toMatchObject({ code: 0, signal: null });
  });

  it("do not keep a server of inetd from its end", async () => {
    const before = withMounts({ "/etc/passwd": await toPasswd("alice") }, []);
    const ask = ["sh", "-c", `printf 'alice\\r\\n' | "$0" "$@"`, ...SERVER, "--system", "--inetd"];
    const { out, code } = await runProgram([...before, ...ask]);
    expect(out).toBe("finger: alice: no such user.\r\n");
    expect(code).toBe(128 + constants.signals.SIGTERM);
  });
});
