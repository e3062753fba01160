import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isRoot } from "../../../../../tests/support/daemon-program.js";
import { freshPath } from "../../../../../tests/support/programs.js";
import { makeFolder, replaceFile, replaceSecret } from "./replace-file.js";

const NOBODY = { uid: 65534, gid: 65534 };

function freshFolder(owner?: typeof NOBODY): string {
  const folder = freshPath();
  mkdirSync(folder);
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

/** The two ways to replace a file. */
const WAYS: ReadonlyArray<readonly [what: string, replace: (folder: string) => Promise<void>, mode: number]> = [
  ["a file", (folder) => replaceFile(folder, "file", "new", async () => {}), 0o640],
  ["a secret", (folder) => replaceSecret(join(folder, "file"), "new"), 0o600],
];

describe.each(WAYS)("%s that is replaced", (_, replace, mode) => {
  it("has its text and its permissions, and nothing beside it", async () => {
    const folder = freshFolder();
    const path = join(folder, "file");
    writeFileSync(path, "old");
    chmodSync(path, 0o640);
    await replace(folder);
    expect([readFileSync(path, "utf8"), readdirSync(folder)]).toEqual(["new", ["file"]]);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(mode);
  });

  describe.runIf(isRoot("files that root replaces"))("by root", () => {
    it("stays whose it was", async () => {
      const folder = freshFolder();
      writeFileSync(join(folder, "file"), "old");
      chownSync(join(folder, "file"), NOBODY.uid, NOBODY.gid);
      await replace(folder);
      expect(statSync(join(folder, "file"))).toMatchObject(NOBODY);
    });

    it("is theirs whose folder it is when there was none, or a link to another", async () => {
      const [folder, other] = [freshFolder(NOBODY), freshPath()];
      writeFileSync(other, "other", { mode: 0o600 });
      symlinkSync(other, join(folder, "file"));
      symlinkSync(other, join(folder, ".new"));
      await replace(folder);
      expect(statSync(join(folder, "file"))).toMatchObject({ ...NOBODY, mode: 0o100600 });
      expect(readFileSync(join(folder, "file"), "utf8")).toBe("new");
      expect([readFileSync(other, "utf8"), statSync(other).uid]).toEqual(["other", 0]);
    });
  });
});

it("leaves no draft of a secret that cannot be put in its place", async () => {
  const folder = freshFolder();
  mkdirSync(join(folder, "file"));
  await expect(replaceSecret(join(folder, "file"), "new")).rejects.toMatchObject({ code: "EISDIR" });
  expect(readdirSync(folder)).toEqual(["file"]);
});

it.runIf(isRoot("folders that root makes"))("makes folders theirs whose folder they are in", async () => {
  const folder = freshFolder(NOBODY);
  await makeFolder(join(folder, "a", "b"));
  for (const path of ["a", "a/b"]) expect(statSync(join(folder, path))).toMatchObject({ ...NOBODY, mode: 0o40700 });
});
