import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFile, chmod, chown, link, mkdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { toUtmp } from "../support/login-records.js";
import { exchange } from "../support/sockets.js";
import type { Account } from "./support/made-up-machine.js";
import { canMount, IS_ROOT } from "./support/mounts.js";
import { repository } from "./support/network.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { startProgram, writeFresh } from "./support/server-command.js";
import { makeSystemMachine, type SystemMachine } from "./support/system-machine.js";

const SECRET = "what nobody else is to read";
const NOTHING = { gecos: "User", shell: "/bin/sh", files: {}, sessions: [] };
const toAccount = (login: string, files: Account["files"] = {}): Account => ({ ...NOTHING, login, files });

const run = promisify(execFile);
const isPossible = IS_ROOT && canMount();

/** What somebody does with a home, or to it, so that we tell what we should not, or wait. */
interface Attack {
  readonly login: string;
  readonly why: string;
  readonly make: (home: string, machine: SystemMachine) => Promise<unknown>;
}

const plan = (home: string) => join(home, ".plan");
const own = (path: string, uid: number) => chown(path, uid, uid);

const ATTACKS: readonly Attack[] = [
  {
    login: "a-link",
    why: "a link to a private file",
    make: (home, { folder }) => symlink(join(folder, "secret"), plan(home)),
  },
  {
    login: "a-shared",
    why: "a link to what another shows",
    make: (home, machine) => symlink(plan(machine.home("victim")), plan(home)),
  },
  { login: "a-path", why: "a link by ../", make: (home) => symlink("../victim/.plan", plan(home)) },
  {
    login: "a-passwd",
    why: "a link to a file that all may read",
    make: (home) => symlink("/etc/passwd", join(home, ".project")),
  },
  {
    login: "a-hard",
    why: "another link to the file of another",
    make: (home, machine) => link(plan(machine.home("victim")), plan(home)),
  },
  { login: "a-fifo", why: "a FIFO that nobody writes to", make: (home) => run("mkfifo", [plan(home)]) },
  {
    login: "a-zero",
    why: "a device that never ends",
    make: (home) => run("mknod", ["-m", "666", plan(home), "c", "1", "5"]),
  },
  {
    login: "a-tty",
    why: "a device that waits",
    make: (home) => run("mknod", ["-m", "666", plan(home), "c", "5", "0"]),
  },
  { login: "a-folder", why: "a folder", make: (home) => mkdir(plan(home)) },
  {
    login: "a-other",
    why: "a file that is another's",
    make: async (home) => {
      await writeFile(plan(home), SECRET);
      await own(plan(home), 2001);
    },
  },
  {
    login: "a-root",
    why: "a file that is root's",
    make: async (home) => {
      await writeFile(plan(home), SECRET);
      await own(plan(home), 0);
    },
  },
  {
    login: "a-private",
    why: "a file that is private",
    make: async (home) => {
      await writeFile(plan(home), SECRET);
      await chmod(plan(home), 0o600);
    },
  },
  {
    login: "a-huge",
    why: "a file without end",
    make: async (home) => {
      await writeFile(plan(home), "x\n".repeat(40_000));
      await truncate(plan(home), 1e12);
    },
  },
  {
    login: "a-home",
    why: "a home that is a link to that of another",
    make: async (home, machine) => {
      await rm(home, { recursive: true });
      await symlink(machine.home("victim"), home);
    },
  },
  {
    login: "a-no-home",
    why: "a home that is a FIFO",
    make: async (home) => {
      await rm(home, { recursive: true });
      await run("mkfifo", [home]);
    },
  },
  {
    login: "a-mail",
    why: "a mailbox that is a FIFO",
    make: (_home, { folder }) => run("mkfifo", [join(folder, "mail/a-mail")]),
  },
  {
    login: "a-mail-2",
    why: "a mailbox that is a link",
    make: (_home, { folder }) => symlink("/dev/zero", join(folder, "mail/a-mail-2")),
  },
  {
    login: "a-where",
    why: "a terminal that is elsewhere",
    make: (_home, { folder }) =>
      appendFile(join(folder, "run/utmp"), toUtmp({ login: "a-where", tty: "../etc/shadow" })),
  },
];

describePeer("the command with --system, where users attack", isPossible, "root and unshare(1)", () => {
  const logins = ["alice", "victim", "racer", ...ATTACKS.map(({ login }) => login)];
  let machine: SystemMachine;
  beforeAll(async () => {
    const files = { alice: "Happy and well\n", victim: "Victim's plan\n", racer: "Mine\n" } as Record<string, string>;
    machine = await makeSystemMachine(
      logins.map((login) => toAccount(login, files[login] === undefined ? {} : { ".plan": files[login] })),
    );
    await writeFile(join(machine.folder, "secret"), SECRET, { mode: 0o600 });
    await writeFile(join(machine.folder, "run/utmp"), toUtmp({ login: "victim", tty: "pts/1" }));
    for (const { login, make } of ATTACKS) {
      await make(machine.home(login), machine);
      const uid = 2000 + logins.indexOf(login);
      // What they make is theirs, unless it is the attack that it is not.
      if (["a-fifo", "a-zero", "a-tty", "a-folder", "a-private", "a-huge"].includes(login))
        await own(plan(machine.home(login)), uid);
      if (["a-link", "a-shared", "a-path"].includes(login))
        await run("chown", ["-h", `${uid}`, plan(machine.home(login))]);
    }
  });
  afterAll(() => machine.remove());

  const ask = (port: number, login: string) => exchange(port, [`${login}\r\n`], { halfClose: true });

  it.each(ATTACKS.map(({ login, why }) => [login, why] as const))(
    "tells of %s no more than is there: %s",
    async (login) => {
      const { port } = await machine.serve([]);
      const start = performance.now();
      const answer = await ask(port, login);
      expect(performance.now() - start).toBeLessThan(1000);
      expect(answer).toMatch(new RegExp(`^Login: ${login} `));
      expect(answer).not.toContain(SECRET);
      if (login !== "a-huge") expect(answer).toMatch(/\r\nNo Plan\.\r\n$/);
      expect(answer).not.toMatch(/Victim's plan|root:/);
      // 64 KiB, where a line end may be written with two characters.
      expect(answer.length).toBeLessThan(132_000);
    },
  );

  it("answers all, and alice within a second, while 50 ask for those who attack and one swaps a plan for a link", async () => {
    const { port } = await machine.serve([]);
    const home = machine.home("racer");
    const swap = `
      cd '${home}'
      while :; do
        ln -s '${machine.folder}/secret' new; mv new .plan
        ln '${plan(machine.home("victim"))}' new; mv new .plan
        echo Mine >new; chown 2002 new; mv new .plan
        mkfifo new; mv new .plan
      done`;
    const swapper = startProgram(["sh", "-c", swap]);
    const end = performance.now() + 4000;
    const seen = new Map<string, Set<string>>();
    const attack = async (turn: number) => {
      for (let next = turn; performance.now() < end; next++) {
        const login = next % 3 === 0 ? "racer" : (logins[next % logins.length] ?? "");
        const answer = await ask(port, login);
        seen.set(login, (seen.get(login) ?? new Set()).add(answer));
      }
    };
    const times: number[] = [];
    const measure = async () => {
      while (performance.now() < end) {
        const start = performance.now();
        expect(await ask(port, "alice")).toContain("Happy and well");
        times.push(performance.now() - start);
      }
    };
    await Promise.all([...Array.from({ length: 50 }, (_, turn) => attack(turn)), measure()]);
    swapper.kill("SIGKILL");
    await once(swapper, "exit");
    times.sort((a, b) => a - b);
    console.log(`alice ${times.length} times: median ${times[times.length >> 1]} ms, longest ${times.at(-1)} ms`);
    expect(times.at(-1)).toBeLessThan(1000);
    const racer = [...(seen.get("racer") ?? [])].map((answer) => answer.slice(answer.lastIndexOf("Plan")));
    expect(new Set(racer)).toEqual(new Set(["Plan.\r\n", "Plan:\r\nMine\r\n"]));
    for (const [login, answers] of seen) {
      expect([...answers].join("")).not.toContain(SECRET);
      if (login !== "victim") expect([...answers].join("")).not.toContain("Victim's plan");
    }
  });
});

/** Whether this system has file systems that hang, and lets us mount them. */
function canHang(): boolean {
  return spawnSync("unshare", ["-m", "python3", HUNG_FILES, "/mnt"], { input: "" }).status === 0;
}

const HUNG_FILES = repository("tests/peers/support/hung_files.py");
const canMountHung = isPossible && hasCommand("python3") && canHang();

describePeer("a home that hangs", canMountHung, "root, python3, unshare(1) and /dev/fuse", () => {
  it("is nobody's, costs others less than a second, and is told of once", async () => {
    const machine = await makeSystemMachine([toAccount("alice", { ".plan": "Happy and well\n" })]);
    const hung = join(machine.folder, "hung");
    await mkdir(hung);
    const child = startProgram(["unshare", "-m", "python3", HUNG_FILES, hung], { stdio: ["pipe", "pipe", "inherit"] });
    const [pid] = await once(child.stdout as Readable, "data");
    // The mount is its own; the way there leads through it.
    const home = `/proc/${Number(pid)}/root${hung}`;
    await appendFile(join(machine.folder, "passwd"), `hungry:x:2100:2100::${home}:/bin/sh\n`);
    const config = writeFresh(JSON.stringify({ system: { list: "all" } }), ".json");
    const { port, log } = await machine.serve(["--config", config]);
    const ask = async (query: string) => {
      const start = performance.now();
      const answer = await exchange(port, [`${query}\r\n`]);
      return { answer, time: performance.now() - start };
    };
    for (let round = 0; round < 3; round++) {
      const hungry = Array.from({ length: 20 }, () => ask("hungry"));
      const { answer, time } = await ask("alice");
      expect(answer).toContain("Happy and well");
      expect(time).toBeLessThan(1000);
      for (const one of await Promise.all(hungry)) expect(one.answer).toBe("finger: hungry: no such user.\r\n");
      for (const query of ["", "/W"]) {
        const list = await ask(query);
        expect(list.answer).toContain("alice");
        expect(list.answer).not.toContain("hungry");
      }
    }
    expect(log().filter(({ msg }) => msg.includes(home))).toHaveLength(1);
    child.stdin?.end();
    await once(child, "exit");
    await machine.remove();
  });
});

/** Who is asked for while the time is taken. */
const BUSY = Array.from({ length: 200 }, (_, index) => `busy${index}`);
const KINDS = ["unknown", "hidden0", "program", "nofile0", "nofolde", "nolink0", "noclose"];

describePeer("the time that is taken for those who are not told of", isPossible, "root and unshare(1)", () => {
  let machine: SystemMachine;
  beforeAll(async () => {
    const plans = { ".plan": "x".repeat(60_000), ".project": "Tea\n", ".pgpkey": "key\n" };
    const logins = [...KINDS.filter((kind) => !["unknown", "program"].includes(kind)), ...BUSY];
    machine = await makeSystemMachine(logins.map((login) => toAccount(login, plans)));
    await appendFile(join(machine.folder, "passwd"), `program:x:500:500::${machine.home("nofile0")}:/bin/sh\n`);
    await writeFile(join(machine.home("nofile0"), ".nofinger"), "");
    await mkdir(join(machine.home("nofolde"), ".nofinger"));
    await symlink("/nowhere", join(machine.home("nolink0"), ".nofinger"));
    await writeFile(join(machine.home("noclose"), ".nofinger"), "");
    await chmod(machine.home("noclose"), 0o700);
  });
  afterAll(() => machine.remove());

  // Of six comparisons one fails by chance, once in 170 runs.
  it.each([
    ["while nobody else asks", [], 130],
    ["while homes are looked at", BUSY, 70],
  ])("tells nobody apart, nor does the text, %s", { timeout: 120_000, retry: 1 }, async (_when, busy, rounds) => {
    const config = writeFresh(JSON.stringify({ system: { hidden: ["hidden0"] }, limits: { perPeer: false } }), ".json");
    const { port } = await machine.serve(["--config", config]);
    const times = new Map<string, number[]>(KINDS.map((kind) => [kind, []]));
    const ask = async (kind: string, isCounted: boolean) => {
      const start = performance.now();
      const answer = await exchange(port, [`${kind}\r\n`]);
      if (isCounted) times.get(kind)?.push(performance.now() - start);
      expect(answer).toBe(`finger: ${kind}: no such user.\r\n`);
    };
    for (let round = -10; round < rounds; round++) {
      const others = busy.map((login) => exchange(port, [`${login}\r\n`]));
      const kinds = KINDS.map((_, index) => KINDS[(index + round + 14) % KINDS.length] ?? "");
      // Who waits behind others is asked for beside the others, and each kind is as often the first.
      if (busy.length > 0) await Promise.all(kinds.map((kind) => ask(kind, round >= 0)));
      else for (const kind of kinds) await ask(kind, round >= 0);
      await Promise.all(others);
    }
    const unknown = times.get("unknown") ?? [];
    const rows = KINDS.map((kind) => {
      const own = times.get(kind) ?? [];
      return {
        kind,
        median: median(own),
        mean: own.reduce((sum, time) => sum + time, 0) / own.length,
        p: compareRanks(unknown, own),
      };
    });
    console.table(rows);
    for (const { median: time, p } of rows) {
      expect(Math.abs(time - median(unknown))).toBeLessThan(busy.length > 0 ? 10 : 1);
      expect(p).toBeGreaterThan(0.001);
    }
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** How probable it is that two samples of one thing differ so much in their ranks, by Mann and Whitney. */
function compareRanks(one: readonly number[], other: readonly number[]): number {
  const all = [...one.map((value) => [value, 1] as const), ...other.map((value) => [value, 0] as const)];
  const sum = all.toSorted(([a], [b]) => a - b).reduce((total, [, isOne], index) => total + isOne * (index + 1), 0);
  const [n, m] = [one.length, other.length];
  const z = (sum - (n * (n + m + 1)) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
  return toTail(Math.abs(z));
}

/** The area of the normal distribution beyond z, on both sides (Abramowitz and Stegun 7.1.26). */
function toTail(z: number): number {
  const t = 1 / (1 + (0.3275911 * z) / Math.SQRT2);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return series * Math.exp((-z * z) / 2);
}
