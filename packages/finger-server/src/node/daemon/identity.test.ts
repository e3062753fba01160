import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { run } from "../../../../../tests/support/daemon-program.js";
import { resolveIdentity } from "./identity.js";

/** This machine's own user, by the names that everybody has. */
const ask = (...args: string[]) => spawnSync("id", args, { encoding: "utf8" }).stdout.trim();
const group = ask("-gn");
const self = { uid: Number(ask("-u")), gid: Number(ask("-g")), name: ask("-un") };

/** Which groups there are differs from system to system. */
function readLastGroup(): { name: string; gid: number } {
  const [name = "", , gid] = readFileSync("/etc/group", "utf8").trim().split("\n").at(-1)?.split(":") ?? [];
  return { name, gid: Number(gid) };
}

describe("an identity", () => {
  it("is that of the process by default", async () => {
    expect(await resolveIdentity({})).toEqual(self);
  });

  it.each<[what: string, user: string | number]>([
    ["a name", self.name],
    ["a number", self.uid],
    ["a number as text", String(self.uid)],
  ])("is found by %s, with the user's group", async (_, user) => {
    expect(await resolveIdentity({ user })).toEqual(self);
  });

  it.each<[what: string, group: string | number, gid: number]>([
    ["a name", ask("-gn"), self.gid],
    ["a number", self.gid, self.gid],
    ["a number that has no name", 3_999_999_999, 3_999_999_999],
  ])("has another group by %s", async (_, group, gid) => {
    expect(await resolveIdentity({ user: self.name, group })).toEqual({ ...self, gid });
  });

  it("may be a number that has no name, with a group", async () => {
    const identity = await resolveIdentity({ user: 3_999_999_998, group: self.gid });
    expect(identity).toEqual({ uid: 3_999_999_998, gid: self.gid, name: undefined });
  });

  it.each<[what: object, message: string]>([
    [
      { user: 3_999_999_998 },
      "User 3999999998 has no entry in the user database, so nothing tells its group. Give a group as well.",
    ],
    [{ user: "rooot" }, 'There is no user "rooot" on this machine; did you mean "root"?'],
    [{ user: "" }, 'There is no user "" on this machine.'],
    [{ user: "--help" }, 'There is no user "--help" on this machine.'],
    [{ user: "root:x" }, 'There is no user "root:x" on this machine; did you mean "root"?'],
    [{ user: "no body\n" }, 'There is no user "no body\\n" on this machine; did you mean "nobody"?'],
    [
      { user: self.name, group: `${group}x` },
      `There is no group "${group}x" on this machine; did you mean "${group}"?`,
    ],
    [{ user: 4_294_967_295 }, "4294967295 is no number of a user: those are whole, and from 0 to 4294967294."],
    [{ user: "4294967295" }, "4294967295 is no number of a user: those are whole, and from 0 to 4294967294."],
    [{ user: -1 }, "-1 is no number of a user: those are whole, and from 0 to 4294967294."],
    [{ user: 0, group: 1.5 }, "1.5 is no number of a group: those are whole, and from 0 to 4294967294."],
  ])("is none by %o", async (names, message) => {
    await expect(resolveIdentity(names)).rejects.toMatchObject({ code: "ERR_FINGER_CONFIG", message });
  });

  it.runIf(process.platform === "linux")("is found by the files where the program getent is missing", async () => {
    const other = readLastGroup();
    const code = `say(await it.resolveIdentity({ user: "root", group: ${JSON.stringify(other.name)} }));
      say(await it.resolveIdentity({ user: 0 }));
      await it.resolveIdentity({ user: "rooot" }).catch((error) => say(error.message));`;
    const { said } = await run(code, { env: { PATH: "/nowhere" } });
    const message = 'There is no user "rooot" on this machine; did you mean "root"?';
    expect(said).toEqual([{ uid: 0, gid: other.gid, name: "root" }, { uid: 0, gid: 0, name: "root" }, message]);
  });
});
