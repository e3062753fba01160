import { execFileSync } from "node:child_process";
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause, setImmediate as tick } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FileProvider, type FileProviderOptions, fileProvider } from "./file-provider.js";

const isWindows = process.platform === "win32";

let folder: string;
let path: string;
let errors: unknown[];
let opened: FileProvider[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "finger-users-"));
  path = join(folder, "users");
  errors = [];
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((users) => users.stop()));
  await rm(folder, { recursive: true });
});

/** Looks often, so that tests need not wait. */
function provide(file: string = path, options: FileProviderOptions = {}): FileProvider {
  const users = fileProvider(file, { pollInterval: 5, onError: (error) => errors.push(error), ...options });
  opened.push(users);
  return users;
}

async function replace(content: string, file: string = path): Promise<void> {
  await writeFile(`${file}~`, content);
  await rename(`${file}~`, file);
}

const statusOf = async (users: FileProvider, login: string) => (await users.lookup(login))?.status;

const becomes = async (users: FileProvider, login: string, status: string | undefined) =>
  expect.poll(() => statusOf(users, login), { interval: 5, timeout: 10_000 }).toBe(status);

const WAYS: ReadonlyArray<readonly [way: string, options: FileProviderOptions]> = [
  ["by events alone", { pollInterval: 1_000_000 }],
  ["by polling alone", { watch: false }],
];

describe.each(WAYS)("%s", (_, options) => {
  it("sees a file that is renamed into place, again and again, and forgets who is not in it", async () => {
    await replace("alice: one\nbob: here\n");
    const users = provide(path, options);
    expect(await statusOf(users, "alice")).toBe("one");
    await replace("alice: two\n");
    await becomes(users, "alice", "two");
    expect(await users.lookup("bob")).toBeUndefined();
    await replace("alice: three\n");
    await becomes(users, "alice", "three");
    expect(errors).toEqual([]);
  });

  it("sees a file that is written in place", async () => {
    await writeFile(path, "alice: one\n");
    const users = provide(path, options);
    await users.start();
    await writeFile(path, "alice: two\n");
    await becomes(users, "alice", "two");
  });

  it("sees files that come, change and go in a directory", async () => {
    await mkdir(path);
    await writeFile(join(path, "alice"), "one");
    const users = provide(path, options);
    expect(await statusOf(users, "alice")).toBe("one");
    await writeFile(join(path, "alice"), "two");
    await becomes(users, "alice", "two");
    await writeFile(join(path, "bob.json"), '{"status": "here"}');
    await becomes(users, "bob", "here");
    await rm(join(path, "alice"));
    await becomes(users, "alice", undefined);
    expect(errors).toEqual([]);
  });

  it("sees a file that comes back", async () => {
    await writeFile(path, "alice: one\n");
    const users = provide(path, options);
    await users.start();
    await rm(path);
    await expect.poll(() => errors.length, { interval: 5 }).toBe(1);
    expect(await statusOf(users, "alice")).toBe("one");
    await writeFile(path, "alice: two\n");
    await becomes(users, "alice", "two");
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining("there is no such file") })]);
  });
});

it.skipIf(isWindows)("sees another file behind a link, as Kubernetes changes a volume", async () => {
  for (const version of ["1", "2"]) {
    await mkdir(join(folder, `..${version}`));
    await writeFile(join(folder, `..${version}/users`), `alice: ${version}\n`);
  }
  await symlink("..1", join(folder, "..data"));
  await symlink("..data/users", path);
  const users = provide(path, { pollInterval: 1_000_000 });
  expect(await statusOf(users, "alice")).toBe("1");
  await symlink("..2", join(folder, "..new"));
  await rename(join(folder, "..new"), join(folder, "..data"));
  await becomes(users, "alice", "2");
});

it("never shows half of a file, while others rename and rewrite it", async () => {
  const size = 200;
  const toText = (round: string) => Array.from({ length: size }, (_, index) => `user${index}: ${round}\n`).join("");
  await writeFile(path, toText("start"));
  const users = provide();
  await users.start();
  const rounds = new Set<string>();
  const check = async () => {
    const seen = await users.list();
    rounds.add([...new Set(seen.map(({ status }) => status))].join(" and "));
    expect(seen).toHaveLength(size);
  };
  const writeInSteps = async (round: string) => {
    const text = toText(round);
    const handle = await open(path, "w");
    for (let start = 0; start < text.length; start += 700) {
      await handle.write(text.slice(start, start + 700));
      await check();
      await tick();
    }
    await handle.close();
  };
  for (let round = 0; round < 8; round++) {
    await writeInSteps(`written${round}`);
    await writeInSteps(`again${round}`);
    await becomes(users, "user0", `again${round}`);
    await check();
    await replace(toText(`renamed${round}`));
    await becomes(users, "user0", `renamed${round}`);
    await check();
  }
  expect([...rounds].filter((statuses) => statuses.includes(" and "))).toEqual([]);
  expect(rounds.size).toBeGreaterThan(8);
  expect(errors).toEqual([]);
});

it("waits for more when a file is suddenly empty, even if its writer takes a break", async () => {
  await writeFile(path, "alice: one\n");
  const users = provide();
  await users.start();
  await writeFile(path, "");
  for (let breaks = 0; breaks < 20; breaks++) {
    expect(await statusOf(users, "alice")).toBe("one");
    await pause(10); // The break of the writer.
  }
  await writeFile(path, "alice: two\n");
  await becomes(users, "alice", "two");
});

it("does not believe that a file without a byte is meant, says so once, and believes a comment", async () => {
  await writeFile(path, "alice: one\n");
  const users = provide();
  await users.start();
  await writeFile(path, "");
  await expect.poll(() => errors, { timeout: 10_000 }).toHaveLength(1);
  expect(String(errors[0])).toContain("it is empty, and had 1 users; write a comment into it if that is meant");
  expect(await statusOf(users, "alice")).toBe("one");
  await writeFile(path, "# nobody any more\n");
  await becomes(users, "alice", undefined);
  expect(await users.list()).toEqual([]);
  expect(errors).toHaveLength(1);
});

it("shows no part of a file whose writer stops for a moment now and then", async () => {
  const toText = (status: string, from = 0, to = 40) =>
    Array.from({ length: to - from }, (_, index) => `user${from + index}: ${status}\n`).join("");
  await writeFile(path, toText("one"));
  const users = provide();
  await users.start();
  await writeFile(path, "");
  for (let from = 0; from < 40; from += 10) {
    await appendFile(path, toText("two", from, from + 10));
    for (let breaks = 0; breaks < 8; breaks++) {
      expect(await users.list()).toHaveLength(40);
      await pause(10); // The break of the writer.
    }
  }
  await becomes(users, "user39", "two");
});

it("may be started again before its stop is over", async () => {
  await writeFile(path, "alice: one\n");
  const users = provide();
  const [first, , second] = [users.start().catch(() => {}), users.stop(), users.start()];
  await Promise.all([first, second]);
  expect(await statusOf(users, "alice")).toBe("one");
});

it("keeps the last good set when a line is bad, and reports it once, with its number", async () => {
  await replace("alice: one\nbob: here\n");
  const users = provide();
  await users.start();
  await replace("alice: two\nbob\n");
  await expect.poll(() => errors.length, { interval: 5 }).toBe(1);
  expect(errors[0]).toMatchObject({
    code: "ERR_FINGER_USERS_FILE",
    message: expect.stringContaining("users, line 2:"),
  });
  expect(await users.list()).toEqual([
    { login: "alice", status: "one" },
    { login: "bob", status: "here" },
  ]);
  await users.reload().catch(() => undefined);
  await replace("alice: three\n");
  await becomes(users, "alice", "three");
  expect(errors).toHaveLength(1);
  await replace("alice: two\nbob\n");
  await expect.poll(() => errors.length, { interval: 5 }).toBe(2);
});

const ACCIDENTS: ReadonlyArray<readonly [what: string, happen: () => Promise<unknown>, message: string]> = [
  ["a directory", () => mkdir(path), "it is a directory now, and was a file"],
  ["a FIFO", async () => execFileSync("mkfifo", [path]), "it is no regular file"],
  ["a link to nothing", () => symlink("nowhere", path), "there is no such file"],
  ["a link to itself", () => symlink("users", path), "its links lead in a circle"],
];

it.skipIf(isWindows).each(ACCIDENTS)(
  "keeps the last good set when there is %s in place of the file",
  async (_, happen, message) => {
    await replace("alice: one\n");
    const users = provide();
    await users.start();
    await rm(path);
    await happen();
    const messages = () => errors.map((error) => (error as Error).message);
    await expect
      .poll(() => messages().at(-1), { interval: 5 })
      .toBe(`The users file ${path} cannot be read: ${message}.`);
    expect(await statusOf(users, "alice")).toBe("one");
    await rm(path, { recursive: true });
    await replace("alice: two\n");
    await becomes(users, "alice", "two");
    expect(messages().filter((told) => told.includes(message))).toHaveLength(1);
  },
);

it.skipIf(isWindows || process.getuid?.() === 0)("keeps the last good set while the file may not be read", async () => {
  await replace("alice: one\n");
  const users = provide();
  await users.start();
  await chmod(path, 0);
  await expect.poll(() => String(errors.at(-1)), { interval: 5 }).toContain("it may not be read");
  expect(await statusOf(users, "alice")).toBe("one");
  await chmod(path, 0o600);
  await replace("alice: two\n");
  await becomes(users, "alice", "two");
  expect(errors).toHaveLength(1);
});

it("rejects the start and questions while there is no good set, and recovers by itself", async () => {
  const users = provide();
  const missing = { code: "ERR_FINGER_USERS_FILE", cause: { code: "ENOENT" } };
  await expect(users.start()).rejects.toMatchObject(missing);
  await expect(users.lookup("alice")).rejects.toMatchObject(missing);
  await expect(users.list()).rejects.toMatchObject(missing);
  expect(errors).toEqual([]);
  await replace("alice\n");
  await expect.poll(() => errors.length, { interval: 5 }).toBe(1);
  await expect(users.lookup("alice")).rejects.toThrow('users, line 1: "alice" cannot be read');
  await replace("alice: Well\n");
  await expect.poll(() => users.lookup("alice").catch(() => undefined), { interval: 5 }).toBeDefined();
  expect(errors).toHaveLength(1);
});

it("reads once for all who wait for the first set", async () => {
  await replace("alice: Well\n");
  const users = provide();
  const answers = await Promise.all(Array.from({ length: 100 }, () => statusOf(users, "alice")));
  expect(new Set(answers)).toEqual(new Set(["Well"]));
});

it("answers without a wait once there is a set, and asks for no signal", async () => {
  await replace("alice: Well\n");
  const users = provide();
  await users.start();
  const untouchable = Object.defineProperty({}, "signal", { get: () => expect.unreachable() }) as never;
  let status: string | undefined;
  const answered = users.lookup("alice", untouchable).then((user) => {
    status = user?.status;
  });
  await null;
  expect(status).toBe("Well");
  await answered;
});

it("finds a name however it is composed, and no name that every object has", async () => {
  await replace("Jose\u0301: decomposed\nMu\u0308ller: too\n");
  const users = provide();
  expect(await statusOf(users, "Jos\u00e9")).toBe("decomposed");
  expect(await statusOf(users, "Mu\u0308ller")).toBe("too");
  for (const name of ["constructor", "__proto__", "toString", ""]) expect(await users.lookup(name)).toBeUndefined();
});

it("yields who was added, changed and removed, and ends when it is aborted", async () => {
  await replace("alice: one\nbob: here\ncarol: same\n");
  const users = provide();
  await users.start();
  const stop = new AbortController();
  const changed: unknown[] = [];
  const ended = (async () => {
    for await (const { login } of users.watch(stop.signal)) changed.push(login);
  })();
  await replace("alice: two\ncarol: same\ndave: new\n");
  await expect.poll(() => [...changed].sort(), { interval: 5 }).toEqual(["alice", "bob", "dave"]);
  stop.abort();
  await ended;
});

it("follows the file for those who only watch, and takes the first set for no change", async () => {
  await replace("alice: one\n");
  const users = provide();
  const changes = users.watch(new AbortController().signal)[Symbol.asyncIterator]();
  const change = changes.next();
  expect(await statusOf(users, "alice")).toBe("one");
  await replace("alice: one\nbob: new\n");
  expect(await change).toEqual({ value: { login: "bob" }, done: false });
});

it("yields nothing for records that say the same in another order", async () => {
  path = join(folder, "users.json");
  await replace('{"alice": {"name": "Al", "plan": "x"}, "bob": "one"}');
  const users = provide(path);
  await users.start();
  const changes = users.watch(new AbortController().signal)[Symbol.asyncIterator]();
  await replace('{"bob": "two", "alice": {"plan": "x", "name": "Al"}}');
  expect(await changes.next()).toEqual({ value: { login: "bob" }, done: false });
  expect((await users.list()).map(({ login }) => login)).toEqual(["bob", "alice"]);
});

it("reloads at once, and says what is wrong", async () => {
  await replace("alice: one\n");
  const users = provide(path, { watch: false, pollInterval: 1_000_000 });
  await users.reload();
  await replace("alice: two\n");
  await users.reload();
  expect(await statusOf(users, "alice")).toBe("two");
  await replace("alice\n");
  await expect(users.reload()).rejects.toThrow("users, line 1:");
  expect(await statusOf(users, "alice")).toBe("two");
  expect(errors).toEqual([]);
});

it("answers from the last set when it was stopped, and follows the file again when it is started", async () => {
  await replace("alice: one\n");
  const users = provide();
  await users.start();
  await users.stop();
  await replace("alice: two\n");
  await pollOnce(users);
  expect(await statusOf(users, "alice")).toBe("one");
  await users.start();
  expect(await statusOf(users, "alice")).toBe("two");
});

/** Lets another provider see the file, so that this one could have seen it, too. */
async function pollOnce(users: FileProvider): Promise<void> {
  const other = provide();
  await other.start();
  await replace(`${await readFile(path, "utf8")}other: seen\n`);
  await becomes(other, "other", "seen");
  expect(await users.lookup("other")).toBeUndefined();
}

it("is stopped in the middle of its first read, and then has no answers", async () => {
  await replace("alice: one\n");
  const users = provide();
  const aborted = { code: "ERR_FINGER_ABORTED" };
  const started = expect(users.start()).rejects.toMatchObject(aborted);
  const answered = expect(users.lookup("alice")).rejects.toMatchObject(aborted);
  await users.stop();
  await Promise.all([started, answered]);
  await expect(users.lookup("alice")).rejects.toMatchObject(aborted);
  expect(errors).toEqual([]);
});

it("starts no timer before it is asked, and leaves none when it is stopped", async () => {
  await replace("alice: one\n");
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const users = provide();
    expect(vi.getTimerCount()).toBe(0);
    await users.lookup("alice");
    expect(vi.getTimerCount()).toBe(1);
    await users[Symbol.asyncDispose]();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it.skipIf(process.platform !== "linux")("leaves no watch and no file open when it is stopped", async () => {
  await mkdir(path);
  await writeFile(join(path, "alice"), "one");
  const before = await countOpen();
  for (let round = 0; round < 20; round++) {
    const users = provide(path);
    await users.start();
    expect((await countOpen()).watches).toBe(before.watches + 2);
    await users.stop();
  }
  const after = await countOpen();
  expect(after.watches).toBe(before.watches);
  expect(after.files).toBeLessThan(before.files + 5); // The loop of the process keeps one for all watches.
});

/** What Linux has open for this process: descriptors, and the watches behind them. */
async function countOpen(): Promise<{ files: number; watches: number }> {
  const infos = await readdir("/proc/self/fdinfo");
  const texts = await Promise.all(infos.map((fd) => readFile(`/proc/self/fdinfo/${fd}`, "utf8").catch(() => "")));
  return { files: infos.length, watches: texts.join("\n").match(/^inotify wd:/gm)?.length ?? 0 };
}

it("keeps no process alive", async () => {
  await replace("alice: one\n");
  const [setInterval, clearInterval] = [vi.spyOn(globalThis, "setInterval"), vi.spyOn(globalThis, "clearInterval")];
  try {
    await provide(path, { pollInterval: 1_000_000 }).start();
    const cleared = new Set<unknown>(clearInterval.mock.calls.map(([timer]) => timer));
    const running = setInterval.mock.results.map(({ value }) => value).filter((timer) => !cleared.has(timer));
    expect(running.map((timer) => timer.hasRef())).toEqual([false]);
    expect(process.getActiveResourcesInfo()).not.toContain("FSEventWrap");
  } finally {
    setInterval.mockRestore();
    clearInterval.mockRestore();
  }
});

it("follows 10,000 users", async () => {
  const toText = (round: number) => Array.from({ length: 10_000 }, (_, index) => `user${index}: ${round}\n`).join("");
  await replace(toText(1));
  const users = provide();
  expect(await statusOf(users, "user9999")).toBe("1");
  await replace(toText(2));
  await becomes(users, "user9999", "2");
  const statuses = await Promise.all(Array.from({ length: 10_000 }, (_, index) => statusOf(users, `user${index}`)));
  expect(new Set(statuses)).toEqual(new Set(["2"]));
  expect(await users.list()).toHaveLength(10_000);
});

const WRONG: ReadonlyArray<readonly [path: unknown, options: object, message: string, kind: typeof Error]> = [
  ["", {}, "The path of the users file must be a text that is not empty", TypeError],
  [5, {}, "The path of the users file must be a text that is not empty, but is 5", TypeError],
  ["users", { pollInterval: 0 }, "pollInterval must be a whole number from 1 to 2147483647, but is 0", RangeError],
  ["users", { pollInterval: 2 ** 31 }, "pollInterval must be a whole number", RangeError],
  ["users", { pollInterval: "5" }, "pollInterval must be a whole number", RangeError],
  ["users", { maxBytes: -1 }, "maxBytes must be a whole number", RangeError],
  ["users", { watch: 1 }, "watch must be true or false, but is 1", TypeError],
  ["users", { onError: "log" }, "onError must be a function, but is log", TypeError],
];

it.each(WRONG)("refuses the path %j with %o: %s", (given, options, message, kind) => {
  expect(() => fileProvider(given as string, options)).toThrow(kind);
  expect(() => fileProvider(given as string, options)).toThrow(message);
});

it("is a service with a name, and takes undefined for the default", () => {
  const options = { pollInterval: undefined, watch: undefined, maxBytes: undefined, onError: undefined };
  expect(fileProvider("users", options).name).toBe("users file users");
});

it("warns the process when nobody else wants to know", async () => {
  await replace("alice: one\n");
  const users = provide(path, { onError: undefined });
  await users.start();
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  try {
    await replace("alice\n");
    await expect.poll(() => warn.mock.calls.length, { interval: 5 }).toBe(1);
    expect(warn.mock.calls[0]?.[0]).toMatchObject({ code: "ERR_FINGER_USERS_FILE" });
  } finally {
    warn.mockRestore();
  }
});
