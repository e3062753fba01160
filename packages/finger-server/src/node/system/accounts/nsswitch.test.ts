import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshPath } from "../../../../../../tests/support/programs.js";
import { hasOtherAccounts, hasUnlistedAccounts, toOtherSources } from "./nsswitch.js";

const TEXTS: ReadonlyArray<[text: string, others: readonly string[], why: string]> = [
  ["", [], "the C library then looks into files"],
  ["passwd: files\n", [], "a file is listed whole"],
  ["passwd:compat", [], "so is what stands in for it"],
  ["passwd: db files", [], "so is a database of the files"],
  ["passwd:         files systemd", ["systemd"], "systemd has users of its own"],
  [" passwd : files sss", ["sss"], "spaces are allowed"],
  ["passwd: files [NOTFOUND=return] # ldap", [], "neither an action nor a comment is a source"],
  ["passwd: files [!UNAVAIL=return SUCCESS=continue] ldap", ["ldap"], "there is a source behind the action"],
  ["group: files ldap\npasswd_compat: nis\npasswd: files", [], "other lines are of other things"],
  ["#passwd: ldap", [], "a comment says nothing"],
];

it.each(TEXTS)("%j has %j: %s", (text, others) => {
  expect(toOtherSources(text)).toEqual(others);
});

const MACHINES: ReadonlyArray<[sources: string, services: readonly string[], hasUnlisted: boolean, why: string]> = [
  ["files", ["org.example.Directory"], false, "nobody asks systemd"],
  ["files systemd", [], false, "systemd has nobody to ask"],
  ["files systemd", ["io.systemd.DynamicUser"], false, "it lists all of those"],
  ["files systemd", ["org.example.Directory"], true, "it asks one that may list nobody"],
  ["files ldap systemd", [], true, "LDAP may list nobody"],
];

it.each(MACHINES)("has unlisted ones by %s and the services %j: %s, as %s", async (sources, services, hasUnlisted) => {
  const [nsswitch, userdb] = [freshPath(), freshPath()];
  writeFileSync(nsswitch, `passwd: ${sources}\n`);
  mkdirSync(userdb);
  for (const name of services) writeFileSync(join(userdb, name), "");
  expect(await hasUnlistedAccounts({ nsswitch, userdb })).toBe(hasUnlisted);
  // Those of systemd are in no file, whatever it lists.
  expect(await hasOtherAccounts({ nsswitch })).toBe(sources !== "files");
});

it("knows of no others where there is no file that can be read", async () => {
  const path = freshPath();
  for (const nsswitch of [path, `${path}\0`]) expect(await hasOtherAccounts({ nsswitch })).toBe(false);
  mkdirSync(path);
  expect(await hasOtherAccounts({ nsswitch: path })).toBe(false);
  expect(await hasUnlistedAccounts({ nsswitch: path, userdb: path })).toBe(false);
});
