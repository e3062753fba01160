import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshPath } from "../../../../../tests/support/programs.js";
import type { Account } from "./accounts/account.js";
import { assertHomes } from "./assert-homes.js";

const toAccount = (directory: string): Account => ({
  login: "alice",
  uid: 2000,
  gid: 2000,
  gecos: "",
  directory,
  shell: "",
});

it("finds nothing wrong where homes are, or are not", async () => {
  const folder = freshPath();
  await mkdir(folder);
  for (const homes of [[join(folder, "alice")], ["/nonexistent"], [], ["/"], ["/gone/alice"]]) {
    await expect(assertHomes(homes.map(toAccount))).resolves.toBeUndefined();
  }
});

it.skipIf(process.getuid?.() === 0)(
  "tells when all homes are behind a closed door, and not when some are",
  async () => {
    const [closed, open] = [freshPath(), freshPath()];
    await mkdir(closed);
    await mkdir(open);
    await chmod(closed, 0);
    const homes = [join(closed, "alice"), join(open, "bob")].map(toAccount);
    await expect(assertHomes(homes.slice(0, 1))).rejects.toMatchObject({
      code: "ERR_FINGER_PROVIDER",
      message: expect.stringMatching(/^No home can be looked into, .* ProtectHome=read-only\.$/),
    });
    await expect(assertHomes(homes)).resolves.toBeUndefined();
  },
);
