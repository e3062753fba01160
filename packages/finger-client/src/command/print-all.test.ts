import { HANG } from "finger-client/testing";
import { expect, it } from "vitest";
import { createSignal, findDeafPort, run, runIn, serve } from "../../../../tests/support/command.js";

// The same machine under two names is two hosts to the command.

it("puts a heading over each reply of several", async () => {
  const server = await serve((query) => `I am ${query}\r\n`);
  const [a, b] = [server.target("a"), server.target("b")];
  expect(await run(a, b)).toEqual({ code: 0, out: `[${a}]\nI am a\n[${b}]\nI am b\n`, err: "" });
});

it("prints in the order given, although the first is the slowest", async () => {
  const isOther = createSignal();
  const slow = await serve(async () => {
    await isOther.given;
    return "slow\r\n";
  });
  const quick = await serve(() => quickly());
  function* quickly(): Generator<string> {
    yield "quick\r\n";
    isOther.give();
  }
  const [first, second] = [slow.target("a"), `b@localhost:${quick.port}`];
  expect((await run(first, second)).out).toBe(`[${first}]\nslow\n[${second}]\nquick\n`);
});

it("prints the first as it comes, and not when all are done", async () => {
  const isShown = createSignal();
  const server = await serve(() => lines());
  async function* lines(): AsyncGenerator<string> {
    yield "begun\r\n";
    await isShown.given;
    yield "done\r\n";
  }
  const heard = (text: string) => {
    if (text.includes("begun")) isShown.give();
  };
  const { out } = await runIn({ heard }, server.target("a"), server.target("b"));
  expect(out.match(/begun\ndone\n/g)).toHaveLength(2);
});

it("asks different hosts at once, and one host one thing after the other", async () => {
  const isOther = createSignal();
  let [open, most] = [0, 0];
  const busy = await serve(() => replies());
  async function* replies(): AsyncGenerator<string> {
    open++;
    most = Math.max(most, open);
    await isOther.given;
    yield "busy\r\n";
    open--;
  }
  const idle = await serve(() => {
    isOther.give();
    return "idle\r\n";
  });
  // The first three are answered when the last is asked: hosts that waited for each other would wait for ever.
  const { code } = await run(busy.target("a"), busy.target("b"), busy.target("c"), `d@localhost:${idle.port}`);
  expect([code, most, busy.queries]).toEqual([0, 1, ["a", "b", "c"]]);
});

it("takes names that differ in case, and ports of a host, for one host", async () => {
  const [one, two] = [await serve(() => count()), await serve(() => count())];
  let [open, most] = [0, 0];
  async function* count(): AsyncGenerator<string> {
    open++;
    most = Math.max(most, open);
    yield "Here\r\n";
    open--;
  }
  const targets = [`a@localhost:${one.port}`, `b@LOCALHOST:${two.port}`, `c@Localhost:${one.port}`];
  expect((await run(...targets)).code).toBe(0);
  expect([most, one.queries.length, two.queries.length]).toEqual([1, 2, 1]);
});

it("goes on behind an error, says each in its place, and ends with the highest code", async () => {
  const server = await serve({ alice: "Happy\r\n", bob: HANG });
  const deaf = await findDeafPort();
  const written: string[] = [];
  const { code } = await runIn(
    { heard: (text) => void written.push(text) },
    ...["--timeout", "0.1", "a@", server.target("alice"), server.target("bob"), `c@127.0.0.1:${deaf}`],
    server.target("alice"),
  );
  expect(code).toBe(75);
  const happy = `[${server.target("alice")}]\nHappy\n`;
  const [target, timeout, connect] = [/cannot be read/, /sent nothing for 0\.1 s/, /No finger server listens/];
  expect(written.join("").split(/(?<=\n)(?=finger-client:|\[)/)).toEqual([
    expect.stringMatching(target),
    happy,
    expect.stringMatching(timeout),
    expect.stringMatching(connect),
    happy,
  ]);
});

it("asks more hosts than it asks at once", async () => {
  const server = await serve((query) => `I am ${query}\r\n`);
  const others = Array.from({ length: 20 }, (_, number) => `a@[2001:db8::${number + 1}]`);
  const target = server.target("b");
  const { code, out, err } = await run("-4", ...others, target);
  expect([code, out]).toEqual([64, `[${target}]\nI am b\n`]);
  expect(err.match(/leave one of them out/g)).toHaveLength(others.length);
});
