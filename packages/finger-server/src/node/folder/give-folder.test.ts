import { mkdirSync, statSync, symlinkSync } from "node:fs";
import { expect, it } from "vitest";
import { isRoot } from "../../../../../tests/support/daemon-program.js";
import { freshPath } from "../../../../../tests/support/programs.js";
import { giveFolder } from "./give-folder.js";

const owner = { uid: 65534, gid: 65533 };

it.runIf(isRoot("giving a folder away"))(
  "gives a folder away, and none that a link in its place leads to",
  async () => {
    const [folder, other, link] = [freshPath(), freshPath(), freshPath()];
    for (const path of [folder, other]) mkdirSync(path);
    symlinkSync(other, link);
    await giveFolder(folder, owner);
    await expect(giveFolder(link, owner)).rejects.toMatchObject({ code: expect.stringMatching(/^(ENOTDIR|ELOOP)$/) });
    expect(statSync(folder)).toMatchObject(owner);
    expect(statSync(other)).toMatchObject({ uid: 0, gid: 0 });
  },
);
