import { HANG, RESET, type Reply, type Script } from "finger-client/testing";
import { expect, it } from "vitest";
import { type Outcome, run, runIn, serve, type World } from "../../../../tests/support/command.js";

/** Replies one after the other; the last one stays. */
function inTurn(...replies: Reply[]): Script {
  return () => (replies.length > 1 ? replies.shift() : replies[0]);
}

/** Nothing but an interrupt ends a watch; here it is a stream that breaks when so much has been written. */
async function watchFor(pieces: number, world: World, ...argv: readonly string[]): Promise<Outcome> {
  let left = pieces;
  const heard = () => {
    left--;
    if (left === 0) throw new Error("seen enough");
  };
  const { code, out, err } = await runIn({ ...world, heard }, "--watch", "0.001", ...argv);
  expect(err).toMatch(/^finger-client: seen enough$/m);
  return {
    code,
    out: out.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "NOW"),
    err: err.replace("finger-client: seen enough\n", ""),
  };
}

const HAPPY = "Login: alice\nHappy\nand well\n";
const SAD = "Login: alice\nSad\nbut well\nand fed\n";

const CHANGES: ReadonlyArray<readonly [what: string, why: string, replies: string[], changes: string[]]> = [
  ["a line in the place of another", "only what changed", [HAPPY, HAPPY.replace("Happy", "Sad")], ["- Happy\n+ Sad\n"]],
  ["several of them", "old, then new", [HAPPY, SAD], ["- Happy\n- and well\n+ Sad\n+ but well\n+ and fed\n"]],
  ["a line that came", "the others stay", [HAPPY, `${HAPPY}Bye\n`], ["+ Bye\n"]],
  ["a line that went", "the others stay", [`${HAPPY}Bye\n`, HAPPY], ["- Bye\n"]],
  ["nothing of what is the same", "that is the point", [HAPPY, HAPPY, HAPPY, `${HAPPY}Bye\n`], ["+ Bye\n"]],
  ["changes one by one", "each against the last", ["a\n", "b\n", "c\n"], ["- a\n+ b\n", "- b\n+ c\n"]],
  ["nothing of line ends", "they are not the text", ["a\nb\n", "a\r\nb", "b\n"], ["- a\n"]],
  ["a reply that became empty", "nothing is a reply", ["a\n", ""], ["- a\n"]],
  ["a reply that was empty", "nothing was one", ["", "a\n"], ["+ a\n"]],
];

it.each(CHANGES)("prints the first reply, and then %s: %s", async (_what, _why, replies, changes) => {
  const server = await serve(inTurn(...replies));
  const target = server.target("alice");
  const { out, err } = await watchFor(1 + changes.length, {}, target);
  expect(out).toBe([replies[0], ...changes].map((text) => `[${target}] NOW\n${text}`).join(""));
  expect(err).toBe("");
});

it("watches several, each for itself", async () => {
  const alice = await serve(inTurn("a\r\n", "a\r\n", "b\r\n"));
  const bob = await serve(inTurn("x\r\n", "y\r\n"));
  const [a, b] = [alice.target("alice"), bob.target("bob")];
  const { out } = await watchFor(4, {}, a, b);
  expect(out).toBe(`[${a}] NOW\na\n[${b}] NOW\nx\n[${b}] NOW\n- x\n+ y\n[${a}] NOW\n- a\n+ b\n`);
});

it("says a failure once, and when it is over, that and what is new since", async () => {
  const server = await serve(inTurn("a\r\n", RESET, RESET, "a\r\n", RESET, "b\r\n"));
  const target = server.target("alice");
  const { out, err } = await watchFor(5, {}, target);
  const failure = `finger-client: 127.0.0.1, port ${server.port} broke the connection before it answered.\n`;
  expect(out).toBe(`[${target}] NOW\na\n[${target}] NOW\n[${target}] NOW\n- a\n+ b\n`);
  expect(err).toBe(failure.repeat(2));
});

it("waits for who is not there yet", async () => {
  const server = await serve(inTurn(RESET, RESET, "a\r\n"));
  const { out, err } = await watchFor(2, {}, server.target("alice"));
  expect(out).toBe(`[${server.target("alice")}] NOW\na\n`);
  expect(err).toMatch(/^finger-client: .*before it answered\.\n$/);
});

it("takes a reply that broke off for a failure, and not for a change", async () => {
  const server = await serve(inTurn("one\r\ntwo\r\n", ["one\r\ntw", RESET], "one\r\ntwo\r\nthree\r\n"));
  const target = server.target("alice");
  const { out, err } = await watchFor(3, {}, target);
  expect(out).toBe(`[${target}] NOW\none\ntwo\n[${target}] NOW\n+ three\n`);
  expect(err).toMatch(/^finger-client: .*in the middle of its answer\.\n$/);
});

const HOPELESS: ReadonlyArray<readonly [argv: string[], code: number, why: string]> = [
  [["alice@"], 64, "no time makes a host of it"],
  [["-6", "alice@127.0.0.1"], 64, "nor an address of another family"],
  [["--link", "alice@127.0.0.1:7979"], 77, "nor allows a port"],
  [["--raw", "--proxy", "http://x", "alice@127.0.0.1"], 64, "nor makes an option right"],
];

it.each(HOPELESS)("ends at once for %j with %i: %s", async (argv, code) => {
  expect(await run("--watch", "1", ...argv)).toMatchObject({ code, out: "", err: expect.stringMatching(/^finger-/) });
});

it("paints on a terminal what came green and what went red, and keeps the colours of nobody else", async () => {
  const server = await serve(inTurn("\x1b[35ma\x1b[0m\r\n", "b\x1b[2J\r\n"));
  const target = server.target("alice");
  const heading = `\x1b[1m[${target}] NOW\x1b[0m\n`;
  const painted = `${heading}a\n${heading}\x1b[31m- a\x1b[0m\n\x1b[32m+ b\x1b[0m\n`;
  expect((await watchFor(2, { terminals: ["out"] }, target)).out).toBe(painted);
});

it.each([
  ["--no-color", { terminals: ["out"] }],
  ["-s", { terminals: ["out"], env: { NO_COLOR: "1" } }],
  ["-s", {}],
] as const)("paints nothing with %s in %o", async (option, world) => {
  const server = await serve(inTurn("a\r\n", "b\r\n"));
  expect((await watchFor(2, world, option, server.target("alice"))).out).not.toContain("\x1b");
});

it("--json prints the record, when it was, and the lines that came and went", async () => {
  const server = await serve(inTurn(HAPPY, HAPPY, HAPPY.replace("Happy", "Sad")));
  const target = server.target("alice");
  const { out } = await watchFor(2, {}, "--json", target);
  const records = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const always = { target, bytes: expect.any(Number), truncated: false, time: expect.stringMatching(/^NOW$|T.*Z$/) };
  expect(records).toMatchObject([
    { ...always, text: "Login: alice\nHappy\nand well\n", added: ["Login: alice", "Happy", "and well"], removed: [] },
    { ...always, text: "Login: alice\nSad\nand well\n", added: ["Sad"], removed: ["Happy"] },
  ]);
});

it("--ascii prints ASCII, and of JSON escapes of which nothing is lost", async () => {
  const text = await serve(inTurn("Café\r\n", "Thé\r\n"));
  const target = text.target("josé");
  const { out } = await watchFor(2, {}, "--ascii", target);
  const heading = `[${target.replace("é", "e")}] NOW\n`;
  expect(out).toBe(`${heading}Cafe\n${heading}- Cafe\n+ The\n`);
  const json = await serve(inTurn("Café\r\n"));
  const line = (await watchFor(1, {}, "--ascii", "--json", json.target("josé"))).out;
  expect(line).toMatch(/^[ -~]*\n$/);
  expect(JSON.parse(line)).toMatchObject({ text: "Café\n", added: ["Café"] });
});

it("shows two replies that have nothing in common as they are, and is not kept busy by them", async () => {
  const lines = (start: number) => Array.from({ length: 20_000 }, (_, index) => `${start + index}\n`).join("");
  const server = await serve(inTurn(lines(0), lines(1_000_000)));
  const { out } = await watchFor(2, {}, server.target("alice"));
  const [, changes = ""] = out.split(/^\[.*\] NOW\n(?=[-+])/m);
  expect(changes.startsWith("- 0\n- 1\n")).toBe(true);
  expect(changes.endsWith("+ 1019999\n")).toBe(true);
});

it("asks those on other hosts while one keeps it waiting", async () => {
  const slow = await serve({ alice: HANG });
  const quick = await serve({ bob: "Here\r\n" });
  const [hanging, here] = [slow.target("alice"), `bob@localhost:${quick.port}`];
  const { out } = await watchFor(1, {}, "-4", "--timeout", "20", hanging, here);
  expect(out).toBe(`[${here}] NOW\nHere\n`);
});

it("prints what failed as JSON, too, and once", async () => {
  const server = await serve(inTurn(RESET, RESET, "a\r\n"));
  const { out } = await watchFor(3, {}, "--json", server.target("alice"));
  const [failed, here] = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(failed).toEqual({
    target: server.target("alice"),
    error: expect.objectContaining({ code: "ERR_FINGER_IO" }),
    time: expect.any(String),
  });
  expect(here).toMatchObject({ text: "a\n", added: ["a"], removed: [] });
});

it("has no bytes to compare", async () => {
  expect(await run("--watch", "1", "--raw", "a@b")).toMatchObject({ code: 64, err: expect.stringContaining("--raw") });
});
