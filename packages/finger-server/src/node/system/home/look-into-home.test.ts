import {
  chmod,
  chown,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { FOLDER, freshPath } from "../../../../../../tests/support/programs.js";
import type { Account } from "../accounts/account.js";
import { createDiskTurns } from "../disk-turns.js";
import type { Home } from "./home.js";
import type { HomeFiles } from "./home-files.js";
import { type HomeOptions, lookIntoHome } from "./look-into-home.js";

const isWindows = process.platform === "win32";
const IS_ROOT = process.getuid?.() === 0;
const ALICE = IS_ROOT ? 54_321 : (process.getuid?.() ?? 0);
const NOBODY = 65_534;
const REAL: HomeFiles = {
  lstat: (path) => lstat(path),
  stat: (path) => stat(path),
  open: (path, flags) => open(path, flags),
};

let home: string;
let account: Account;

beforeEach(async () => {
  await chmod(FOLDER, 0o755);
  home = freshPath();
  await mkdir(home, { mode: 0o755 });
  account = { login: "alice", uid: ALICE, gid: ALICE, gecos: "", directory: home, shell: "/bin/sh" };
  if (IS_ROOT) await chown(home, ALICE, ALICE);
});

async function write(name: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  await writeFile(join(home, name), content);
  await chmod(join(home, name), mode);
  if (IS_ROOT) await chown(join(home, name), ALICE, ALICE);
}

/** What of the home is seen. */
function see(options: HomeOptions = {}, name = ".plan", of: Account = account) {
  const look = async (home: Home) => ({ has: await home.has(name), text: (await home.read(name))?.text });
  return lookIntoHome(of, look, options);
}

const WAYS: ReadonlyArray<readonly [way: string, options: HomeOptions]> = [
  ["by a descriptor", {}],
  ["by its path, where there is no /proc", { descriptors: "/nonexistent" }],
];

describe.skipIf(isWindows).each(WAYS)("a home, found %s", (_way, options) => {
  it("has the files that are there, with their times", async () => {
    await write(".plan", "Happy\n");
    await utimes(join(home, ".plan"), 0, new Date("2026-11-22T10:00:00Z"));
    await mkdir(join(home, ".nofinger"));
    const look = async (home: Home) => ({
      plan: await home.read(".plan"),
      project: await home.read(".project"),
      has: [await home.has(".nofinger"), await home.has(".project")],
    });
    expect(await lookIntoHome(account, look, options)).toEqual({
      plan: { text: "Happy\n", changedAt: new Date("2026-11-22T10:00:00Z") },
      project: undefined,
      has: [true, false],
    });
  });

  const TEXTS: ReadonlyArray<readonly [what: string, bytes: Uint8Array, text: string]> = [
    ["an empty file, which is there all the same", Buffer.from(""), ""],
    ["UTF-8", Buffer.from("caf\u00e9 \u{1f600}"), "caf\u00e9 \u{1f600}"],
    ["what is none as Windows-1252", Buffer.from("caf\xe9 \x80\n", "latin1"), "caf\u00e9 \u20ac\n"],
    [
      "carriage returns, which finger(1) shows",
      Buffer.from("\r\ncaf\xe9\r\r\nx\r", "latin1"),
      "\r\ncaf\u00e9\r\r\nx\r",
    ],
    ["64 KiB as they are", Buffer.alloc(65_536, "0123456789abcde\n"), "0123456789abcde\n".repeat(4096)],
  ];
  it.each(TEXTS)("reads %s", async (_what, bytes, text) => {
    await write(".plan", bytes);
    expect(await see(options)).toEqual({ has: true, text });
  });

  const LONG: ReadonlyArray<readonly [what: string, text: string, shown: string]> = [
    ["behind a line", `${"0123456789\n".repeat(6000)}`, "0123456789\n".repeat(5957)],
    [
      "between characters when there are no lines",
      "\u00e9x\u00e9".repeat(20_000),
      `${"\u00e9x\u00e9".repeat(13_107)}\n`,
    ],
  ];
  it.each(LONG)("cuts a longer file %s, and says so", async (_what, text, shown) => {
    await write(".plan", text);
    expect((await see(options))?.text).toBe(`${shown}[What follows is left out: 64 KiB are the most that is shown.]\n`);
  });

  it("is none when nothing is there, or no folder", async () => {
    await rm(home, { recursive: true });
    expect(await see(options)).toBeUndefined();
    await writeFile(home, "");
    expect(await see(options)).toBeUndefined();
  });

  it("may be where a link leads to, or several, as one from /home to another disk", async () => {
    await write(".plan", "Happy\n");
    const [link, other] = [freshPath(), freshPath()];
    await symlink(home, link);
    await symlink(link, other);
    for (const directory of [link, `${link}/`, `${link}/.`, other]) {
      expect(await see(options, ".plan", { ...account, directory })).toEqual({ has: true, text: "Happy\n" });
    }
  });

  it("is none where a link leads nowhere, or to itself", async () => {
    for (const target of ["nowhere", "itself"]) {
      const link = freshPath();
      await symlink(target === "itself" ? link : freshPath(), link);
      expect(await see(options, ".plan", { ...account, directory: link })).toBeUndefined();
    }
  });

  it("is not read where all may give another name to a file", async () => {
    await write(".plan", "Happy\n");
    await chmod(home, 0o777);
    expect(await see(options)).toEqual({ has: true, text: undefined });
    await chmod(home, 0o1777);
    expect(await see(options)).toEqual({ has: true, text: "Happy\n" });
    await chmod(home, 0o775);
    expect(await see(options)).toEqual({ has: true, text: "Happy\n" });
  });

  it.skipIf(!IS_ROOT)("may be root's, and nobody else's", async () => {
    await write(".plan", "Happy\n");
    await chown(home, 0, 0);
    expect(await see(options)).toEqual({ has: true, text: "Happy\n" });
    await chown(home, NOBODY, NOBODY);
    expect(await see(options)).toEqual({ has: true, text: undefined });
  });

  it.skipIf(!IS_ROOT)("shows to root what it shows to all", async () => {
    await write(".plan", "Happy\n", 0o640);
    expect(await see(options)).toEqual({ has: true, text: undefined });
    await chmod(join(home, ".plan"), 0o604);
    expect(await see(options)).toEqual({ has: true, text: "Happy\n" });
    await chmod(home, 0o750);
    expect(await see(options)).toEqual({ has: true, text: undefined });
  });

  it.skipIf(!IS_ROOT)("need not be open to a list of its files", async () => {
    await write(".plan", "Happy\n");
    await write(".project", "Secret\n", 0o600);
    await chmod(home, 0o711);
    expect(await asNobody(() => see(options))).toEqual({ has: true, text: "Happy\n" });
    expect(await asNobody(() => see(options, ".project"))).toEqual({ has: true, text: undefined });
    await chmod(home, 0o700);
    expect(await asNobody(() => see(options))).toEqual({ has: false, text: undefined });
  });

  it("is not looked into by a path", async () => {
    const look = async (home: Home) => {
      for (const name of ["../secret", "a/b", "..", ".", "", "a\0"]) {
        await expect(home.has(name)).rejects.toThrow(TypeError);
        await expect(home.read(name)).rejects.toThrow(TypeError);
      }
      return "looked";
    };
    expect(await lookIntoHome(account, look, options)).toBe("looked");
  });
});

describe.skipIf(isWindows)("a disk that hangs", () => {
  /** Files of which one operation never ends, until it is told to. */
  function createHanging(kind: keyof HomeFiles, suffix: string) {
    let resume = () => {};
    const promise = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const wait = async (path: string) => (path.endsWith(suffix) ? promise : undefined);
    const files: HomeFiles = {
      ...REAL,
      [kind]: async (path: string, flags: number) => {
        const seen = await REAL[kind](path, flags);
        await wait(path);
        return seen;
      },
    };
    return { files, resume: () => resume() };
  }

  const AT: ReadonlyArray<readonly [kind: keyof HomeFiles, what: string, toSuffix: () => string]> = [
    ["open", "when the home is opened", () => home],
    ["lstat", "when a file is looked at", () => "/.plan"],
    ["open", "when a file is opened", () => "/.plan"],
  ];
  it.each(AT)("costs no more than its time in %s, %s, and leaves nothing open", async (kind, _what, toSuffix) => {
    await write(".plan", "Happy\n");
    const { files, resume } = createHanging(kind, toSuffix());
    const turns = createDiskTurns(1);
    const timeout = { code: "ERR_FINGER_TIMEOUT", message: expect.stringContaining(home) };
    const look = () => lookIntoHome(account, (home) => home.read(".plan"), { files, turns, patience: 20 });
    await expect(look()).rejects.toMatchObject(timeout);
    await expect(look()).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
    resume();
    await vi.waitFor(async () => expect(await countOpen()).toBe(0));
    expect(await see({ turns })).toEqual({ has: true, text: "Happy\n" });
  });

  it("is told of as a home that cannot be read, when it fails, or the process is short of something", async () => {
    const fail = async () => {
      throw Object.assign(new Error("EMFILE: too many open files"), { code: "EMFILE" });
    };
    const failure = { code: "ERR_FINGER_PROVIDER", message: expect.stringContaining(home) };
    await expect(see({ files: { ...REAL, open: fail } })).rejects.toMatchObject(failure);
    await expect(see({ files: { ...REAL, lstat: fail } })).rejects.toMatchObject(failure);
    expect(await countOpen()).toBe(0);
  });

  const LOST: ReadonlyArray<readonly [code: string, why: string]> = [
    ["ESTALE", "its server has lost it"],
    ["EAGAIN", "another has a lease on it"],
    ["ENXIO", "a socket came in its place"],
    ["ENODEV", "a device came in its place"],
  ];
  it.each(LOST)("says by %s nothing of what is there, and has no text: %s", async (code) => {
    await write(".plan", "Happy\n");
    const fail = async () => {
      throw Object.assign(new Error(code), { code });
    };
    const failure = { code: "ERR_FINGER_PROVIDER", message: expect.stringContaining(home) };
    await expect(see({ files: { ...REAL, open: fail } })).rejects.toMatchObject(failure);
    await expect(see({ files: { ...REAL, lstat: fail } })).rejects.toMatchObject(failure);
    const open: HomeFiles["open"] = (path, flags) => (path.endsWith("/.plan") ? fail() : REAL.open(path, flags));
    expect(await see({ files: { ...REAL, open } })).toEqual({ has: true, text: undefined });
    expect(await countOpen()).toBe(0);
  });
});

/** Descriptors of this process that lead to the homes of this test. */
async function countOpen(): Promise<number> {
  if (process.platform !== "linux") return 0;
  const links = await Promise.all(
    (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
  );
  return links.filter((link) => link.startsWith(FOLDER)).length;
}

async function asNobody<T>(look: () => Promise<T>): Promise<T> {
  process.seteuid?.(NOBODY);
  try {
    return await look();
  } finally {
    process.seteuid?.(0);
  }
}
