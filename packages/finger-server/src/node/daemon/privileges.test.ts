import { describe, expect, it } from "vitest";
import { isRoot, run } from "../../../../../tests/support/daemon-program.js";

const DAEMON = `{ uid: 1, gid: 1, name: "daemon" }`;
/** Says how a promise is rejected. */
const SAY_FAILURE = `.then(() => say("fine"), (error) => say(fails(error)));`;

const failure = (message: unknown, more: object = {}) => ({
  name: "FingerError",
  code: "ERR_FINGER_PROCESS",
  message,
  ...more,
});

/** Runs code without io_uring, which Node 20 would not have together with this. */
const runPlain = (code: string) => run(code, { env: { ...process.env, UV_USE_IO_URING: "0" } });

const SAY_STATUS = `say(Object.fromEntries(fs.readFileSync("/proc/self/status", "utf8").split("\\n")
  .filter((line) => /^(Uid|Gid|Groups|CapEff)/.test(line)).map((line) => line.trim().split(":\\t"))));`;

describe.runIf(isRoot("dropping privileges"))("the privileges of root", () => {
  it.each<[what: string, identity: string, uid: number, gid: number]>([
    ["a user", DAEMON, 1, 1],
    ["a user of another group", `{ uid: 1, gid: 7, name: "daemon" }`, 1, 7],
    ["a number", `{ uid: 54321, gid: 54322 }`, 54_321, 54_322],
  ])("are dropped for %s, wholly", async (_, identity, uid, gid) => {
    const code = `await new Promise((resolve) => fs.readFile("/etc/passwd", resolve)); // the threads of libuv run
      process.setgroups([0, 4]);
      await it.dropPrivileges(${identity});
      ${process.platform === "linux" ? SAY_STATUS : ""}
      say([process.getuid(), process.geteuid(), process.getgid(), process.getegid(), process.getgroups().includes(0)]);
      await fs.promises.readdir("/root").catch((error) => say(error.code));`;
    const { said, stderr } = await runPlain(code);
    const ids = (id: number) => Array(4).fill(id).join("\t");
    const status = {
      Uid: ids(uid),
      Gid: ids(gid),
      Groups: expect.stringContaining(String(gid)),
      CapEff: "0000000000000000",
    };
    expect(stderr).toBe("");
    expect(said).toEqual([...(process.platform === "linux" ? [status] : []), [uid, uid, gid, gid, false], "EACCES"]);
  });

  it("stay when the process is that user already, as root may want", async () => {
    const code = `await it.dropPrivileges({ uid: 0, gid: 0, name: "root" })${SAY_FAILURE}
      process.setgroups([1, 4]); process.setgid(1); process.setuid(1);
      await it.dropPrivileges(${DAEMON})${SAY_FAILURE}`;
    expect((await runPlain(code)).said).toEqual(["fine", "fine"]);
  });

  it.each<[what: string, code: string, message: string, cause?: string]>([
    [
      "another user",
      `process.setgid(1); process.setuid(1); await it.dropPrivileges({ uid: 2, gid: 2, name: "bin" })`,
      "This process cannot become user 2 (bin) of group 2: only root can. Start it as root, or as that user and without the options user and group.",
      "EPERM",
    ],
    [
      "another group",
      `process.setgid(1); process.setuid(1); await it.dropPrivileges({ uid: 1, gid: 2 })`,
      "This process cannot become user 1 (without a name) of group 2: only root can. Start it as root, or as that user and without the options user and group.",
      "EPERM",
    ],
    [
      "no other user while it keeps the group of root",
      `process.setgroups([0, 1]); process.setgid(1); process.setuid(1); await it.dropPrivileges(${DAEMON})`,
      "This process cannot become user 1 (daemon) of group 1: only root can. Start it as root, or as that user and without the options user and group.",
      "EPERM",
    ],
    [
      "root with another group",
      `await it.dropPrivileges({ uid: 0, gid: 1, name: "root" })`,
      "Root with the group 1 is root. Choose another user.",
    ],
  ])("are not had by who asks for %s", async (_, code, message, cause) => {
    expect((await runPlain(`${code}${SAY_FAILURE}`)).said).toEqual([
      failure(message, cause === undefined ? {} : { cause }),
    ]);
  });

  it.runIf(process.platform === "linux")("are not dropped where root has no right to", async () => {
    const code = `await it.dropPrivileges(${DAEMON})${SAY_FAILURE}`;
    const before = ["setpriv", "--bounding-set=-setuid,-setgid"];
    const { said } = await run(code, { before, env: { ...process.env, UV_USE_IO_URING: "0" } });
    const message = expect.stringMatching(/^This process cannot become user 1 .* CAP_SETUID and CAP_SETGID\.$/);
    expect(said).toEqual([failure(message, { cause: "EPERM" })]);
  });

  describe.runIf(process.platform === "linux")("are doubted to be gone", () => {
    it.each<[what: string, code: string, doubts: readonly unknown[]]>([
      ["when all is as it was", "", ["it has the ids 0, 0, 0, 0", expect.stringMatching(/thread \d+ has CapEff /)]],
      [
        "when the way back is open",
        "process.setgroups([1]); process.setegid(1); process.seteuid(1);",
        [
          "it has the ids 0, 1, 0, 1",
          expect.stringMatching(/thread \d+ has Uid 0 1 0 1/),
          expect.stringMatching(/thread \d+ has CapPrm /),
          "it could become root again by setuid",
          "it can open /root",
        ],
      ],
      [
        "when a group of root's is left",
        "process.setgroups([0, 1]); process.setgid(1); process.setuid(1);",
        ["it is in the group of root"],
      ],
      [
        "when another group is",
        "process.setgroups([1]); process.setgid(2); process.setuid(1);",
        ["it has the ids 1, 1, 2, 2", expect.stringMatching(/thread \d+ has Gid 2 2 2 2/)],
      ],
      ["never when they are", "process.setgroups([1]); process.setgid(1); process.setuid(1);", []],
    ])("%s", async (_, code, doubts) => {
      const { said } = await runPlain(`${code} say(await it.findDoubts(${DAEMON}, "/root"));`);
      expect(said).toEqual([doubts.length === 0 ? [] : expect.arrayContaining(doubts as string[])]);
    });
  });
});
