import { expect, it } from "vitest";
import { createDiskTurns } from "./disk-turns.js";
import { lookAt } from "./look-at.js";

function fail(code: string): () => Promise<never> {
  return async () => {
    throw Object.assign(new Error(`${code}: as the system says it`), { code });
  };
}

it("gives what is seen", async () => {
  expect(await lookAt("/home/alice", async () => "seen")).toBe("seen");
});

const ABSENT: ReadonlyArray<readonly [code: string, why: string]> = [
  ["ENOENT", "it is not there"],
  ["ENOTDIR", "what is on the way is no folder"],
  ["EACCES", "it is closed to us"],
  ["EPERM", "it is closed to us"],
  ["ELOOP", "no way ends there"],
  ["ENAMETOOLONG", "nothing can have that name"],
];
it.each(ABSENT)("sees nothing at %s: %s", async (code) => {
  expect(await lookAt("/home/alice", fail(code))).toBeUndefined();
});

const UNKNOWN: ReadonlyArray<readonly [code: string, why: string]> = [
  ["ESTALE", "the server of the disk has lost it"],
  ["EAGAIN", "something else is to be waited for"],
  ["EMFILE", "the process is short of descriptors"],
  ["EIO", "the disk fails"],
  ["ENXIO", "the device is gone"],
  ["ENODEV", "the device is gone"],
  ["ENOTCONN", "the program that serves the disk has ended"],
];
it.each(UNKNOWN)("does not know what is there at %s: %s", async (code) => {
  await expect(lookAt("/home/alice", fail(code))).rejects.toMatchObject({
    code: "ERR_FINGER_PROVIDER",
    message: expect.stringMatching(/^Cannot look into \/home\/alice: .*[^.]\.$/),
    cause: { code },
  });
});

it("waits no longer than it may, and says which place hangs", async () => {
  const rules = { patience: 1, turns: createDiskTurns(1) };
  await expect(lookAt("/home/alice", () => new Promise(() => {}), rules)).rejects.toMatchObject({
    code: "ERR_FINGER_TIMEOUT",
    message: expect.stringContaining("/home/alice"),
  });
});
