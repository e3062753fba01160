import { mkdirSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { freshPath } from "../../../../../../tests/support/programs.js";
import { hasOtherAccounts, hasOtherSources } from "./nsswitch.js";

const TEXTS: ReadonlyArray<[text: string, hasOthers: boolean, why: string]> = [
  ["", false, "the C library then looks into files"],
  ["passwd: files\n", false, "a file is listed whole"],
  ["passwd:compat", false, "so is what stands in for it"],
  ["passwd: db files", false, "so is a database of the files"],
  ["passwd:         files systemd", true, "systemd has users of its own"],
  [" passwd : files sss", true, "spaces are allowed"],
  ["passwd: files [NOTFOUND=return] # ldap", false, "neither an action nor a comment is a source"],
  ["passwd: files [!UNAVAIL=return SUCCESS=continue] ldap", true, "there is a source behind the action"],
  ["group: files ldap\npasswd_compat: nis\npasswd: files", false, "other lines are of other things"],
  ["#passwd: ldap", false, "a comment says nothing"],
];

it.each(TEXTS)("%j: %s, as %s", (text, hasOthers) => {
  expect(hasOtherSources(text)).toBe(hasOthers);
});

it("reads the file, and knows of no others where there is none that can be read", async () => {
  const path = freshPath();
  expect(await hasOtherAccounts(path)).toBe(false);
  writeFileSync(path, "passwd: files ldap\n");
  expect(await hasOtherAccounts(path)).toBe(true);
  const folder = freshPath();
  mkdirSync(folder);
  expect(await hasOtherAccounts(folder)).toBe(false);
  expect(await hasOtherAccounts(`${path}\0`)).toBe(false);
});
