import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { repository } from "./peers/support/network.js";

it("has changesets that the release can read", () => {
  const changeset = createRequire(import.meta.url).resolve("@changesets/cli/bin.js");
  // Without a branch to compare with, only what is read of the files counts.
  const { stdout, stderr } = spawnSync(process.execPath, [changeset, "status", "--since=HEAD"], {
    cwd: repository(""),
    encoding: "utf8",
  });
  expect(stdout + stderr).not.toMatch(/could not parse/);
  expect(stdout + stderr).toMatch(/packages to be bumped at patch/i);
});
