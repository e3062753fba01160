import { expect, it } from "vitest";
import { findDeafPort, run, runIn, type World } from "../../../../tests/support/command.js";
import { startSetter } from "../../../../tests/support/setter.js";

const TOKEN: World = { env: { FINGER_TOKEN: "s3cret" } };

const SET: ReadonlyArray<readonly [world: World, status: string, target: string[], told: string, why: string]> = [
  [{}, "Happy and well", ["bob@127.0.0.1"], "bob\r\nHappy and well\r\n", "the two lines of the tutorial"],
  [{}, "Happy and well", ["bob"], "bob\r\nHappy and well\r\n", "this machine has a setter, too"],
  [{}, "Happy and well", [], "alice\r\nHappy and well\r\n", "who runs the command has a status"],
  [{}, "Ça va", [], "alice\r\nÇa va\r\n", "text is UTF-8"],
  [{}, "one\ntwo\n", [], "alice\r\none\r\ntwo\r\n", "lines end in CRLF, and the last one ends once"],
  [{}, "", [], "alice\r\n\r\n", "nothing takes it back"],
  [{ input: "one\r\ntwo\r\n" }, "-", [], "alice\r\none\r\ntwo\r\n", "a dash is what stands in the input"],
  [{ input: "not this" }, "--", [], "alice\r\n--\r\n", "two dashes are a status"],
  [TOKEN, "Here", ["bob@127.0.0.1"], "bob s3cret\r\nHere\r\n", "the token comes from the environment"],
  [TOKEN, "Here", ["bob@localhost"], "bob s3cret\r\nHere\r\n", "no other machine reads it on this way"],
  [{ env: { FINGER_TOKEN: "" } }, "Here", [], "alice\r\nHere\r\n", "an empty token is none"],
];

it.each(SET)("in %o --set=%j %j tells the setter %j: %s", async (world, status, target, told) => {
  const setter = await startSetter();
  const outcome = await runIn(world, "-p", String(setter.port), `--set=${status}`, ...target);
  expect(outcome).toEqual({ code: 0, out: "", err: "" });
  expect(setter.told).toEqual([told]);
});

it("takes the port from the target as well", async () => {
  const setter = await startSetter();
  expect((await run("--set", "Here", `bob@127.0.0.1:${setter.port}`)).code).toBe(0);
  expect(setter.told).toEqual(["bob\r\nHere\r\n"]);
});

it("reads no more of the input than a setter takes", async () => {
  const setter = await startSetter();
  const tooLong: World = { input: "x".repeat(64 * 1024 + 1) };
  const { code } = await runIn(tooLong, "--set", "-", `bob@127.0.0.1:${setter.port}`);
  expect(code).toBe(64);
  expect(setter.told).toEqual([]);
});

const ANSWERS: ReadonlyArray<readonly [answer: string, code: number, message: string, why: string]> = [
  ["No such token.\r\n", 77, "The status of bob is not set: No such token.", "a refusal is told in its words"],
  ["\x1b[2J\x1b[31mNo.\r\n", 77, "The status of bob is not set: No.", "which command no terminal"],
  ["OK, but no\r\n", 77, "The status of bob is not set: OK, but no", "OK stands alone"],
  ["", 74, "did not say whether the status of bob is set; ask for it to see", "silence is no answer"],
];

it.each(ANSWERS)("when the setter says %j ends with %i and says %j: %s", async (answer, code, message) => {
  const setter = await startSetter(answer);
  const outcome = await run("--set", "Here", `bob@127.0.0.1:${setter.port}`);
  expect(outcome).toEqual({ code, out: "", err: expect.stringMatching(/^finger-client: .*\n$/) });
  expect(outcome.err).toContain(message);
});

const REFUSED: ReadonlyArray<readonly [world: World, targets: string[], code: number, message: string, why: string]> = [
  [{}, ["a", "b"], 64, "2 targets", "a status is somebody's"],
  [{}, ["@127.0.0.1"], 64, "nobody whose status could be set", "it is not a machine's"],
  [{}, ["a@h1@127.0.0.1"], 64, "nobody whose status could be set", "a setter passes nothing on"],
  [TOKEN, ["bob@no-such-host.invalid"], 77, "for others on the way to read", "the token would cross a network"],
  [{ env: { FINGER_TOKEN: "a b" } }, ["bob"], 64, "token", "a token of two words would be read as something else"],
];

it.each(REFUSED)("in %o %j ends with %i before anything is sent: %s", async (world, targets, code, message) => {
  const setter = await startSetter();
  const outcome = await runIn(world, "-p", String(setter.port), "--set", "Here", ...targets);
  expect(outcome).toMatchObject({ code, out: "", err: expect.stringContaining(message) });
  expect(setter.told).toEqual([]);
});

it("sends a token in the clear when it is told to: the host is looked up then", async () => {
  const { code } = await runIn(TOKEN, "--token-in-clear", "--set", "Here", "bob@no-such-host.invalid");
  expect(code).toBe(68);
});

it("ends with 69 where there is no setter", async () => {
  expect((await run("-p", String(await findDeafPort()), "--set", "Here", "bob")).code).toBe(69);
});

it("takes no status away because standard input has none", async () => {
  const { port, told } = await startSetter();
  const outcome = await runIn({ input: " \n" }, "--set", "-", "-p", String(port));
  expect(outcome).toMatchObject({ code: 64, err: expect.stringContaining("standard input has no status") });
  expect(told).toEqual([]);
});
