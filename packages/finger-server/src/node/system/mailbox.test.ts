import { mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshPath } from "../../../../../tests/support/programs.js";
import { createDiskTurns } from "./disk-turns.js";
import { readMailbox } from "./mailbox.js";

const RECEIVED = new Date("2026-11-22T10:00:00Z");
const READ = new Date("2026-11-20T09:30:00Z");

async function makeMailboxes(): Promise<string> {
  const folder = freshPath();
  await mkdir(folder);
  await writeFile(join(folder, "alice"), "From bob\n");
  await utimes(join(folder, "alice"), READ, RECEIVED);
  await writeFile(join(folder, "empty"), "");
  await symlink("alice", join(folder, "linked"));
  await mkdir(join(folder, "maildir"));
  await symlink("loop", join(folder, "loop"));
  return folder;
}

const LOGINS: ReadonlyArray<readonly [login: string, mail: unknown, why: string]> = [
  ["alice", { receivedAt: RECEIVED, readAt: READ }, "she has mail"],
  ["empty", null, "nothing is in it"],
  ["nobody", null, "it is not there"],
  ["linked", undefined, "it may be anybody's"],
  ["loop", undefined, "it leads nowhere"],
  ["maildir", undefined, "its times are others"],
  ["alice/x", undefined, "it is no name of a file"],
  ["../alice", undefined, "it is no name of a file"],
  [".", undefined, "it is the folder"],
  ["..", undefined, "it is another folder"],
  ["", undefined, "it is the folder"],
  ["a\0", undefined, "no file has such a name"],
  ["x".repeat(300), undefined, "no file has such a name"],
];

it.each(LOGINS)("finds for %j %o: %s", async (login, mail) => {
  expect(await readMailbox(login, await makeMailboxes())).toEqual(mail);
});

it("takes a machine without mail for one where nobody has any", async () => {
  expect(await readMailbox("alice", freshPath())).toBeNull();
});

it("says that the folder hangs, when it does", async () => {
  const turns = createDiskTurns(1);
  const folder = freshPath();
  const hang = turns.take(folder, 1, () => new Promise(() => {}));
  await expect(hang).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
  await expect(readMailbox("alice", folder, turns)).rejects.toMatchObject({
    code: "ERR_FINGER_TIMEOUT",
    message: expect.stringContaining(folder),
  });
});
