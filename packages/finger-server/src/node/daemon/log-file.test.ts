import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  constants,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { isRoot, run } from "../../../../../tests/support/daemon-program.js";
import { FOLDER, freshPath } from "../../../../../tests/support/programs.js";
import { openLogFile } from "./log-file.js";

beforeAll(() => chmodSync(FOLDER, 0o755));

const isWindows = process.platform === "win32";

/** A FIFO, and what reads all that is in it at the moment. */
function makeFifo(): { path: string; readAll: () => string } {
  const path = freshPath();
  spawnSync("mkfifo", [path]);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const readAll = () => {
    const bytes = Buffer.alloc(1 << 20);
    let length = 0;
    try {
      for (let read = -1; read !== 0; length += read) read = readSync(fd, bytes, length, bytes.length - length, null);
    } catch {
      // There is no more at the moment.
    }
    return bytes.toString("utf8", 0, length);
  };
  return { path, readAll };
}

describe("a log file", () => {
  it("is made for its owner and readers of the group, and added to", () => {
    const path = freshPath();
    const log = openLogFile(path);
    log.write("one\n");
    log.write("two\nthree\n");
    log.close();
    openLogFile(path).write("four\n");
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\nthree\nfour\n");
    if (!isWindows) expect(statSync(path).mode & 0o777).toBe(0o640 & ~process.umask());
  });

  it("keeps the permissions that it has", () => {
    const path = freshPath();
    writeFileSync(path, "", { mode: 0o600 });
    openLogFile(path).write("one\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("goes on in a new file when it is reopened after it was moved away", () => {
    const path = freshPath();
    const log = openLogFile(path);
    log.write("one\n");
    renameSync(path, `${path}.1`);
    log.write("two\n");
    expect(log.reopen()).toBeUndefined();
    log.write("three\n");
    expect(readFileSync(`${path}.1`, "utf8")).toBe("one\ntwo\n");
    expect(readFileSync(path, "utf8")).toBe("three\n");
  });

  it("goes on in the old file when it cannot be reopened, which is told", () => {
    const path = freshPath();
    const log = openLogFile(path);
    renameSync(path, `${path}.1`);
    mkdirSync(path);
    const message = `The log file ${path} cannot be opened: it is a folder. Choose another path.`;
    expect(log.reopen()).toMatchObject({ code: "ERR_FINGER_PROCESS", message, cause: { code: "EISDIR" } });
    log.write("two\n");
    expect(readFileSync(`${path}.1`, "utf8")).toBe("two\n");
  });

  it("takes nothing more once it is closed, and may be closed twice", () => {
    const path = freshPath();
    const log = openLogFile(path);
    log.close();
    log.close();
    log.write("late\n");
    expect(readFileSync(path, "utf8")).toBe("");
  });

  it.skipIf(isWindows)("counts the lines for which there is no room, and tells when there is", () => {
    const { path, readAll } = makeFifo();
    const log = openLogFile(path);
    const line = `${"x".repeat(99)}\n`;
    for (let written = 0; written < 1000; written++) log.write(line);
    const before = readAll();
    log.write("again\n");
    const lines = (before + readAll()).split("\n");
    const kept = lines.filter((found) => `${found}\n` === line).length;
    const losses = lines.filter((found) => found.startsWith("{")).map((found) => JSON.parse(found));
    expect(lines.slice(-2)).toEqual(["again", ""]);
    expect(losses.at(-1)).toMatchObject({
      level: "error",
      msg: expect.stringMatching(/ missing: who reads it is behind$/),
    });
    expect(kept).toBeGreaterThan(100);
    expect(losses.reduce((sum, { lost }) => sum + lost, kept)).toBe(1000);
  });

  it.skipIf(isWindows)("tells of them in other words when it is given some", () => {
    const { path, readAll } = makeFifo();
    const describeLoss = (lines: number, reason: string) => `${lines} lost: ${reason}\n`;
    const log = openLogFile(path, { describeLoss });
    const most = "x".repeat(65_536);
    log.write(most);
    log.write("one\n");
    readAll();
    log.write("two\n");
    expect(readAll()).toBe("\n1 lost: who reads it is behind\ntwo\n");
  });

  it.runIf(process.platform === "linux")(
    "counts the lines for which a disk is full until there is another",
    async () => {
      const folder = freshPath();
      mkdirSync(folder);
      chmodSync(folder, 0o777);
      const path = join(folder, "log");
      symlinkSync("/dev/full", path);
      // Root would not follow the link.
      const code = `if (process.getuid() === 0) process.setuid(65534);
      const log = it.openLogFile(${JSON.stringify(path)});
      for (let times = 0; times < 3; times++) log.write("one\\n");
      fs.renameSync(${JSON.stringify(path)}, ${JSON.stringify(`${path}.1`)});
      say(log.reopen() ?? null);
      log.write("two\\n");`;
      const { said, stderr } = await run(code, { env: { ...process.env, UV_USE_IO_URING: "0" } });
      expect([said, stderr]).toEqual([[null], ""]);
      expect(readFileSync(path, "utf8")).toMatch(
        /"msg":"here 3 lines are missing: the disk is full","lost":3\}\ntwo\n$/,
      );
    },
  );

  it.each<[what: string, make: (path: string) => void, why: string]>([
    ["a folder", (path) => mkdirSync(path), "it is a folder. Choose another path."],
    ["a FIFO that nobody reads", (path) => void spawnSync("mkfifo", [path]), "nobody reads it. Choose another path."],
  ])("is not %s", (_, make, why) => {
    const path = freshPath();
    make(path);
    const message = `The log file ${path} cannot be opened: ${why}`;
    expect(() => openLogFile(path)).toThrow(expect.objectContaining({ code: "ERR_FINGER_PROCESS", message }));
  });

  it("needs a folder", () => {
    const path = join(freshPath(), "log");
    const message = `The log file ${path} cannot be opened: there is no such folder. Make it, or choose another path.`;
    expect(() => openLogFile(path)).toThrow(expect.objectContaining({ code: "ERR_FINGER_PROCESS", message }));
  });

  describe.runIf(isRoot("the log file that root opens"))("that root opens", () => {
    const owner = { uid: 65534, gid: 65534 };

    it("is given to its owner when root makes it, and not when it was there", () => {
      const [made, found] = [freshPath(), freshPath()];
      writeFileSync(found, "");
      for (const path of [made, found]) openLogFile(path, { owner }).close();
      expect(statSync(made)).toMatchObject(owner);
      expect(statSync(found)).toMatchObject({ uid: 0, gid: 0 });
    });

    it("can be reopened by its owner", async () => {
      const path = freshPath();
      const code = `const log = it.openLogFile(${JSON.stringify(path)}, { owner: { uid: 65534, gid: 65534 } });
        await it.dropPrivileges({ uid: 65534, gid: 65534 });
        say(log.reopen() ?? null);
        log.write("one\\n");`;
      expect((await run(code, { env: { ...process.env, UV_USE_IO_URING: "0" } })).said).toEqual([null]);
      expect(readFileSync(path, "utf8")).toBe("one\n");
    });

    it.runIf(process.platform === "linux")("leaves nothing open when it cannot be given away", async () => {
      const code = `const count = () => fs.readdirSync("/proc/self/fd").length;
        const before = count();
        try {
          it.openLogFile(${JSON.stringify(freshPath())}, { owner: { uid: 65534, gid: 65534 } });
        } catch (error) {
          say(error.cause.code);
        }
        say(count() - before);`;
      const { said } = await run(code, { before: ["setpriv", "--bounding-set=-chown"] });
      expect(said).toEqual(["EPERM", 0]);
    });

    it.each<[what: string, make: (path: string, other: string) => void, why: string]>([
      [
        "a link",
        (path, other) => symlinkSync(other, path),
        "cannot be opened: it is a link. Root follows none, for others could set it: give the path that it leads to.",
      ],
      [
        "a second name",
        (path, other) => linkSync(other, path),
        "has other names as well, so root does not write to it. Remove it.",
      ],
    ])("is not %s of another file, which others could have made", (_, make, why) => {
      const [path, other] = [freshPath(), freshPath()];
      closeSync(openSync(other, "w"));
      make(path, other);
      const message = `The log file ${path} ${why}`;
      expect(() => openLogFile(path)).toThrow(expect.objectContaining({ code: "ERR_FINGER_PROCESS", message }));
    });
  });
});
