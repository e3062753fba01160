import { endless, HANG, RESET, type Script } from "finger-client/testing";
import { expect, it } from "vitest";
import { createSignal, run, runIn, serve } from "../../../../tests/support/command.js";

const SWITCHED: ReadonlyArray<
  readonly [what: string, script: Script, queries: readonly string[], out: string, why: string]
> = [
  ["knows /W", { "/W alice": "Login: alice\r\n" }, ["/W alice"], "Login: alice\n", "it has said what it knows"],
  ["takes /W for a name", { alice: "Happy\r\n" }, ["/W alice", "alice"], "Happy\n", "without it, alice is known"],
  [
    "says so in words of its own",
    { "/W alice": "Login: /W alice\r\nNo such user\r\n", alice: "Happy\r\n" },
    ["/W alice", "alice"],
    "Happy\n",
    "these are Twisted's",
  ],
  ["says nothing at all", { "/W alice": "", alice: "Happy\r\n" }, ["/W alice", "alice"], "Happy\n", "some just close"],
  ["does not know alice", {}, ["/W alice", "alice"], "finger: alice: no such user.\n", "nothing is lost by asking"],
  [
    "breaks when it is asked again",
    { "/W alice": "finger: /W: no such user.\r\n", alice: RESET },
    ["/W alice", "alice"],
    "finger: /W: no such user.\n",
    "the first reply stands",
  ],
  [
    "breaks in the second reply",
    { "/W alice": "", alice: ["Happy\r\n", RESET] },
    ["/W alice", "alice"],
    "Happy\n",
    "the line is whole",
  ],
  [
    "has much to say of nobody",
    { "/W alice": `No such user.\r\n${"The users are many.\r\n".repeat(30)}` },
    ["/W alice"],
    `No such user.\n${"The users are many.\n".repeat(30)}`,
    "no refusal is this long",
  ],
];

it.each(SWITCHED)("-l of a server that %s", async (_, script, queries, out) => {
  const server = await serve(script);
  expect(await run("-l", server.target("alice"))).toEqual({ code: 0, out, err: "" });
  expect(server.queries).toEqual(queries);
});

it("asks for the list without /W when the switch is taken for a name", async () => {
  const server = await serve({ "": "alice  tty1\r\n" });
  expect((await run("-l", server.target())).out).toBe("alice  tty1\n");
  expect(server.queries).toEqual(["/W", ""]);
});

it("does not ask again when the connection breaks", async () => {
  const server = await serve({ "/W alice": RESET, alice: "Happy\r\n" });
  expect((await run("-l", server.target("alice"))).code).toBe(74);
  expect(server.queries).toEqual(["/W alice"]);
});

it("does not hold a long reply back until its end", async () => {
  const shown = createSignal();
  const long = "x".repeat(600);
  const server = await serve(() => lines());
  async function* lines(): AsyncGenerator<string> {
    yield `${long}\r\n`;
    await shown.given;
    yield "end\r\n";
  }
  const { out } = await runIn({ heard: shown.give }, "-l", server.target("alice"));
  expect(out).toBe(`${long}\nend\n`);
});

const ASKED: ReadonlyArray<readonly [options: readonly string[], name: string, query: string, why: string]> = [
  [[], "/W alice", "/W alice", "the target asks for it itself"],
  [["-l"], "/W alice", "/W alice", "it is not asked for twice"],
  [["-s"], "/W alice", "/W alice", "what is a part of the target stays"],
  [["-s"], "alice", "alice", "it is what there would be without it"],
  [["-l", "-s"], "alice", "alice", "the last one counts"],
  [["--short", "--long"], "alice", "/W alice", "by their long names, too"],
];

it.each(ASKED)("%j %j is asked for as %j: %s", async (options, name, query) => {
  const server = await serve(() => "Here\r\n");
  await run(...options, server.target(name));
  expect(server.queries).toEqual([query]);
});

const FAMILIES: ReadonlyArray<readonly [options: string[], host: string, code: number, why: string]> = [
  [["-4"], "127.0.0.1", 0, "an address of this family"],
  [["-4"], "localhost", 0, "a name that has one"],
  [["-6"], "127.0.0.1", 64, "an address of the other one"],
  [["-4"], "[::1]", 64, "the other way round"],
  [["-6", "-4"], "127.0.0.1", 0, "the last one counts"],
];

it.each(FAMILIES)("%j asks %s: %i, %s", async (options, host, code) => {
  const server = await serve(() => "Here\r\n");
  const { code: actual, err } = await run(...options, `alice@${host}:${server.port}`);
  expect(actual).toBe(code);
  if (code === 64)
    expect(err).toMatch(/is an address of IPv[46], and IPv[46] is asked for; leave one of them out\.\n$/);
  expect(server.queries).toEqual(code === 0 ? ["alice"] : []);
});

it("--timeout bounds the wait for the next bytes, and keeps those that came", async () => {
  const server = await serve({ alice: ["Login: ali", HANG] });
  const { code, out, err } = await run("--timeout", "0.05", server.target("alice"));
  expect([code, out]).toEqual([75, "Login: ali\n"]);
  expect(err).toContain("sent nothing for 0.05 s");
});

it("--max-time bounds all of a reply that drips", async () => {
  const server = await serve({ build: endless("Still compiling.\r\n", 5) });
  const { code, out, err } = await run("--timeout", "20", "--max-time", "0.1", server.target("build"));
  expect(code).toBe(75);
  expect(out).toMatch(/^(Still compiling\.\n)+$/);
  expect(err).toContain("was not done in 0.1 s");
});

const LINKS: ReadonlyArray<readonly [argv: string[], code: number, why: string]> = [
  [["--link", "alice@127.0.0.1:PORT"], 77, "who wrote the link chose the port"],
  [["--link", "finger://127.0.0.1:PORT/alice"], 77, "that is what a link looks like"],
  [["--link", "-p", "PORT", "alice@127.0.0.1:PORT"], 77, "even if it is the one of -p"],
  [["--link", "-p", "PORT", "alice@127.0.0.1"], 0, "the port of -p is the user's own choice"],
  [["finger://127.0.0.1:PORT/alice"], 0, "who typed it trusts it"],
];

it.each(LINKS)("%j ends with %i: %s", async (argv, code) => {
  const server = await serve(() => "Here\r\n");
  const { code: actual, err } = await run(...argv.map((word) => word.replace("PORT", String(server.port))));
  expect(actual).toBe(code);
  expect(server.queries).toHaveLength(code === 0 ? 1 : 0);
  if (code === 77) expect(err).toContain(`The link asks port ${server.port} of 127.0.0.1`);
});
