import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemProvider } from "finger-server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { longestTurn } from "../support/cpu-time.js";
import { freshPath } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import type { Account } from "./support/made-up-machine.js";
import { canMount, IS_ROOT } from "./support/mounts.js";
import { describePeer } from "./support/peer.js";
import { openFolder, writeFresh } from "./support/server-command.js";
import { makeSystemMachine, type SystemMachine } from "./support/system-machine.js";

const MANY = 5_000;
const now = Math.floor(Date.now() / 1000);
const accounts: readonly Account[] = Array.from({ length: MANY }, (_, index) => ({
  login: `user${index}`,
  gecos: `User ${index},Room ${index},,`,
  shell: "/bin/sh",
  files: index % 10 === 0 ? { ".plan": "Happy and well\n" } : {},
  sessions: [{ at: now - 3600, tty: `pts/${index}`, host: "", keyAt: now - 7200, messages: true }],
}));
/** The programs that are asked of accounts and logins. */
const TOOLS = ["getent", "loginctl", "lastlog2", "wtmpdb"];

describePeer("a machine of 5,000 accounts, all of whom are on", IS_ROOT && canMount(), "root and unshare(1)", () => {
  let machine: SystemMachine;
  let runs: string;
  beforeAll(async () => {
    openFolder();
    const bin = freshPath();
    runs = freshPath();
    await mkdir(bin);
    await writeFile(runs, "");
    const places: Record<string, string> = { "/usr/local/sbin": bin };
    for (const tool of TOOLS) {
      const [path, real] = [join("/usr/bin", tool), join(bin, `real-${tool}`)];
      await writeFile(join(bin, tool), `#!/bin/sh\necho ${tool} "$@" >>'${runs}'\nexec '${real}' "$@"\n`);
      await chmod(join(bin, tool), 0o755);
      // The folders of the system come first, so that ours lies over one that is there.
      if (!existsSync(path)) continue;
      await copyFile(path, real);
      places[path] = join(bin, tool);
    }
    // Whom files alone know, nobody else is asked for.
    const nsswitch = writeFresh("passwd: files\n");
    machine = await makeSystemMachine(accounts, { ...places, "/etc/nsswitch.conf": nsswitch });
  }, 60_000);
  afterAll(() => machine.remove());

  const ask = async (port: number, query: string) => {
    const start = performance.now();
    const answer = await exchange(port, [`${query}\r\n`]);
    return { answer, time: performance.now() - start };
  };

  it.each(["online", "all"])(
    "is listed at first in less than a second, and without a process for each question (%s)",
    async (list) => {
      await writeFile(runs, "");
      const config = writeFresh(JSON.stringify({ system: { list } }), ".json");
      const { port } = await machine.serve(["--config", config], { env: { ...process.env, TZ: "UTC" } });
      const first = await ask(port, "");
      const second = await ask(port, "");
      expect(first.answer.split("\r\n").length).toBe(MANY + 2);
      const others = [];
      for (let index = 0; index < 50; index++)
        others.push(await ask(port, `user${index * 10}`), await ask(port, `nobody${index}`));
      expect(others[0]?.answer).toContain("Happy and well");
      const long = await ask(port, "/W");
      expect(long.answer.split("Login: ").length).toBe(MANY + 1);
      const tools = (await readFile(runs, "utf8")).trim().split("\n");
      console.log(`${list}: ${first.time} ms, then ${second.time} ms, /W ${long.time} ms; ${JSON.stringify(tools)}`);
      expect(new Set(tools)).toEqual(new Set(["getent passwd"]));
      expect(tools.length).toBeLessThanOrEqual(2);
      expect(first.time).toBeLessThan(1000);
      expect(second.time).toBeLessThan(1000);
    },
  );

  it("leaves others their turns while it is looked at", async () => {
    const { folder } = machine;
    const provider = systemProvider({
      list: "all",
      places: {
        passwd: join(folder, "passwd"),
        mail: join(folder, "mail"),
        utmp: join(folder, "run/utmp"),
        lastlog: join(folder, "log/lastlog"),
        terminals: folder,
      },
    });
    const longest = await longestTurn(provider.list);
    console.log(`others waited for ${longest} ms at most`);
    expect((await provider.list()).length).toBe(MANY);
    expect(longest).toBeLessThan(50);
  });
});
