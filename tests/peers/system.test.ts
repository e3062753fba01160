import { execFile } from "node:child_process";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { type FingerUser, formatUser } from "finger-protocol";
import { systemProvider } from "finger-server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { freshPath } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { serveByInetd } from "./support/inetd.js";
import { anyAccount, DAY, HOUR, START } from "./support/made-up-accounts.js";
import type { Account } from "./support/made-up-machine.js";
import { canMount, IS_ROOT } from "./support/mounts.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { findPort, type RunningServer, runServer, writeFresh } from "./support/server-command.js";
import { giveHomes, makeSystemMachine, type SystemMachine } from "./support/system-machine.js";

const account = anyAccount(
  fc.oneof(fc.stringMatching(/^[a-z][a-z0-9_-]{1,7}$/), fc.stringMatching(/^[a-z][a-z0-9]{10,30}$/)),
);

const NOTHING = { shell: "/bin/bash", files: {}, sessions: [] };
const ALICE: Account = {
  ...NOTHING,
  login: "alice",
  gecos: "& Liddell,Room 42,5551234,15558675309",
  files: { ".plan": "Happy\nand well", ".project": "Tea" },
};
const BOB: Account = {
  ...NOTHING,
  login: "bob",
  gecos: "*Bob & Builder",
  last: { at: START - 400 * DAY, tty: "pts/9", host: "old.example" },
};

/** Some made up by hand, many by chance; each session has a terminal of its own. */
function makeUp(): readonly Account[] {
  console.log(`made-up accounts of seed ${START}`);
  const byChance = fc.sample(account, { numRuns: 60, seed: START });
  const unique = [...new Map([ALICE, BOB, ...byChance].map((made) => [made.login, made])).values()];
  let terminals = 0;
  return unique.map((made) => ({
    ...made,
    sessions: made.sessions.map((session) => {
      terminals++;
      return { ...session, tty: terminals % 7 === 6 ? `:${terminals}` : `pts/${terminals}` };
    }),
  }));
}

const ask = async (port: number, query: string) =>
  (await exchange(port, [`${query}\r\n`], { halfClose: true })).replaceAll("\r\n", "\n");

/** Both read the clock, and so they may disagree in the one moment or the other. */
async function agree(ours: () => Promise<string>, theirs: () => Promise<string>): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    if ((await ours()) === (await theirs())) return;
  }
  expect(await ours()).toBe(await theirs());
}

const isPossible = IS_ROOT && canMount() && hasCommand("finger");

describePeer(
  "the accounts of a machine, as netkit's finger tells of them",
  isPossible,
  "root, finger and unshare(1)",
  () => {
    const accounts = makeUp();
    const logins = accounts.map(({ login }) => login);
    let machine: SystemMachine;
    beforeAll(async () => {
      machine = await makeSystemMachine(accounts);
    });
    afterAll(() => machine.remove());

    /** Through a pipe, so that it writes lines as we do. */
    async function netkit(args: readonly string[], timeZone: string): Promise<string> {
      const [command = "", ...argv] = machine.at(["sh", "-c", 'finger "$@" | cat', "sh", ...args]);
      const { stdout, stderr } = await promisify(execFile)(command, argv, {
        env: { ...process.env, TZ: timeZone, COLUMNS: "80" },
        encoding: "latin1",
        maxBuffer: 1e8,
      });
      expect(stderr).toBe("");
      return Buffer.from(stdout, "latin1").toString().replaceAll("\ufffd", " "); // half a character, where it cuts one in two
    }

    const serve = (timeZone: string, ...args: readonly string[]) =>
      machine.serve(args, { env: { ...process.env, TZ: timeZone } });
    const askAll = async (port: number) => (await Promise.all(logins.map((login) => ask(port, login)))).join("\n");

    it.each(["UTC", "GMT", "Europe/Dublin", "America/St_Johns", "Asia/Kolkata", "Australia/Sydney"])(
      "are told to the byte, in %s",
      async (timeZone) => {
        const { port } = await serve(timeZone);
        await agree(
          () => askAll(port),
          () => netkit(["-lm", ...logins], timeZone),
        );
      },
    );

    it("are told to the byte by each of two workers", async () => {
      const { port } = await serve("UTC", "--workers", "2");
      await agree(
        () => askAll(port),
        () => netkit(["-lm", ...logins], "UTC"),
      );
    });

    // A list is kept for a while, and so is since when nothing was typed.
    const askAnew = async (query: string, timeZone: string) => {
      const { port, child, ended } = await serve(timeZone);
      const answer = await ask(port, query);
      child.kill();
      await ended;
      return answer;
    };

    it("are listed to the byte when they are on", async () => {
      await agree(
        () => askAnew("", "Europe/Berlin"),
        () => netkit(["-s"], "Europe/Berlin"),
      );
    });

    it("are told of to the byte by a list that is to be long", async () => {
      await agree(
        () => askAnew("/W", "UTC"),
        () => netkit(["-l"], "UTC"),
      );
    });

    it("are told to the byte without their plans", async () => {
      const { folder } = machine;
      const places = {
        passwd: join(folder, "passwd"),
        mail: join(folder, "mail"),
        utmp: join(folder, "run/utmp"),
        lastlog: join(folder, "log/lastlog"),
        terminals: folder,
      };
      const provider = systemProvider({ places });
      const write = async (login: string) =>
        formatUser((await provider.lookup(login)) as FingerUser, { layout: "netkit", plans: false, timeZone: "UTC" });
      await agree(
        async () => (await Promise.all(logins.map(write))).join("\n"),
        () => netkit(["-lmp", ...logins], "UTC"),
      );
    });

    it.runIf(hasCommand("/usr/sbin/in.fingerd"))("are told as netkit's fingerd tells of them", async () => {
      const [file = "", ...args] = machine.at(["/usr/sbin/in.fingerd"]);
      const fingerd = await serveByInetd([file, ...args], { TZ: "UTC" });
      const { port } = await serve("UTC");
      for (const login of ["alice", "bob"]) {
        await agree(
          () => ask(port, login),
          () => ask(fingerd.port, login),
        );
      }
      const sorry = await ask(port, "nobody-here");
      expect(sorry).toBe(await ask(fingerd.port, "nobody-here"));
      await fingerd.close();
    });
  },
);

const SPECIAL: readonly Account[] = [
  ALICE,
  BOB,
  {
    ...NOTHING,
    login: "zoe",
    gecos: "Zoë Łuczak 🦊 Liddell",
    files: { ".plan": "Grüße aus Łódź 🦊\n", ".pronouns": "she/her\n", ".tz": "Europe/Warsaw\n" },
    sessions: [{ at: START - HOUR, tty: "pts/1", host: "", keyAt: START - HOUR, messages: true }],
  },
  { ...NOTHING, login: "deploy", gecos: "Deploy Liddell" },
  { ...NOTHING, login: "shy", gecos: "Shy Liddell", files: { ".nofinger": "", ".plan": "secret" } },
];

describePeer("the command with --system", IS_ROOT && canMount(), "root and unshare(1)", () => {
  let machine: SystemMachine;
  beforeEach(async () => {
    machine = await makeSystemMachine(SPECIAL);
  });
  afterEach(() => machine.remove());

  const serve = async (config: object = {}, ...args: readonly string[]): Promise<RunningServer> =>
    machine.serve(["--config", writeFresh(JSON.stringify(config), ".json"), ...args], {
      env: { ...process.env, TZ: "UTC" },
    });

  it("says that no one is on where utmp is empty", async () => {
    await writeFile(join(machine.folder, "run/utmp"), "");
    const { port } = await serve();
    expect(await ask(port, "")).toBe("No one logged on.\n");
    expect(await ask(port, "zoe")).toContain("\nNever logged in.\n");
  });

  it("leaves UTF-8 as it is", async () => {
    const { port } = await serve();
    const zoe = await ask(port, "zoe");
    expect(zoe).toContain("Name: Zoë Łuczak 🦊 Liddell\n");
    expect(zoe).toContain("\nPronouns: she/her\nTime zone: Europe/Warsaw\n");
    expect(zoe).toContain("\nPlan:\nGrüße aus Łódź 🦊\n");
  });

  it("answers /W as it answers without, and lists those who are on", async () => {
    const { port } = await serve();
    expect(await ask(port, "/W alice")).toBe(await ask(port, "alice"));
    expect(await ask(port, "")).toMatch(/^Login .*\nzoe +Zoë .*\n$/);
  });

  it("finds people by their names where it is said, and never those who are not told of", async () => {
    const silent = await serve();
    expect(await ask(silent.port, "Liddell")).toBe("finger: Liddell: no such user.\n");
    const { port } = await serve({ system: { names: true, hidden: ["deploy"] }, ambiguity: "all" });
    const found = await ask(port, "liddell");
    expect([...found.matchAll(/Login: (\w+)/g)].map(([, login]) => login)).toEqual(["alice", "zoe"]);
    expect(await ask(port, "builder")).toMatch(/^Login: bob /);
    const careful = await serve({ system: { names: true } });
    expect(await ask(careful.port, "liddell")).toBe("finger: liddell: no such user.\n");
    for (const name of ["shy", "deploy"]) expect(await ask(port, name)).toBe(`finger: ${name}: no such user.\n`);
  });

  it("lets numbers be too low, and aliases lead to accounts", async () => {
    const { port } = await serve({ system: { minUid: 2001 }, aliases: { builder: "bob", gone: "alice" } });
    for (const name of ["alice", "gone"]) expect(await ask(port, name)).toBe(`finger: ${name}: no such user.\n`);
    expect(await ask(port, "builder")).toMatch(/^Login: bob /);
  });

  it("shows what is to be shown", async () => {
    const { port } = await serve({ show: [{ show: ["name", "plan"] }] });
    expect(await ask(port, "alice")).toBe("Login: alice          \t\t\tName: Alice Liddell\nPlan:\nHappy\nand well\n");
  });

  it("runs no program of whom nothing is shown, by whatever name, and tells of them as of nobody", async () => {
    const folder = join(machine.folder, "programs");
    await mkdir(folder);
    for (const name of ["luser", "nouser"]) {
      await writeFile(join(folder, name), `#!/bin/sh\necho "${name} $3"\n`, { mode: 0o755 });
    }
    const { port } = await serve({
      system: { names: true, programs: { folder, user: 65534, group: 65534 } },
      ambiguity: "all",
      show: [{ users: ["alice"], show: "hidden" }, { show: "all" }],
    });
    for (const name of ["alice", "eve", "shy"]) expect(await ask(port, name)).toBe(`nouser ${name}\n`);
    expect(await ask(port, "bob")).toBe("luser bob\n");
    // What is known by another name than the login is the record.
    expect(await ask(port, "builder")).toMatch(/^Login: bob /);
    expect(await ask(port, "Liddell")).toMatch(/^Login: zoe /);
  });

  it("lists all where it is said, without those who are not told of", async () => {
    const { port } = await serve({ system: { list: "all", hidden: ["deploy"] } });
    const rows = (await ask(port, "")).trimEnd().split("\n");
    expect(rows.slice(1).map((row) => row.split(" ", 1)[0])).toEqual(["alice", "bob", "zoe"]);
  });

  it("shows first what an account has set, with its token, and lets nobody else set anything", async () => {
    const store = `file:${freshPath()}`;
    const { out: token } = await runServer(["token", "issue", "alice", "--store", store]);
    const { port, log } = await serve({}, "--store", store, "--setter", "0");
    const setter = findPort(log(), "setter") ?? 0;
    const own = `alice ${token.trim()}\r\nAt tea\r\n`;
    expect(await exchange(setter, [own], { halfClose: true })).toBe("OK\r\n");
    for (const name of ["bob", "mallory", "shy"]) {
      expect(await exchange(setter, [`${name}\r\nHi\r\n`], { halfClose: true })).not.toContain("OK");
    }
    const alice = await ask(port, "alice");
    expect(alice.split("\n", 3).join("\n")).toContain("At tea");
    expect(alice).toContain("and well");
    expect(await ask(port, "bob")).toMatch(/^Login: bob /);
  });

  it.each([[[]], [["--workers", "2"]]])("%j knows of a new account after SIGHUP", async (workers) => {
    const { port, child } = await serve({}, ...workers);
    expect(await ask(port, "carol")).toBe("finger: carol: no such user.\n");
    const home = machine.home("carol");
    await mkdir(home);
    await writeFile(join(home, ".plan"), "New here\n");
    await appendFile(join(machine.folder, "passwd"), `carol:x:2100:2100:Carol:${home}:/bin/sh\n`);
    await giveHomes(machine.folder);
    child.kill("SIGHUP");
    await expect
      .poll(
        async () =>
          (await Promise.all([1, 2, 3, 4].map(() => ask(port, "carol")))).every((text) => text.includes("New here")),
        { timeout: 5000 },
      )
      .toBe(true);
  });
});
