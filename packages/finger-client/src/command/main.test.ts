import { HANG } from "finger-client/testing";
import { expect, it } from "vitest";
import { findDeafPort, run, runIn, serve, type World } from "../../../../tests/support/command.js";

it("prints the reply and nothing else", async () => {
  const server = await serve({ alice: "Happy and well\r\n" });
  expect(await run(server.target("alice"))).toEqual({ code: 0, out: "Happy and well\n", err: "" });
});

it("prints that somebody is not known as the reply that it is", async () => {
  const server = await serve({});
  expect(await run(server.target("bob"))).toEqual({ code: 0, out: "finger: bob: no such user.\n", err: "" });
});

it("prints nothing of an empty reply", async () => {
  const server = await serve({ alice: "" });
  expect(await run(server.target("alice"))).toEqual({ code: 0, out: "", err: "" });
});

const ASKED: ReadonlyArray<readonly [argv: readonly string[], query: string, why: string]> = [
  [["alice@127.0.0.1:PORT"], "alice", "the target names its port"],
  [["-p", "PORT", "alice@127.0.0.1"], "alice", "-p does when the target does not"],
  [["--port=PORT", "alice@127.0.0.1"], "alice", "so does its long name"],
  [["-p", "1", "alice@127.0.0.1:PORT"], "alice", "the port of the target comes first"],
  [["-p", "PORT", "alice"], "alice", "a target without a host is of this machine"],
  [["@127.0.0.1:PORT"], "", "the list of users"],
  [["alice@h1@127.0.0.1:PORT"], "alice@h1", "a query for the host to pass on"],
  [["finger://127.0.0.1:PORT/alice"], "alice", "a URL is a target"],
  [["127.0.0.1:PORT/alice"], "alice", "and so is one without its scheme"],
  [["alice@127.0.0.1", "-p", "PORT"], "alice", "options may stand behind"],
  [["--", "alice@127.0.0.1:PORT"], "alice", "what is behind -- is a target"],
  [["-p", "PORT", "--", "-l@127.0.0.1"], "-l", "even if it looks like an option"],
  [["--", "--color@127.0.0.1:PORT"], "--color", "whichever"],
];

it.each(ASKED)("%j asks for %j: %s", async (argv, query) => {
  const server = await serve(() => "Here\r\n");
  const words = argv.map((word) => word.replace("PORT", String(server.port)));
  expect(await run(...words)).toEqual({ code: 0, out: "Here\n", err: "" });
  expect(server.queries).toEqual([query]);
});

const FAILURES: ReadonlyArray<readonly [argv: string[], code: number, message: string, why: string]> = [
  [[], 64, "name a target", "nobody to ask"],
  [["-l"], 64, "name a target", "nobody to ask in any form"],
  [["a@b@"], 64, "there is no host", "a target that cannot be read"],
  [[""], 64, "it is empty", "a target of nothing"],
  [["a\nb@c"], 64, '"\\n"', "a target that would be two lines"],
  [["a@no-such-host.invalid"], 68, "no host no-such-host.invalid", "a host that there is not"],
];

it.each(FAILURES)("%j ends with %i and says %j: %s", async (argv, code, message) => {
  const { code: actual, out, err } = await run(...argv);
  expect([actual, out]).toEqual([code, ""]);
  expect(err).toMatch(/^finger-client: .*\n$/);
  expect(err).toContain(message);
});

it("ends with 69 where nobody listens", async () => {
  const port = await findDeafPort();
  const { code, err } = await run(`alice@127.0.0.1:${port}`);
  expect([code, err]).toEqual([
    69,
    `finger-client: No finger server listens on 127.0.0.1, port ${port}; try another port.\n`,
  ]);
});

it("ends with 75 where nothing comes", async () => {
  const server = await serve({ alice: HANG });
  const { code, err } = await run("--timeout", "0.02", server.target("alice"));
  expect([code, err]).toEqual([75, expect.stringContaining("sent nothing for 0.02 s")]);
});

const BEFORE_ALL_ELSE: ReadonlyArray<readonly [argv: string[], out: RegExp, why: string]> = [
  [["--help"], /^Usage: finger-client /, "what there is"],
  [["-h"], /^Usage: finger-client /, "its short name"],
  [["--version"], /^1\.2\.3\n$/, "the version alone, for scripts"],
  [["--version", "--help"], /^Usage: finger-client /, "the help says more"],
  [["--help", "alice@no-such-host.invalid"], /^Usage: finger-client /, "nobody is asked"],
  [["--version", "--set", "Here"], /^1\.2\.3\n$/, "nothing is set"],
  [["--completion", "bash"], /finger-client/, "a script for the shell"],
];

it.each(BEFORE_ALL_ELSE)("%j prints %s: %s", async (argv, expected) => {
  const { code, out, err } = await run(...argv);
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(expected);
});

const DEFAULTS: ReadonlyArray<readonly [FINGER: string, argv: readonly string[], query: string, why: string]> = [
  ["-l", [], "/W alice", "options of the environment count"],
  ["-l", ["-s"], "alice", "those of the command line overrule them"],
  ["-s", ["-l"], "/W alice", "in both ways"],
  ["  --timeout  3\t-l ", [], "/W alice", "blanks of any kind and number lie between them"],
  ["", [], "alice", "nothing is nothing"],
  [" ", [], "alice", "and blanks are nothing"],
];

it.each(DEFAULTS)("with FINGER=%j, %j asks for %j: %s", async (FINGER, argv, query) => {
  const server = await serve(() => "Here\r\n");
  await runIn({ env: { FINGER } }, ...argv, server.target("alice"));
  expect(server.queries).toEqual([query]);
});

const WRONG_DEFAULTS: ReadonlyArray<readonly [world: World, message: string, why: string]> = [
  [{ env: { FINGER: "--lang" } }, "--lang", "an option that there is not"],
  [{ env: { FINGER: "-p x" } }, '--port must be a whole number from 1 to 65535, but is "x"', "a value that is none"],
];

it.each(WRONG_DEFAULTS)("in %o says %j: %s", async (world, message) => {
  const { code, out, err } = await runIn(world, "alice@127.0.0.1");
  expect([code, out, err]).toEqual([64, "", expect.stringContaining(message)]);
});
