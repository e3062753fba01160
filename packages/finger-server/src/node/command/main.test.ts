import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exchange } from "../../../../../tests/support/sockets.js";
import { main } from "./main.js";

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

/** Runs the command until `act` is done with the ports of finger and of the setter. */
async function serveAnd(
  argv: readonly string[],
  act: (finger: number, setter: number) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  let done = Promise.resolve();
  let out = "";
  const { code, err } = await run([...argv, "--port", "0", "--setter", "0"], stop.signal, (text) => {
    out += text;
    const [finger, setter] = [...out.matchAll(/:(\d+)$/gm)].map(([, port]) => Number(port));
    if (finger !== undefined && setter !== undefined) done = act(finger, setter).finally(() => stop.abort());
  });
  await done;
  expect({ code, err }).toEqual({ code: 0, err: "" });
}

it("reads the users again when they change", async () => {
  const users = join(folder, "changing");
  await writeFile(users, "alice: here\n");
  await serveAnd(["--users", users, "--store", "memory:", "--limit", "rate=off"], async (finger) => {
    expect(await exchange(finger, ["alice\r\n"])).toBe("here\r\n");
    await writeFile(`${users}.new`, "alice: there\n");
    await rename(`${users}.new`, users);
    await expect.poll(() => exchange(finger, ["alice\r\n"]), { timeout: 10_000 }).toBe("there\r\n");
  });
});

it("keeps the limits that it is given, at the port of finger alone", async () => {
  const limits = ["--limit", "rate=1", "--limit", "query-time=0.5", "--limit", "query-bytes=20"];
  await serveAnd(["--store", "memory:", ...limits], async (finger, setter) => {
    const set = () => exchange(setter, ["alice\nOn the train, as yesterday\n"], { halfClose: true });
    expect(await exchange(finger, [])).toBe("");
    expect(await set()).toBe("OK\r\n");
    expect(await set()).toBe("OK\r\n");
    expect(await exchange(finger, ["alice\r\n"])).toBe("On the train, as yesterday\r\n");
    expect(await exchange(finger, ["alice\r\n"])).toMatch(/^Too many queries.*\r\n$/);
  });
});

it("keeps the statuses that are set, over its end, and tells of them beside the users", async () => {
  const store = `file:${join(folder, "statuses")}`;
  await serveAnd(["--store", store], async (finger, setter) => {
    expect(await exchange(setter, ["alice\r\nOn the train\r\n"], { halfClose: true })).toBe("OK\r\n");
    expect(await exchange(finger, ["alice\r\n"])).toBe("On the train\r\n");
  });
  await serveAnd(["--store", store, "--users", join(folder, "users")], async (finger, setter) => {
    expect(await exchange(finger, ["alice\r\n"])).toBe("On the train\r\n");
    const answer = await exchange(setter, ["mallory\r\nHere\r\n"], { halfClose: true });
    expect(answer).toBe("Refused: there is no such user.\r\n");
    expect(await exchange(finger, ["mallory\r\n"])).toBe("finger: mallory: no such user.\r\n");
  });
});

it.each([["--store"], ["--tokens"]])(
  "issues, lists and revokes tokens kept by %s, which the setter knows",
  async (option) => {
    const store = `file:${join(folder, `with${option}`)}`;
    const where = [option, option === "--store" ? store : join(folder, "tokens")];
    const token = (await run(["token", "issue", "alice", ...where])).out.trim();
    expect(token).toMatch(/^[\w-]{32}$/);
    expect((await run(["token", "list", ...where])).out).toBe("alice\n");
    await serveAnd([...new Set(["--store", store, ...where])], async (_, setter) => {
      const set = (line: string) => exchange(setter, [`${line}\nWell\n`], { halfClose: true });
      expect(await set(`alice ${token}`)).toBe("OK\r\n");
      expect(await set("alice guess")).toBe("Refused: that is not the token of alice.\r\n");
      expect(await set("alice")).toBe("Refused: it takes the token of alice.\r\n");
      expect(await set("bob")).toBe("OK\r\n");
    });
    expect(await run(["token", "revoke", "alice", ...where])).toEqual({ code: 0, out: "", err: "" });
    expect(await run(["token", "revoke", "alice", ...where])).toMatchObject({
      code: 67,
      err: 'finger-server: "alice" has no token\n',
    });
  },
);

it("takes the header of a proxy for who asks, at both ports", async () => {
  const store = `file:${join(folder, "proxied")}`;
  await serveAnd(["--store", store, "--proxy-protocol", "127.0.0.0/8,::1"], async (finger, setter) => {
    const header = (from: string) => `PROXY TCP4 ${from} 127.0.0.1 4000 79\r\n`;
    const set = (from: string) => exchange(setter, [`${header(from)}alice\nWell\n`], { halfClose: true });
    expect(await set("192.0.2.1")).toBe("Refused: from another machine it takes a token.\r\n");
    expect(await set("127.0.0.1")).toBe("OK\r\n");
    expect(await exchange(finger, [`${header("192.0.2.1")}alice\r\n`])).toBe("Well\r\n");
  });
});

it("listens on the host that it is given", async () => {
  expect((await run(["--users", join(folder, "users"), "--port", "0", "--host", "127.0.0.2"])).out).toContain(
    "127.0.0.2:",
  );
});

const FAILURES: ReadonlyArray<readonly [argv: string[], code: number, message: string, why: string]> = [
  [[], 64, "--users FILE", "nobody to answer for"],
  [["--users", "users", "--setter", "0"], 64, "where --setter is to keep statuses", "nowhere to keep them"],
  [["--store", "statuses"], 64, '"statuses" is no store; write file:FOLDER', "a store of no kind"],
  [["--store", "memory:", "--setter", "here"], 64, '--setter "here" is no address', "an address that is none"],
  [["--store", "memory:", "--setter", "::1:1079"], 64, '"::1:1079" is no address', "it could end anywhere"],
  [["--store", "memory:", "--workers", "2"], 64, "a memory of its own", "two memories"],
  [["--store", "memory:", "--workers", "0"], 64, '--workers "0" is no number of processes', "nobody to answer"],
  [["--store", "memory:", "--proxy-protocol", "lo"], 64, '"lo" is no network', "a network that is none"],
  [["--store", "redis://127.0.0.1:1"], 69, "redis://127.0.0.1:1", "a Redis that is not there"],
  [["token", "alice", "--store", "memory:"], 64, "write token issue LOGIN", "what to do with it"],
  [["token", "issue", "alice"], 64, "--store URL, or --tokens FILE", "nowhere to keep it"],
  [["token", "issue", "alice", "--store", "memory:"], 64, "would be gone at once", "a token for nobody"],
  [["token", "issue", "al ice", "--store", "file:x"], 64, '"al ice" is no login', "nobody could use it"],
  [["--store", "file://x"], 64, "is no store", "x would be a host"],
  [["--store", "memory:", "--tokens", "x"], 64, "--tokens is for --setter", "nobody asks for them"],
  [["serve"], 64, 'there is no command "serve"', "a command that there is not"],
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
