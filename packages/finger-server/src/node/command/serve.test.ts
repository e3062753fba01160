import { once } from "node:events";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { awaitFile, eventually, freshPath, writeScript } from "../../../../../tests/support/programs.js";
import {
  freshFolder,
  type RunningServer,
  runServer,
  startServer,
} from "../../../../../tests/support/server-command.js";
import { exchange } from "../../../../../tests/support/sockets.js";

/** Writes a file of a fresh folder. */
function write(text: string, name = "users"): string {
  const path = join(freshFolder(), name);
  writeFileSync(path, text);
  return path;
}

/** Replaces a file as a whole. */
function replace(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

const ask = (server: RunningServer, query = "alice") => exchange(server.port(), [`${query}\r\n`]);

it("answers from a users file until it is told to stop, and then ends with 0", async () => {
  const server = await startServer(["--users", write("alice: Happy and well\n")]);
  expect(await ask(server)).toBe("Happy and well\r\n");
  expect(await ask(server, "")).toBe("Login  Status\r\nalice  Happy and well\r\n");
  expect(await server.stop()).toBe(0);
  expect(server.log().map(({ level, msg }) => `${level} ${msg}`)).toEqual([
    `info 1 user on 127.0.0.1:${server.port()}`,
    "info ends when what was asked is answered",
  ]);
});

it("listens where it is told to", async () => {
  const server = await startServer(["--users", write("alice: here\n"), "--host", "127.0.0.2"]);
  expect(server.log()[0]?.msg).toBe(`1 user on 127.0.0.2:${server.port()}`);
});

it("reads the users again when they change", async () => {
  const users = write("alice: here\n");
  const server = await startServer(["--users", users, "--limit", "rate=off"]);
  expect(await ask(server)).toBe("here\r\n");
  replace(users, "alice: there\n");
  await expect.poll(() => ask(server), { timeout: 10_000 }).toBe("there\r\n");
});

it("keeps the limits that it is given, at the port of finger alone", async () => {
  const limits = ["--limit", "rate=1", "--limit", "query-time=0.5", "--limit", "query-bytes=20"];
  const server = await startServer(["--store", "memory:", "--setter", "0", ...limits]);
  const set = () => exchange(server.port("setter"), ["alice\nOn the train, as yesterday\n"], { halfClose: true });
  expect(await exchange(server.port(), [])).toBe("");
  expect(await set()).toBe("OK\r\n");
  expect(await set()).toBe("OK\r\n");
  expect(await ask(server)).toBe("On the train, as yesterday\r\n");
  expect(await ask(server)).toMatch(/^Too many queries.*\r\n$/);
});

it("keeps the statuses that are set in a folder of its own, over its end", async () => {
  const env = { STATE_DIRECTORY: freshFolder() };
  const first = await startServer(["--setter", "0"], { env });
  expect(await exchange(first.port("setter"), ["alice\nOn the train\n"], { halfClose: true })).toBe("OK\r\n");
  await first.stop();
  expect(existsSync(join(env.STATE_DIRECTORY, "statuses"))).toBe(true);
  const second = await startServer([], { env });
  expect(await ask(second)).toBe("On the train\r\n");
  const where = `statuses are kept in ${join(env.STATE_DIRECTORY, "statuses")}`;
  expect(first.log().map(({ msg }) => msg)).toContain(where);
  expect(second.err()).toContain(`${where}; nobody can set any before there is a setter, such as --setter 1079`);
});

it("keeps the statuses of FINGER_STORE, of those users only that there are", async () => {
  const env = { FINGER_STORE: `file:${freshFolder()}` };
  const server = await startServer(["--users", write("alice: here\n"), "--setter", "0"], { env });
  const set = (login: string) => exchange(server.port("setter"), [`${login}\nOn the train\n`], { halfClose: true });
  expect(await set("alice")).toBe("OK\r\n");
  expect(await set("mallory")).toBe("Refused: there is no such user.\r\n");
  expect(await ask(server)).toBe("On the train\r\n");
  expect(await ask(server, "mallory")).toBe("finger: mallory: no such user.\r\n");
});

it("takes the header of a proxy for who asks, at both ports", async () => {
  const server = await startServer(["--store", "memory:", "--setter", "0", "--proxy-protocol", "127.0.0.0/8,::1"]);
  const header = (from: string) => `PROXY TCP4 ${from} 127.0.0.1 4000 79\r\n`;
  const set = (from: string) => exchange(server.port("setter"), [`${header(from)}alice\nWell\n`], { halfClose: true });
  expect(await set("192.0.2.1")).toBe("Refused: from another machine it takes a token.\r\n");
  expect(await set("127.0.0.1")).toBe("OK\r\n");
  expect(await exchange(server.port(), [`${header("192.0.2.1")}alice\r\n`])).toBe("Well\r\n");
});

/** Starts a server by a config, and gives what changes that. */
async function startByConfig(text: string) {
  const folder = freshFolder();
  writeFileSync(join(folder, "users"), "alice: here\nbob: there\n");
  const config = join(folder, "finger.config.yaml");
  writeFileSync(config, text);
  const server = await startServer(["--config", config]);
  const reloads = () => server.log().filter(({ level, msg }) => level === "error" || /^the config.*again/.test(msg));
  const reload = async (next?: string) => {
    const before = reloads().length;
    if (next !== undefined) replace(config, next);
    server.raise("SIGHUP");
    await eventually(() => reloads().length > before);
    return reloads().at(-1);
  };
  return { server, folder, reload };
}

it("goes by another config on SIGHUP: users, aliases, limits and texts", async () => {
  const { server, folder, reload } = await startByConfig("users: users\nlisten: 0\nlimits: { rate: false }\n");
  expect(await ask(server)).toBe("here\r\n");
  expect(await ask(server, "ally")).toBe("finger: ally: no such user.\r\n");
  writeFileSync(join(folder, "others"), "alice: elsewhere\n");
  const next = "users: others\nlisten: 0\naliases: { ally: alice }\ntexts: { noSuchUser: 'Who is {name}?' }\n";
  expect(await reload(`${next}limits: { rate: false }\n`)).toMatchObject({ level: "info" });
  expect(await ask(server)).toBe("elsewhere\r\n");
  expect(await ask(server, "ally")).toBe("elsewhere\r\n");
  expect(await ask(server, "bob")).toBe("Who is bob?\r\n");
  expect(await reload(`${next}limits: { rate: 1 }\n`)).toMatchObject({ level: "info" });
  const answers = [await ask(server), await ask(server)];
  expect(answers[1]).toMatch(/^Too many queries/);
});

it("reads users again on SIGHUP when the config is as before", async () => {
  const { server, folder, reload } = await startByConfig("users: users\nlisten: 0\n");
  writeFileSync(join(folder, "users"), "alice: back\n");
  await reload();
  expect(await ask(server)).toBe("back\r\n");
});

const BAD_CONFIGS: ReadonlyArray<[text: string, message: string, why: string]> = [
  ["userz: users\nlisten: 0\n", 'did you mean "users"?', "a key is misspelt"],
  ["users: [\n", "finger.config.yaml, line", "it is no YAML"],
  ["users: missing\nlisten: 0\n", "there is no such file", "its users are not there"],
  [
    "users: users\nlisten: 0\nsystem: { programs: { home: true } }\nprocess: { user: nobody }\n",
    "only a server that stays root can run ~/.efingerd as its user",
    "it would not be root when it is started anew",
  ],
  ["users: users\nlisten: { address: 0, proxyProtocol: [10.0.0.0/8] }\n", "restart", "a port cannot change its manner"],
];

it.each(BAD_CONFIGS)("stays as it was when the config becomes %j, and logs %j: %s", async (text, message) => {
  const { server, reload } = await startByConfig("users: users\nlisten: 0\n");
  const line = await reload(text);
  expect(line).toMatchObject({ level: "error", msg: expect.stringContaining(message) });
  expect(await ask(server)).toBe("here\r\n");
  expect(await reload("users: users\nlisten: 0\nlist: false\n")).toMatchObject({ level: "info" });
  expect(await ask(server, "")).toBe("Finger online user list denied\r\n");
});

it("tells what waits for a restart, and goes by another log level at once", async () => {
  const { server, folder, reload } = await startByConfig("users: users\nlisten: 0\nlimits: { rate: false }\n");
  const next = "users: users\nlisten: 0\nprocess: { drain: 100 }\n";
  await reload(next);
  expect(server.log().filter(({ level }) => level === "warn")).toMatchObject([
    { msg: "what is said of the process is heeded when it is started anew" },
  ]);
  replace(join(folder, "finger.config.yaml"), `${next}list: false\nlimits: { rate: false }\nlog: { level: warn }\n`);
  server.raise("SIGHUP");
  await expect.poll(() => ask(server, "")).toBe("Finger online user list denied\r\n");
  await server.stop();
  expect(server.err()).not.toContain("ends when what was asked is answered");
});

it("logs each query and each setting when it is asked to, and no word of them otherwise", async () => {
  const argv = ["--store", "memory:", "--setter", "0"];
  const server = await startServer([...argv, "--audit"]);
  const mute = await startServer(argv);
  for (const one of [server, mute]) {
    await exchange(one.port("setter"), ["alice\nHere\n"], { halfClose: true });
    await ask(one);
    await one.stop();
  }
  const audit = server.log().filter(({ msg }) => msg === "query" || msg === "set");
  expect(audit).toEqual([
    expect.objectContaining({ msg: "set", login: "alice", outcome: "set" }),
    expect.objectContaining({ msg: "query", query: "alice", kind: "user", outcome: "answered" }),
  ]);
  expect(mute.err()).not.toContain("alice");
});

it("leaves names out of an audit that is redacted", async () => {
  const config = write("users: users\nlisten: 0\nlog: { audit: redacted }\n", "c.yaml");
  writeFileSync(join(config, "..", "users"), "alice: here\n");
  const server = await startServer(["--config", config]);
  await ask(server);
  await server.stop();
  expect(await server.logged("query")).toMatchObject({ kind: "user", outcome: "answered" });
  expect(server.err()).not.toContain("alice");
});

const LEVELS: ReadonlyArray<[level: string, lines: number]> = [
  ["debug", 2],
  ["info", 2],
  ["warn", 0],
  ["error", 0],
];

it.each(LEVELS)("logs at level %s %i lines of a quiet life", async (level, lines) => {
  const server = await startServer(["--users", write("alice: here\n"), "--log-level", level]);
  await server.stop();
  expect(server.log()).toHaveLength(lines);
});

const FORMATS: ReadonlyArray<[argv: string[], isTerminal: boolean, line: RegExp, why: string]> = [
  [[], false, /^\{"time":"/, "a program reads it"],
  [[], true, /^\d\d:\d\d:\d\d info {2}1 user on /, "somebody looks on, and knows the day"],
  [["--log-format", "human"], false, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ info {2}1 user on /, "people read it later"],
  [["--log-format", "json"], true, /^\{"time":"/, "it is asked for"],
];

it.each(FORMATS)("logs, of %j and to a terminal: %j, like %s: %s", async (argv, isTerminal, line) => {
  const server = await startServer(["--users", write("alice: here\n"), ...argv], { isTerminal });
  expect(await server.stop()).toBe(0);
  expect(server.err()).toMatch(line);
});

it("logs to a file for itself, and goes on in another on SIGUSR1", async () => {
  const folder = freshFolder();
  const logfile = join(folder, "log");
  const server = await startServer(["--users", write("alice: here\n"), "--logfile", logfile]);
  renameSync(logfile, join(folder, "log.1"));
  server.raise("SIGUSR1");
  await server.stop();
  expect(server.err()).toBe("");
  expect(readFileSync(join(folder, "log.1"), "utf8")).toContain("1 user on");
  expect(readFileSync(logfile, "utf8")).toContain("ends when what was asked is answered");
});

/** Starts a server of which an answer lasts until a file is there. */
async function startSlow(more: string) {
  const gate = freshPath();
  const program = writeScript(`echo one; ${awaitFile(gate)}; echo two`);
  const config = write(`routes: { slow: { program: [${program}, --, "{name}"] } }\nlisten: 0\n${more}`, "c.yaml");
  const server = await startServer(["--config", config]);
  const socket = connect(server.port(), "127.0.0.1");
  socket.write("slow:x\r\n");
  let answer = "";
  socket.on("data", (text) => {
    answer += text;
  });
  socket.on("error", () => {});
  const closed = once(socket, "close");
  await eventually(() => answer.startsWith("one"));
  return { server, closed, answer: () => answer, open: () => writeFileSync(gate, "") };
}

it("answers what was asked before it ends, and nobody else", async () => {
  const { server, closed, answer, open } = await startSlow("");
  const port = server.port();
  const ended = server.stop();
  await server.logged("ends when");
  await expect.poll(() => exchange(port, ["alice\r\n"]).catch(({ code }) => code)).toBe("ECONNREFUSED");
  open();
  await closed;
  expect(answer()).toBe("one\r\ntwo\r\n");
  expect(await ended).toBe(0);
});

it("cuts off what takes longer than the time that the config gives", async () => {
  const { server, closed, answer } = await startSlow("process: { drain: 100 }\n");
  expect(await server.stop()).toBe(0);
  await closed;
  expect(answer()).toMatch(/^one\r\n/);
  expect(answer()).not.toContain("two");
});

it("cuts off all when it is told a second time", async () => {
  const { server, closed, answer } = await startSlow("process: { drain: 600000 }\n");
  void server.stop();
  await server.logged("ends when");
  expect(await server.stop()).toBe(0);
  await closed;
  expect(answer()).not.toContain("two");
});

it("ends with 0 when it is told to stop before it has started", async () => {
  const argv = ["--users", write("alice: here\n"), "--port", "0"];
  expect(await runServer(argv, { signal: AbortSignal.abort() })).toEqual({ code: 0, out: "", err: "" });
});

it("ends with 0 when it is told to stop while it starts", async () => {
  const stop = new AbortController();
  const module = write(
    `export default () => ({ service: { name: "slow", stop: async () => {}, start: (signal) => new Promise((_, reject) => {
       signal.addEventListener("abort", () => reject(signal.reason));
       globalThis.fingerTestStarts();
     }) } });`,
    "slow.mjs",
  );
  const started = new Promise<void>((resolve) => vi.stubGlobal("fingerTestStarts", resolve));
  const config = write(`plugins: { slow: { module: ${module} } }\nlisten: 0\n`, "c.yaml");
  const ended = runServer(["--config", config], { signal: stop.signal });
  await started;
  stop.abort();
  expect(await ended).toEqual({ code: 0, out: "", err: "" });
  vi.unstubAllGlobals();
});

it("applies the umask and the directory to its process", async () => {
  const before = { umask: process.umask(), directory: process.cwd() };
  const directory = freshFolder();
  try {
    await startServer(["--users", write("alice: here\n"), "--umask", "027", "--directory", directory]);
    expect({ umask: process.umask(), directory: process.cwd() }).toEqual({ umask: 0o027, directory });
  } finally {
    process.umask(before.umask);
    process.chdir(before.directory);
  }
});
