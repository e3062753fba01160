import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FingerError } from "finger-protocol";
import { afterEach, expect, it } from "vitest";
import { FOLDER, freshPath } from "../../../../../tests/support/programs.js";
import type { Account } from "./accounts/account.js";
import { checkHomes } from "./check-homes.js";
import { createDiskTurns, type DiskTurns } from "./disk-turns.js";

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65_534;

afterEach(() => {
  if (IS_ROOT) process.seteuid?.(0);
});

const toAccount = (directory: string): Account => ({
  login: "alice",
  uid: 2000,
  gid: 2000,
  gecos: "",
  directory,
  shell: "",
});

async function check(homes: readonly string[], turns?: DiskTurns): Promise<readonly FingerError[]> {
  const told: FingerError[] = [];
  await checkHomes(homes.map(toAccount), (error) => void told.push(error), turns);
  return told;
}

async function makeFolder(...homes: readonly string[]): Promise<string> {
  const folder = freshPath();
  await mkdir(folder);
  for (const home of homes) await mkdir(join(folder, home));
  return folder;
}

/** What the operator is told of a folder, in one line. */
const blind = (folder: string, why: string) => ({
  code: "ERR_FINGER_PROVIDER",
  message: `No home in ${folder} can be looked into, ${why}: no plan there is shown, and no .nofinger heeded. In a unit of systemd set ProtectHome=read-only.`,
});
const CLOSED = "for the folder cannot be entered";
const EMPTY = "for none that was looked for is there";

const FINE: ReadonlyArray<readonly [why: string, toHomes: () => Promise<readonly string[]>]> = [
  ["a home is there", async () => [join(await makeFolder("alice"), "alice")]],
  [
    "one is there among many that are gone",
    async () => {
      const folder = await makeFolder("alice");
      return [...Array.from({ length: 63 }, (_, index) => join(folder, `gone${index}`)), join(folder, "alice")];
    },
  ],
  [
    "a home is a link, wherever it leads to",
    async () => {
      const folder = await makeFolder();
      await symlink("/nowhere", join(folder, "alice"));
      return [join(folder, "alice")];
    },
  ],
  ["the folder is not there, so that nothing hides what is in it", async () => ["/gone/alice"]],
  [
    "the folder is none",
    async () => {
      const folder = await makeFolder();
      await writeFile(join(folder, "file"), "");
      return [join(folder, "file/alice")];
    },
  ],
  ["nobody has a home", async () => ["/nonexistent", "/", "", "home/alice"]],
  ["there is nobody", async () => []],
];

it.each(FINE)("finds nothing wrong when %s", async (_why, toHomes) => {
  expect(await check(await toHomes())).toEqual([]);
});

it("tells of each folder that has none of its homes, as an empty one in front of it, whatever others have", async () => {
  const [empty, other, fine] = [await makeFolder(), await makeFolder("lost+found"), await makeFolder("carol")];
  const homes = [join(empty, "alice"), join(fine, "carol"), join(empty, "bob"), join(other, "dave")];
  expect(await check(homes)).toMatchObject([blind(empty, EMPTY), blind(other, EMPTY)]);
});

it.skipIf(process.platform === "win32")("tells of each folder that is closed, whatever others are", async () => {
  await chmod(FOLDER, 0o755);
  const [closed, fine] = [await makeFolder("alice"), await makeFolder("bob")];
  await chmod(closed, 0);
  if (IS_ROOT) process.seteuid?.(NOBODY);
  expect(await check([join(fine, "bob"), join(closed, "alice")])).toMatchObject([blind(closed, CLOSED)]);
});

/** Turns in which the disk below a path hangs, for as long as anybody waits. */
function hangBelow(path: string, turns: DiskTurns, taken: string[] = []): DiskTurns {
  const hang = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  return {
    take(place, ms, work) {
      taken.push(place);
      return place.startsWith(path) ? turns.take(place, Math.min(ms, 10), hang) : turns.take(place, ms, work);
    },
  };
}

it("looks at the disk in its turns alone, and takes no second one when it hangs", async () => {
  const [hung, empty, other] = ["/hung", await makeFolder(), await makeFolder()];
  const homes = [join(empty, "alice"), join(hung, "bob"), join(hung, "carol"), join(other, "dave")];
  const taken: string[] = [];
  expect(await check(homes, hangBelow(hung, createDiskTurns(2), taken))).toMatchObject([blind(empty, EMPTY)]);
  expect(taken).toEqual([join(empty, "alice"), empty, join(hung, "bob")]);
});
