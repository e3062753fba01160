import { RESET } from "finger-client/testing";
import { expect, it } from "vitest";
import { createSignal, run, runIn, serve } from "../../../../tests/support/command.js";

it("prints each line when it comes", async () => {
  const shown = createSignal();
  const server = await serve(() => lines());
  async function* lines(): AsyncGenerator<string> {
    yield "Compiling\r\n";
    await shown.given;
    yield "Compiled\r\n";
  }
  const { out } = await runIn({ heard: shown.give }, server.target("build"));
  expect(out).toBe("Compiling\nCompiled\n");
});

it("prints what came before the connection broke, and says that it did", async () => {
  const server = await serve({ alice: ["Login: ali", RESET] });
  const { code, out, err } = await run(server.target("alice"));
  expect([code, out]).toEqual([74, "Login: ali\n"]);
  expect(err).toBe(`finger-client: 127.0.0.1, port ${server.port} broke the connection in the middle of its answer.\n`);
});

const SIZES: ReadonlyArray<readonly [options: readonly string[], bytes: number, kept: number, why: string]> = [
  [["--max-size", "10"], 10, 10, "a reply of just this length is whole"],
  [["--max-size", "10"], 11, 10, "one byte more is too much"],
  [["--max-size", "2k"], 3000, 2048, "k is 1024"],
  [["--max-size", "1m"], 1_048_577, 1_048_576, "M is 1024 of them"],
  [[], 1_048_577, 1_048_576, "there is a bound without it, too"],
  [["--max-size", "2M"], 1_048_577, 1_048_577, "which can be raised"],
  [["--raw", "--max-size", "10"], 11, 10, "raw bytes are bytes, too"],
];

it.each(SIZES)("%j of a reply of %i bytes prints %i: %s", async (options, bytes, kept) => {
  const server = await serve({ alice: "x".repeat(bytes) });
  const target = server.target("alice");
  const { code, out, err } = await run(...options, target);
  expect(out.trimEnd().length).toBe(kept);
  const message = `finger-client: the reply of ${target} is longer than ${kept} bytes, and is cut off there; see --max-size.\n`;
  expect([code, err]).toEqual(kept < bytes ? [76, message] : [0, ""]);
});

it("lets the server go when the reply is too long", async () => {
  const gone = createSignal();
  const server = await serve(() => flood());
  async function* flood(): AsyncGenerator<string> {
    try {
      for (;;) yield "More and more.\r\n";
    } finally {
      gone.give();
    }
  }
  expect((await run("--max-size", "1k", server.target("alice"))).code).toBe(76);
  await gone.given;
});

const BYTES = Uint8Array.of(0xff, 0x1b, 0x5b, 0x32, 0x4a, 0x00, 0x63, 0xc3, 0xa9, 0x0d, 0x0a, 0x78);

it("--raw prints the bytes as they came", async () => {
  const server = await serve({ alice: BYTES });
  const { code, out, err } = await run("--raw", server.target("alice"));
  expect([code, out, err]).toEqual([0, Buffer.from(BYTES).toString("latin1"), ""]);
});

it("--raw is refused on a terminal before anybody is asked, unless it is forced", async () => {
  const server = await serve({ alice: BYTES });
  const terminal = { terminals: ["out"] } as const;
  const refused = await runIn(terminal, "--raw", server.target("alice"));
  expect(refused).toMatchObject({ code: 64, out: "", err: expect.stringContaining("--force") });
  expect(server.queries).toEqual([]);
  const forced = await runIn(terminal, "--raw", "--force", server.target("alice"));
  expect(forced).toEqual({ code: 0, out: Buffer.from(BYTES).toString("latin1"), err: "" });
});

it("--json overrules a --raw before it on a terminal, too", async () => {
  const server = await serve({ alice: "Here\r\n" });
  const { code, out } = await runIn({ terminals: ["out"] }, "--raw", "--json", server.target("alice"));
  expect([code, JSON.parse(out).text]).toEqual([0, "Here\n"]);
});

const FORMS: ReadonlyArray<readonly [form: string[], why: string]> = [
  [[], "a pipe may lead to a shell"],
  [["--raw"], "the bytes, too"],
  [["--json"], "jq -r .text | sh is as quick to write"],
];

it.each(FORMS)("%j warns of a script where it is not shown to anybody: %s", async (form) => {
  const server = await serve({ alice: "#!/bin/sh\r\necho pwned\r\n" });
  const target = server.target("alice");
  const { code, err } = await run(...form, target);
  const warning = `finger-client: the reply of ${target} looks like a script; read it before you run it.\n`;
  expect([code, err]).toEqual([0, warning]);
});

it("does not warn who reads a script on the terminal, nor of an ordinary plan", async () => {
  const server = await serve({ alice: "#!/bin/sh\r\n", bob: "Happy and well\r\n" });
  expect((await runIn({ terminals: ["out"] }, server.target("alice"))).err).toBe("");
  expect((await run(server.target("bob"))).err).toBe("");
});

it("sees a script that comes in pieces, and one that broke off", async () => {
  const server = await serve({ alice: ["#", "!/bin/sh", RESET] });
  const { code, err } = await run(server.target("alice"));
  expect([code, err]).toEqual([74, expect.stringContaining("looks like a script")]);
});
