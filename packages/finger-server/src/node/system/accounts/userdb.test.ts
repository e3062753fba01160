import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshPath } from "../../../../../../tests/support/programs.js";
import { hasUnlistedUsers } from "./userdb.js";

const SERVICES: ReadonlyArray<[names: readonly string[], hasUnlisted: boolean, why: string]> = [
  [[], false, "nobody is asked"],
  [["io.systemd.DynamicUser"], false, "users of services are listed"],
  [["io.systemd.DropIn", "io.systemd.Home", "io.systemd.DynamicUser"], false, "and so are those of records and homes"],
  [["io.systemd.Multiplexer", "io.systemd.NameServiceSwitch"], false, "these only ask others"],
  [["io.systemd.DynamicUser", "io.systemd.Machine"], true, "containers have too many to list"],
  [["io.systemd.DynamicUser", "org.example.Directory"], true, "nobody knows what that one lists"],
];

it.each(SERVICES)("of the services %j there may be others: %s, as %s", async (names, hasUnlisted) => {
  const folder = freshPath();
  mkdirSync(folder);
  for (const name of names) writeFileSync(join(folder, name), "");
  expect(await hasUnlistedUsers(folder)).toBe(hasUnlisted);
});

it("are none where there is no folder, and may be some where there is something else", async () => {
  const path = freshPath();
  expect(await hasUnlistedUsers(path)).toBe(false);
  writeFileSync(path, "");
  expect(await hasUnlistedUsers(path)).toBe(true);
});
