import { once } from "node:events";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { createFingerServer, type LookupProvider } from "finger-server";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  ask,
  eventually,
  FOLDER,
  freshPath,
  haveEnded,
  look,
  nextText,
  open,
  read,
  toNumbers,
  writeScript,
} from "../../../../tests/support/programs.js";
import { exchange } from "../../../../tests/support/sockets.js";
import { commandProvider } from "./command-provider.js";
import type { CommandOptions } from "./program/options.js";

function shell(body: string, options?: CommandOptions): LookupProvider {
  const argv = [writeScript(body), "--", "{name}"];
  return commandProvider(argv, { cwd: FOLDER, env: { PATH: "/usr/bin:/bin" }, ...options });
}

const NAMES: ReadonlyArray<readonly [name: string, why: string]> = [
  ["alice", "a plain name"],
  ["$(touch pwned)", "no command is substituted"],
  ["`touch pwned`", "nor in the old way"],
  ["a; touch pwned", "no list of commands"],
  ["a | touch pwned", "no pipe"],
  ["a && touch pwned &", "no condition, no job"],
  ["a > pwned", "no redirection"],
  ["$HOME $0 $1", "no variable"],
  ["* ? [a-z] ~", "no file names"],
  [`' " \\`, "no quoting"],
  ["-l", "an option is a name behind --"],
  ["--help", "a long one too"],
  ["--", "even the end of options"],
  ["{name}", "the placeholder itself"],
  ["a b\tc", "blanks part nothing"],
  ["a\nb", "nor does a line end"],
  ["Zoë 🙂", "UTF-8"],
];

describe("the arguments", () => {
  const echo = shell('printf "%s:" "$#" "$@"');

  it.each(NAMES)("pass %j as one argument: %s", async (name) => {
    expect(await ask(echo, name)).toBe(`1:${name}:`);
    expect(existsSync(join(FOLDER, "pwned"))).toBe(false);
  });

  it("pass any name as it is", async () => {
    const names = fc.string({ unit: "grapheme", minLength: 1 }).filter((name) => !/[\0@]/.test(name));
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        expect(await ask(echo, name)).toBe(`1:${name}:`);
      }),
      { numRuns: 30 },
    );
  });

  it("are copied", async () => {
    const argv = ["/bin/echo", "--", "{name}"];
    const provider = commandProvider(argv);
    argv[0] = "/bin/false";
    expect(await ask(provider)).toContain("alice");
  });
});

const UNASKED: ReadonlyArray<readonly [name: string, options: CommandOptions, why: string]> = [
  ["", {}, "nobody has no name"],
  ["alice@host", {}, "finger(1) would ask the host"],
  ["al\0ice", { accept: () => true }, "no argument can hold a NUL"],
  ["bob", { accept: (name) => name === "alice" }, "only those that are accepted"],
];

it.each(UNASKED)("does not run a program for %j: %s", async (name, options) => {
  const flag = freshPath();
  expect(await ask(shell(`touch ${flag}; echo ran`, options), name)).toBe(undefined);
  expect(existsSync(flag)).toBe(false);
});

it("runs a program for a name with an @ when that is accepted", async () => {
  expect(await ask(shell('echo "$1"', { accept: () => true }), "alice@host")).toBe("alice@host\n");
});

describe("the surroundings", () => {
  const inspect = (code: string, options?: CommandOptions) =>
    ask(commandProvider([process.execPath, "-e", code, "--", "{name}"], options));

  it("have no variable of ours", async () => {
    vi.stubEnv("NODE_V8_COVERAGE", freshPath());
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const names = JSON.parse((await inspect("console.log(JSON.stringify(Object.keys(process.env)))")) ?? "");
    expect(names.filter((name: string) => name !== "__CF_USER_TEXT_ENCODING")).toEqual([]);
  });

  it("have the variables that are given", async () => {
    expect(await inspect("console.log(process.env.LANG)", { env: { LANG: "C.UTF-8" } })).toBe("C.UTF-8\n");
  });

  it("are the root directory, or another", async () => {
    expect(await inspect("console.log(process.cwd())")).toBe("/\n");
    expect(await inspect("console.log(process.cwd())", { cwd: FOLDER })).toBe(`${FOLDER}\n`);
  });

  it("have no input", async () => {
    expect(await ask(shell("cat; echo end"))).toBe("end\n");
  });

  it.skipIf(process.getuid?.() !== 0)("are another user's, with one group", async () => {
    chmodSync(FOLDER, 0o755);
    expect(await ask(shell("id -u; id -g; id -G", { uid: 65534, gid: 65533 }))).toBe("65534\n65533\n65533\n");
  });
});

const WRONG: ReadonlyArray<readonly [argv: unknown, options: object, message: RegExp]> = [
  ["/bin/echo -- {name}", {}, /list of strings/],
  [["/bin/echo", 1, "--", "{name}"], {}, /list of strings/],
  [["/bin/echo", "a\0", "--", "{name}"], {}, /without NUL/],
  [[], {}, /absolute path/],
  [["echo", "--", "{name}"], {}, /absolute path of a program.*"echo"/],
  [["./echo", "--", "{name}"], {}, /absolute path/],
  [["{name}", "--", "{name}"], {}, /absolute path/],
  [["/{name}", "--", "{name}"], {}, /\{name\} once/],
  [["/bin/echo", "--"], {}, /\{name\} once/],
  [["/bin/sh", "-c", "--", "{name}"], {}, /where a shell takes its script/],
  [["/bin/echo", "--", "{name}", "{name}"], {}, /\{name\} once/],
  [["/bin/echo", "--", "user={name}"], {}, /no part of another/],
  [["/bin/sh", "-c", "finger {name}", "--", "{name}"], {}, /no part of another/],
  [["/bin/echo", "{name}"], {}, /argument injection/],
  [["/bin/echo", "{name}", "--"], {}, /argument injection/],
  [ARGV(), { cwd: "tmp" }, /cwd.*absolute path.*"tmp"/],
  [ARGV(), { cwd: 1 }, /cwd/],
  [ARGV(), { accept: "all" }, /accept must be a function, but is "all"/],
  [ARGV(), { env: { PATH: undefined } }, /env.*"PATH"/],
  [ARGV(), { env: { PATH: "\0" } }, /env.*"PATH"/],
  [ARGV(), { env: { "A=B": "" } }, /env.*"A=B"/],
  [ARGV(), { uid: 1 }, /uid and gid go together/],
  [ARGV(), { gid: 1 }, /uid and gid go together/],
  [ARGV(), { uid: -1, gid: 1 }, /uid.*-1/],
  [ARGV(), { timeout: 0 }, /timeout.*0/],
  [ARGV(), { timeout: 2 ** 31 }, /timeout/],
  [ARGV(), { firstByteTimeout: false }, /firstByteTimeout.*false/],
  [ARGV(), { grace: -1 }, /grace/],
  [ARGV(), { maxBytes: 1.5 }, /maxBytes/],
  [ARGV(), { concurrency: 0 }, /concurrency/],
  [ARGV(), { queue: -1 }, /queue/],
  [ARGV(), { unknownExitCodes: [0] }, /unknownExitCodes.*0/],
];

function ARGV(): readonly string[] {
  return ["/bin/echo", "--", "{name}"];
}

it.each(WRONG)("refuses %j with %j", (argv, options, message) => {
  expect(() => commandProvider(argv as string[], options as CommandOptions)).toThrow(message);
});

const ENDS: ReadonlyArray<readonly [body: string, options: CommandOptions, answer: string | undefined, why: string]> = [
  ["echo hello", {}, "hello\n", "what it prints is the answer"],
  ["printf hello", {}, "hello", "as it is"],
  ["exit 0", {}, undefined, "nothing is known of whom nothing is said"],
  ["echo nobody >&2", {}, undefined, "what stands on stderr is no answer"],
  ["exit 1", { unknownExitCodes: [1] }, undefined, "some programs say so by their exit code"],
  ["echo hello; exit 1", { unknownExitCodes: [1] }, "hello\n", "which is then no failure either"],
  ["printf '\\303'; sleep 0.05; printf '\\251'", {}, "é", "a character may come in two parts"],
  ["printf '\\303'", {}, "\ufffd", "but has to come"],
  ["head -c 2000000 /dev/zero >&2; echo hello", {}, "hello\n", "much on stderr holds nothing up"],
  ["(sleep 0.05; echo later) & echo now", {}, "now\nlater\n", "what it leaves behind may still say a word"],
];

it.each(ENDS)("takes %j with %j for %j: %s", async (body, options, answer) => {
  expect(await ask(shell(body, options))).toBe(answer);
});

const FAILURES: ReadonlyArray<readonly [body: string, message: RegExp, why: string]> = [
  ["exit 3", /^\/.*\/\d+ exited with code 3 and said nothing on stderr; .*unknownExitCodes\.$/, "the exit code"],
  ["echo broken >&2; exit 3", /exited with code 3 and said "broken" on stderr/, "what it said"],
  ["kill -9 $$", /was ended by SIGKILL and said nothing on stderr\.$/, "the signal"],
  ["printf '\\033[31mred\\007\\nline' >&2; exit 1", /said "red\\nline" on stderr/, "nothing that a terminal obeys"],
  ["head -c 5000 /dev/zero | tr '\\0' x >&2; exit 1", /said "x{200}" on stderr/, "not too much of it"],
  ["(sleep 0.05; echo late >&2) >/dev/null & exit 3", /said "late" on stderr/, "what is said last"],
  ["sleep 1000 >/dev/null 2>&1 & exit 4", /exited with code 4/, "what is left behind is not waited for"],
];

it.each(FAILURES)("rejects when %j fails, with %s: %s", async (body, message) => {
  await expect(look(shell(body))).rejects.toMatchObject({
    code: "ERR_FINGER_PROVIDER",
    message: expect.stringMatching(message),
  });
});

it("breaks the answer off when the program fails after it has begun", async () => {
  const stream = await open(shell("echo half; echo broken >&2; exit 3"));
  expect(await nextText(stream)).toBe("half\n");
  await expect(stream.next()).rejects.toMatchObject({
    code: "ERR_FINGER_PROVIDER",
    message: expect.stringContaining('exited with code 3 and said "broken"'),
  });
});

const MISSING: ReadonlyArray<readonly [program: () => string, options: CommandOptions, message: RegExp, why: string]> =
  [
    [() => join(FOLDER, "missing"), {}, /^Cannot run \/.*missing \(ENOENT\): install it/, "it is not there"],
    [() => FOLDER, {}, /\(EACCES\): make it executable/, "it is no program"],
    [() => writeBare(), {}, /\(EACCES\)/, "it may not be run"],
    [() => "/bin/echo", { cwd: "/missing" }, /\(ENOENT\).*cwd/, "the directory is not there"],
  ];

function writeBare(): string {
  const path = freshPath();
  writeFileSync(path, "#!/bin/sh\n");
  return path;
}

it.each(MISSING)("says what to do when the program cannot run: %#", async (program, options, message) => {
  const provider = commandProvider([program(), "--", "{name}"], { ...options, concurrency: 1, queue: 0 });
  for (const _time of ["once", "and again, since its place is free"]) {
    await expect(look(provider)).rejects.toMatchObject({
      code: "ERR_FINGER_PROVIDER",
      message: expect.stringMatching(message),
    });
  }
});

it("rejects a name that is too long for an argument", async () => {
  const provider = shell("echo hello");
  await expect(look(provider, "a".repeat(10_000_000))).rejects.toThrow(/E2BIG.*the name is too long/);
});

it("leaves nothing behind", async () => {
  const provider = shell('echo "$1"');
  await ask(provider);
  const count = () => process.getActiveResourcesInfo().filter((name) => /Process|Pipe|Timeout/.test(name)).length;
  const listeners = process.listenerCount("exit");
  const before = count();
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, "removeEventListener");
  for (let run = 0; run < 100; run++) expect(await read(await look(provider, `${run}`, signal))).toBe(`${run}\n`);
  await eventually(() => count() <= before);
  expect(process.listenerCount("exit")).toBeLessThanOrEqual(listeners);
  expect(removed).toHaveBeenCalledTimes(100);
});

describe("a server", () => {
  async function serve(body: string, options?: CommandOptions) {
    const errors: unknown[] = [];
    const server = createFingerServer({
      provider: shell(body, options),
      onError: (error) => void errors.push(error),
    });
    onTestFinished(() => server.close({ drain: 0 }));
    return { errors, port: (await server.listen({ port: 0 })).port };
  }

  it("sends what the program prints, and makes it harmless", async () => {
    const { port } = await serve("printf 'one\\ntwo\\033[31m\\n'");
    expect(await exchange(port, ["alice\r\n"])).toMatch(/^one\r\ntwo[^\x1b]*\r\n$/);
  });

  it("knows nobody whom the program does not know", async () => {
    const { port } = await serve("echo secret >&2");
    expect(await exchange(port, ["bob\r\n"])).toBe("finger: bob: no such user.\r\n");
  });

  it("tells the operator what went wrong, and not the peer", async () => {
    const { port, errors } = await serve("echo secret >&2; exit 1");
    expect(await exchange(port, ["bob\r\n"])).toBe("Internal error in server\r\n");
    expect(errors).toMatchObject([{ message: expect.stringContaining("secret") }]);
  });

  it("ends the program when the peer goes away", async () => {
    const { port } = await serve("sleep 1000 & echo $$ $!; wait");
    const socket = connect(port, "127.0.0.1");
    socket.write("alice\r\n");
    const [chunk] = await once(socket, "data");
    socket.resetAndDestroy();
    await haveEnded(toNumbers(String(chunk)));
  });
});
