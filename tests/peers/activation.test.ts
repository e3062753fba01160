import { once } from "node:events";
import { chownSync, mkdirSync, statSync } from "node:fs";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { eventually, freshPath } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { findFreePort } from "./support/free-port.js";
import { IS_ROOT } from "./support/mounts.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { childrenOf, familyOf } from "./support/processes.js";
import { openFolder, SERVER, startProgram, writeFresh } from "./support/server-command.js";

/** Has the command started for sockets when somebody comes; resolves when they are open. */
async function activate(options: readonly string[], args: readonly string[]) {
  const child = startProgram(["systemd-socket-activate", ...options, ...SERVER, ...args]);
  let err = "";
  child.stderr?.setEncoding("utf8").on("data", (piece) => {
    err += piece;
  });
  await eventually(() => /^Listening on .* as 3/m.test(err) && isPlain(err, options));
  return { child, said: () => err };
}

/** It tells of each socket in a line. */
function isPlain(said: string, options: readonly string[]): boolean {
  return said.split("Listening on").length - 1 === options.filter((option) => option === "-l").length;
}

const USERS = "alice: Happy and well\n";
const ALICE = "Happy and well\r\n";

interface Taker {
  readonly who: string;
  readonly own: readonly string[];
  /** Whether Node may use io_uring. */
  readonly ring: "0" | "1";
}

const TAKERS: readonly Taker[] = [
  { who: "one process", own: [], ring: "0" },
  { who: "one process, with io_uring", own: [], ring: "1" },
  { who: "two workers", own: ["--workers", "2"], ring: "1" },
  ...(IS_ROOT ? [{ who: "another user", own: ["--user", "nobody", "--workers", "2"], ring: "1" } as const] : []),
];

const OURS = [process.getuid?.() ?? 0, process.getgid?.() ?? 0] as const;

describePeer("systemd-socket-activate", hasCommand("systemd-socket-activate"), "apt-get install systemd", () => {
  it.each(TAKERS)("hands sockets to $who, by their names", async ({ own, ring }) => {
    openFolder();
    const [finger, setter, metrics] = [await findFreePort(), await findFreePort(), await findFreePort()];
    const store = freshPath();
    mkdirSync(store);
    chownSync(store, ...(own[0] === "--user" ? ([65534, 65534] as const) : OURS));
    const sockets = [setter, finger, metrics].flatMap((port) => ["-l", `127.0.0.1:${port}`]);
    const options = [...sockets, "--fdname=setter:finger:metrics", "-E", `UV_USE_IO_URING=${ring}`];
    const args = [
      "--store",
      `file:${store}`,
      "--users",
      writeFresh(USERS),
      "--setter",
      "1079",
      "--metrics",
      "9079",
      ...own,
    ];
    const { child, said } = await activate(options, [...args, "--limit", "rate=off"]);

    // It is not there yet; nobody waits in vain.
    expect(await exchange(finger, ["alice\r\n"])).toBe(ALICE);
    expect(await exchange(setter, ["alice\r\nOn the train\r\n"], { halfClose: true })).toBe("OK\r\n");
    // With workers, it is well when all of them serve.
    await expect.poll(async () => (await fetch(`http://127.0.0.1:${metrics}/health`)).status).toBe(200);
    child.kill("SIGHUP");
    await expect.poll(said).toContain("the configuration was read again");
    expect(await exchange(finger, ["alice\r\n"])).toMatch(/^(Happy and well|On the train)\r\n$/);
    if (own[0] === "--user") {
      const owners = familyOf(servingProcess(child.pid ?? 0)).map((pid) => statSync(`/proc/${pid}`).uid);
      expect(owners).toEqual([65534, 65534, 65534]);
    }
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("takes a socket without a name for that of finger", async () => {
    const path = freshPath();
    const { child } = await activate(["-l", path], ["--users", writeFresh(USERS)]);
    const socket = connect(path);
    socket.write("alice\r\n");
    expect(String(await once(socket, "data"))).toBe(ALICE);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("starts it for each connection, as inetd does", async () => {
    const port = await findFreePort();
    const options = ["-l", `127.0.0.1:${port}`, "--accept", "--inetd"];
    const { child } = await activate(options, ["--inetd", "--users", writeFresh(USERS)]);
    expect(await exchange(port, ["alice\r\n"])).toBe(ALICE);
    expect(await exchange(port, ["\r\n"], { halfClose: true })).toBe("Login  Status\r\nalice  Happy and well\r\n");
    child.kill("SIGTERM");
    await once(child, "exit");
  });

  it.each([
    ["a connection in place of a socket", ["--accept"], [], "start finger-server with --inetd", 69],
    ["to go into the background", [], ["--daemon"], "--daemon is not for systemd", 64],
  ])("is refused %s, with what to do", async (_, own, args, remedy, code) => {
    const port = await findFreePort();
    const { child, said } = await activate(
      ["-l", `127.0.0.1:${port}`, ...own],
      ["--users", writeFresh(USERS), ...args],
    );
    await exchange(port, ["alice\r\n"]).catch(() => "");
    await expect.poll(said, { timeout: 10_000 }).toContain(remedy);
    if (own.length > 0) return void child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(code);
  });
});

/** With io_uring, Node 20 is started again by itself before it becomes another user. */
function servingProcess(pid: number): number {
  const children = childrenOf(pid);
  return children.length === 1 ? servingProcess(children[0]?.pid ?? 0) : pid;
}
