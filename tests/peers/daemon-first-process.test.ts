import { writeFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { eventually } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { IS_ROOT } from "./support/mounts.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { childrenOf, familyOf } from "./support/processes.js";
import { openFolder, startServer, writeFresh } from "./support/server-command.js";

/** A namespace of processes, where the command is the first one. */
const CONTAINER = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"];
const AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

interface ContainerCase {
  readonly who: string;
  readonly become: readonly string[];
  readonly args: readonly string[];
  readonly ring: "0" | "1";
}

const CASES: readonly ContainerCase[] = [
  { who: "root", become: [], args: [], ring: "0" },
  { who: "root, with io_uring", become: [], args: ["--workers", "2"], ring: "1" },
  { who: "nobody", become: AS_NOBODY, args: ["--workers", "2"], ring: "0" },
  { who: "nobody, with io_uring", become: AS_NOBODY, args: [], ring: "1" },
  { who: "root who becomes nobody, with io_uring", become: [], args: ["--user", "nobody"], ring: "1" },
];

const isPossible = IS_ROOT && hasCommand("unshare") && hasCommand("setpriv");

describePeer("a namespace of processes", isPossible, "root, and apt-get install util-linux", () => {
  beforeAll(openFolder);

  it.each(CASES)("as the first process of a container, as $who, hears signals and buries its children", async (row) => {
    const write = (status: string, path?: string) => {
      const config = { routes: ROUTES, aliases: { ada: status }, listen: 0, limits: { rate: false } };
      if (path !== undefined) writeFileSync(path, JSON.stringify(config));
      return path ?? writeFresh(JSON.stringify(config), ".json");
    };
    const path = write("say:before");
    const before = [...CONTAINER, ...row.become];
    // Nobody is at that socket, but a program is run to find out.
    const env = { ...process.env, UV_USE_IO_URING: row.ring, NOTIFY_SOCKET: "/nowhere" };
    const { child, port, ended } = await startServer(["--config", path, ...row.args], { before, env });
    const first = childrenOf(child.pid ?? 0)[0]?.pid ?? 0;
    expect(await exchange(port, ["ada\r\n"])).toBe("before\r\n");
    expect(await exchange(port, ["fail:now\r\n"])).toBe("Internal error in server\r\n");

    write("say:after", path);
    process.kill(first, "SIGHUP");
    await expect.poll(() => exchange(port, ["ada\r\n"]), { timeout: 10_000 }).toBe("after\r\n");
    if (row.args[0] === "--workers") await loseWorker(first);
    const isBuried = () => familyOf(first).every((pid) => childrenOf(pid).every(({ state }) => state !== "Z"));
    await eventually(isBuried);

    process.kill(first, "SIGTERM");
    expect(await ended).toMatchObject({ code: 0 });
  });
});

const ROUTES = {
  say: { program: ["/bin/sh", "-c", 'echo "$1"', "--", "{name}"] },
  fail: { program: ["/bin/sh", "-c", "exit 1", "--", "{name}"] },
};

async function loseWorker(first: number): Promise<void> {
  const workers = () => childrenOf(first).filter(({ state }) => state !== "Z");
  const lost = workers()[0]?.pid ?? 0;
  process.kill(lost, "SIGKILL");
  await eventually(() => workers().length === 2 && workers().every(({ pid }) => pid !== lost));
}
