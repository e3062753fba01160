import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { renameSync, rmSync, symlinkSync } from "node:fs";
import {
  chmod,
  chown,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FOLDER, freshPath } from "../../../../../../tests/support/programs.js";
import type { Account } from "../accounts/account.js";
import type { Home } from "./home.js";
import type { HomeFiles } from "./home-files.js";
import { type HomeOptions, lookIntoHome } from "./look-into-home.js";

// What somebody may do with a home so that others read there what they should not, or wait.

const IS_ROOT = process.getuid?.() === 0;
const ALICE = IS_ROOT ? 54_321 : (process.getuid?.() ?? 0);
const BOB = 54_322;
const SECRET = "secret of another\n";

let home: string;
/** Bob's, whose files all may read: it must be us who do not. Where nobody can be Bob, all may write there: it is nobody's own. */
let other: string;
let account: Account;
const children: ChildProcess[] = [];

beforeEach(async () => {
  await chmod(FOLDER, 0o755);
  home = freshPath();
  other = freshPath();
  account = { login: "alice", uid: ALICE, gid: ALICE, gecos: "", directory: home, shell: "/bin/sh" };
  for (const [folder, uid] of [
    [home, ALICE],
    [other, BOB],
  ] as const) {
    await mkdir(folder, { mode: 0o755 });
    await give(folder, uid);
  }
  if (!IS_ROOT) await chmod(other, 0o777);
  await write(join(other, ".plan"), SECRET, BOB);
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  expect(await findOpen()).toEqual([]);
});

async function give(path: string, uid: number): Promise<void> {
  if (IS_ROOT) await chown(path, uid, uid);
}

async function write(path: string, content: string, uid: number = ALICE): Promise<void> {
  await writeFile(path, content);
  await give(path, uid);
}

/** The files of this test that the process has open. */
async function findOpen(): Promise<readonly string[]> {
  if (process.platform !== "linux") return [];
  const fds = await readdir("/proc/self/fd");
  const links = await Promise.all(fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")));
  return links.filter((path) => path.startsWith(FOLDER));
}

/** What of the plan is seen. */
function see(options: HomeOptions, of: Account = account) {
  const look = async (home: Home) => ({ has: await home.has(".plan"), text: (await home.read(".plan"))?.text });
  return lookIntoHome(of, look, options);
}

/** The texts of the plan, read twice. */
function readTwice(options: HomeOptions, of: Account = account) {
  const read = async (home: Home) => [(await home.read(".plan"))?.text, (await home.read(".plan"))?.text];
  return lookIntoHome(of, read, options);
}

const REAL: HomeFiles = {
  lstat: (path) => lstat(path),
  stat: (path) => stat(path),
  open: (path, flags) => open(path, flags),
};

/** Looks at a file of the home, and does something before anybody hears what was seen; once. */
function afterwards<A extends readonly unknown[], T>(look: (path: string, ...args: A) => Promise<T>, act: () => void) {
  let isDone = false;
  return async (path: string, ...args: A): Promise<T> => {
    const seen = await look(path, ...args);
    if (!isDone && path.endsWith("/.plan")) {
      isDone = true;
      act();
    }
    return seen;
  };
}

/** A process that does the same again and again, as fast as it can, from its first line of output on. */
async function repeat(code: string, ...args: string[]): Promise<void> {
  const loop = `const fs = require("fs"); const [, ...args] = process.argv;
const tryTo = (work) => { try { return work(); } catch {} };
process.stdout.write("on");
for (;;) { ${code} }`;
  const child = spawn(process.execPath, ["-e", loop, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await once(child.stdout, "data");
}

/** Root alone can give files away, and make devices. */
const isPossible = ([, isForRoot]: readonly [string, boolean, unknown]) => IS_ROOT || !isForRoot;

const WAYS: ReadonlyArray<readonly [way: string, options: HomeOptions]> = [
  ["by a descriptor", {}],
  ["by its path, where there is no /proc", { descriptors: "/nonexistent" }],
];

const PLANS: ReadonlyArray<readonly [plan: string, isForRoot: boolean, make: (path: string) => unknown]> = [
  ["a link to another's file", false, (path) => symlink(join(other, ".plan"), path)],
  [
    "a link to a file of hers",
    false,
    async (path) => {
      await write(join(home, "own"), "mine\n");
      await symlink("own", path);
    },
  ],
  ["a link to itself", false, (path) => symlink(".plan", path)],
  ["a link to what this process has", false, (path) => symlink("/proc/self/environ", path)],
  ["a FIFO", false, (path) => execFileSync("mkfifo", [path])],
  ["a folder", false, (path) => mkdir(path)],
  [
    "a file with two names",
    false,
    async (path) => {
      await write(join(home, "own"), "mine\n");
      await link(join(home, "own"), path);
    },
  ],
  ["another's file under a second name", true, (path) => link(join(other, ".plan"), path)],
  ["another's file", true, (path) => write(path, SECRET, BOB)],
  ["what is left of a file of root's that was replaced", true, (path) => write(path, SECRET, 0)],
  [
    "a device that never ends",
    true,
    async (path) => {
      execFileSync("mknod", [path, "c", "1", "5"]);
      await give(path, ALICE);
    },
  ],
  [
    "a terminal",
    true,
    async (path) => {
      execFileSync("mknod", [path, "c", "5", "0"]);
      await give(path, ALICE);
    },
  ],
];

describe.skipIf(process.platform === "win32").each(WAYS)("a home, found %s", (_way, options) => {
  it.each(PLANS.filter(isPossible))("shows nothing when the plan is %s", async (_plan, _isForRoot, make) => {
    await make(join(home, ".plan"));
    expect(await see(options)).toEqual({ has: true, text: undefined });
  });

  it("shows nothing when the plan is a socket", async () => {
    const server = createServer().listen(join(home, ".plan"));
    await once(server, "listening");
    await give(join(home, ".plan"), ALICE);
    expect(await see(options)).toEqual({ has: true, text: undefined });
    server.close();
    await once(server, "close");
  });

  it("shows nothing by a way that leads out of it", async () => {
    const to = (directory: string) => see(options, { ...account, directory });
    const [name] = other.split("/").slice(-1);
    expect(await to(`${home}/../${name}`)).toBeUndefined();
    await symlink(other, join(home, "away"));
    expect(await to(join(home, "away"))).toEqual({ has: true, text: undefined });
    expect(await to(`${join(home, "away")}/`)).toEqual({ has: true, text: undefined });
  });

  it.skipIf(!IS_ROOT)("shows nothing of another's folder, or of one that a link leads to", async () => {
    await write(join(other, ".plan"), "mine\n", ALICE);
    await symlink(other, join(home, "away"));
    for (const directory of [other, join(home, "away")]) {
      expect(await see(options, { ...account, directory })).toEqual({ has: true, text: undefined });
    }
  });

  it("shows nothing of a home that a link has come to lead to meanwhile", async () => {
    await write(join(home, ".plan"), "mine\n");
    const link = freshPath();
    await symlink(home, link);
    const turn = () => {
      rmSync(link);
      symlinkSync(other, link);
    };
    const files = { ...REAL, lstat: afterwards(REAL.lstat, turn) };
    const texts = await readTwice({ ...options, files }, { ...account, directory: link });
    for (const text of texts ?? [""]) expect([undefined, "mine\n"]).toContain(text);
  });

  it("shows no more than it may of a file that is a terabyte, and of none that is there", async () => {
    await write(join(home, ".plan"), "start\n");
    await truncate(join(home, ".plan"), 2 ** 40);
    expect((await see(options))?.text).toMatch(/^start\n\[/);
  });

  it("shows a file that grows as it was", async () => {
    await write(join(home, ".plan"), "line\n");
    await repeat(
      `fs.appendFileSync(args[0], "line\\n".repeat(2000)); tryTo(() => fs.statSync(args[0]).size > 1e6 && fs.truncateSync(args[0], 5));`,
      join(home, ".plan"),
    );
    for (let round = 0; round < 100; round++) {
      const text = (await see(options))?.text ?? "";
      expect(text.length).toBeLessThan(66_000);
      // What is being written may be there in part.
      expect(text.replaceAll("line\n", "")).toMatch(/^(l|li|lin|line)?(\n?\[.*\]\n)?$/);
    }
  });

  const SWAPS: ReadonlyArray<readonly [piece: string, isForRoot: boolean, make: (path: string) => unknown]> = [
    ["a link to another's file", false, (path) => symlink(join(other, ".plan"), path)],
    ["a link to a file of hers", false, (path) => symlink("own", path)],
    ["a FIFO", false, (path) => execFileSync("mkfifo", [path])],
    ["a folder", false, (path) => mkdir(path)],
    ["a second name of a file", false, (path) => link(join(home, "own"), path)],
    ["another's file", true, (path) => write(path, SECRET, BOB)],
  ];
  it.each(SWAPS.filter(isPossible))(
    "shows nothing of %s that is put in the plan's place when it was looked at",
    async (_piece, _isForRoot, make) => {
      await write(join(home, "own"), "mine too\n");
      await write(join(home, ".plan"), "mine\n");
      await make(join(home, "piece"));
      const swap = () => {
        rmSync(join(home, ".plan"));
        renameSync(join(home, "piece"), join(home, ".plan"));
      };
      const files = { ...REAL, lstat: afterwards(REAL.lstat, swap) };
      expect(
        await lookIntoHome(account, async (home) => ({ plan: await home.read(".plan") }), { ...options, files }),
      ).toEqual({ plan: undefined });
    },
  );

  it("shows nothing of a home that is put in its place", async () => {
    await write(join(home, ".plan"), "mine\n");
    await give(other, ALICE);
    await write(join(other, ".plan"), "mine too\n");
    const swap = () => {
      renameSync(home, `${home}.away`);
      renameSync(other, home);
    };
    const files = { ...REAL, lstat: afterwards(REAL.lstat, swap) };
    const texts = await readTwice({ ...options, files });
    for (const text of texts ?? [""]) expect([undefined, "mine\n"]).toContain(text);
  });

  it("never shows what is put in its place, while all is swapped all the time", async () => {
    const pieces = freshPath();
    await mkdir(pieces);
    await repeat(SWAP_PLANS, home, other, pieces, `${ALICE}`, `${IS_ROOT}`);
    await repeat(SWAP_HOMES, home, other);
    const seen = new Map<string, number>();
    const look = async () => {
      const text = String((await see({ ...options, patience: 10_000 }))?.text);
      seen.set(text, (seen.get(text) ?? 0) + 1);
    };
    for (let round = 0; round < 125; round++) await Promise.all(Array.from({ length: 8 }, look));
    expect([...seen.keys()].filter((text) => text !== "mine\n" && text !== "undefined")).toEqual([]);
    expect(seen.get("mine\n")).toBeGreaterThan(0);
    expect(seen.get("undefined")).toBeGreaterThan(0);
  });
});

/** Puts one thing after the other in the place of the plan: a file of hers, and what must not be read. */
const SWAP_PLANS = `
const [home, other, pieces, alice, isRoot] = args;
const { execFileSync } = require("child_process");
const piece = pieces + "/piece";
if (!fs.existsSync(pieces + "/fifo")) execFileSync("mkfifo", [pieces + "/fifo"]);
for (const make of [
  () => { fs.writeFileSync(piece, "mine\\n"); if (isRoot === "true") fs.chownSync(piece, +alice, +alice); },
  () => fs.symlinkSync(other + "/.plan", piece),
  () => fs.linkSync(pieces + "/fifo", piece),
  () => isRoot === "true" ? fs.linkSync(other + "/.plan", piece) : fs.symlinkSync("/etc/passwd", piece),
]) tryTo(() => {
  tryTo(() => fs.unlinkSync(piece));
  make();
  fs.renameSync(piece, home + "/.plan");
});`;

/** Takes the home away, puts a link to another's in its place for a moment, and has it back for a while. */
const SWAP_HOMES = `
const [home, other] = args;
tryTo(() => fs.renameSync(home, home + ".away"));
tryTo(() => fs.symlinkSync(other, home));
for (let turn = 0; turn < 1000; turn++);
tryTo(() => fs.unlinkSync(home));
tryTo(() => fs.renameSync(home + ".away", home));
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);`;
