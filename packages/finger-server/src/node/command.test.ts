import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exchange } from "../../../../tests/support/sockets.js";
import { main } from "./command.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "finger-server-"));
  await writeFile(join(folder, "users"), "alice: Happy and well\n");
  await writeFile(join(folder, "bad"), "alice\n");
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the command; `onLine` hears what it prints. */
async function run(argv: readonly string[], signal = AbortSignal.abort(), onLine = (_: string) => {}) {
  const result = { code: 0, out: "", err: "" };
  result.code = await main(argv, {
    version: "1.2.3",
    signal,
    out: (text) => {
      result.out += text;
      onLine(text);
    },
    err: (text) => {
      result.err += text;
    },
  });
  return result;
}

it("serves a users file until it is told to stop, and then exits with 0", async () => {
  const stop = new AbortController();
  const { code, out } = await run(["--users", join(folder, "users"), "--port", "0"], stop.signal, async (line) => {
    const port = Number(/:(\d+)\n$/.exec(line)?.[1]);
    expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
    expect(await exchange(port, ["\r\n"])).toBe("Login  Status\r\nalice  Happy and well\r\n");
    stop.abort();
  });
  expect(out).toMatch(/^finger-server: 1 user on 127\.0\.0\.1:\d+\n$/);
  expect(code).toBe(0);
});

it("keeps the limits that it is given, and reads the users again when they change", async () => {
  const stop = new AbortController();
  const users = join(folder, "changing");
  await writeFile(users, "alice: here\n");
  const limits = ["--limit", "rate=6", "--limit", "query-time=0.5", "--limit", "per-peer=off"];
  const { code } = await run(["--users", users, "--port", "0", ...limits], stop.signal, async (line) => {
    const port = Number(/:(\d+)\n$/.exec(line)?.[1]);
    expect(await exchange(port, ["alice\r\n"])).toBe("here\r\n");
    await writeFile(`${users}.new`, "alice: there\n");
    await rename(`${users}.new`, users);
    await expect.poll(() => exchange(port, ["alice\r\n"]), { interval: 300 }).not.toBe("here\r\n");
    expect(await exchange(port, ["alice\r\n"])).toMatch(/^(there|Too many queries.*)\r\n$/);
    stop.abort();
  });
  expect(code).toBe(0);
});

it("listens on the host that it is given", async () => {
  expect((await run(["--users", join(folder, "users"), "--port", "0", "--host", "127.0.0.2"])).out).toContain(
    "127.0.0.2:",
  );
});

const FAILURES: ReadonlyArray<readonly [argv: string[], code: number, message: string, why: string]> = [
  [[], 64, "--users FILE", "nobody to answer for"],
  [["--user", "x"], 64, "--user", "an option that there is not"],
  [["--users", "users", "--port", "79x"], 64, '--port "79x" is no port', "a port that is none"],
  [
    ["--users", "users", "--limit", "rates=1"],
    64,
    "the limits are query-bytes, query-time",
    "a limit that there is not",
  ],
  [["--users", "users", "--limit", "idle=soon"], 64, "write idle=NUMBER of seconds, or idle=off", "no number"],
  [["--users", "users", "--limit", "rate=0"], 64, '"rate=0" is no limit', "nothing at all"],
  [["--users", "users", "--limit", "rate=1.5"], 64, "write rate=NUMBER, or rate=off", "half a query"],
  [["--users", "missing"], 66, "missing cannot be read: there is no such file", "a file that there is not"],
  [["--users", "bad"], 65, 'bad, line 1: "alice"', "a line that cannot be read"],
  [
    ["--users", "users", "--port", "0", "--host", "192.0.2.1"],
    69,
    "does not have that address",
    "an address of another machine",
  ],
];

it.each(FAILURES)("%j ends with %i and says %j: %s", async (argv, code, message) => {
  const files = argv.map((word, index) => (argv[index - 1] === "--users" ? join(folder, word) : word));
  const { code: actual, err } = await run(files);
  expect(actual).toBe(code);
  expect(err).toMatch(/^finger-server: /);
  expect(err).toContain(message);
});

it("shows help and version", async () => {
  expect((await run(["--help"])).out).toMatch(/^Usage: finger-server/);
  expect(await run(["--version"])).toEqual({ code: 0, out: "1.2.3\n", err: "" });
});
