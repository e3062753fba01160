import { expect, it } from "vitest";
import { run, runIn, serve, type World } from "../../../../tests/support/command.js";

it("ends the last line of a reply that does not", async () => {
  const server = await serve({ alice: "Happy\r\nand well" });
  expect((await run(server.target("alice"))).out).toBe("Happy\nand well\n");
});

it("joins what the network cut: characters, line ends and escape sequences", async () => {
  const bytes = new TextEncoder().encode("Caf\u00e9 \x1b[31mred\x1b[0m\r\nbye\r\n");
  const server = await serve({ alice: Array.from(bytes, (byte) => Uint8Array.of(byte)) });
  expect((await run(server.target("alice"))).out).toBe("Café red\nbye\n");
});

const TERMINAL: World = { terminals: ["out"] };
const NO_COLOR: World = { ...TERMINAL, env: { NO_COLOR: "1" } };
const DUMB: World = { ...TERMINAL, env: { TERM: "dumb" } };

/** What stays of colours, and whether our own heading is bold. */
const COLORS: ReadonlyArray<readonly [options: string[], world: World, reply: boolean, ours: boolean, why: string]> = [
  [[], {}, false, false, "a file wants text"],
  [[], TERMINAL, false, true, "a reply has no say in the colours of a terminal, unless it is asked to"],
  [[], NO_COLOR, false, false, "the user wants none"],
  [[], DUMB, false, false, "the terminal has none"],
  [[], { ...TERMINAL, env: { NO_COLOR: "" } }, false, true, "an empty NO_COLOR says nothing (no-color.org)"],
  [["--color"], {}, true, true, "asked for, for less -R"],
  [["--color=always"], NO_COLOR, true, true, "the command line is nearer than the environment"],
  [["--color=always"], DUMB, true, true, "who says always means it"],
  [["--color=auto"], TERMINAL, true, true, "a terminal can show them"],
  [["--color=auto"], {}, false, false, "a file cannot"],
  [["--color=auto"], NO_COLOR, false, false, "the user wants none on terminals"],
  [["--color=auto"], DUMB, false, false, "this one cannot, either"],
  [["--color=never"], TERMINAL, false, false, "asked for"],
  [["--no-color"], TERMINAL, false, false, "the same"],
  [["--color", "--no-color"], TERMINAL, false, false, "the last one counts"],
  [["--no-color", "--color"], {}, true, true, "the last one counts"],
  [[], { terminals: ["in", "err"] }, false, false, "what counts is where the reply goes"],
];

it.each(COLORS)("%j in %o: colours of the reply %s, of the heading %s: %s", async (options, world, reply, ours) => {
  const server = await serve({ a: "\x1b[1;31mred\x1b[0m \x1b[2J\x1b]0;pwned\x07\x9b5Ablue\r\n", b: "bye\r\n" });
  const [a, b] = [server.target("a"), server.target("b")];
  const { out } = await runIn(world, ...options, a, b);
  const heading = (target: string) => (ours ? `\x1b[1m[${target}]\x1b[0m\n` : `[${target}]\n`);
  const red = reply ? "\x1b[1;31mred\x1b[0m" : "red";
  const reset = reply ? "\x1b[0m" : "";
  expect(out).toBe(`${heading(a)}${red} blue\n${reset}${heading(b)}bye\n${reset}`);
});

it("lets no colour of a reply last longer than the reply", async () => {
  const server = await serve({ alice: "\x1b[31mred for ever" });
  expect((await run("--color", server.target("alice"))).out).toBe("\x1b[31mred for ever\x1b[0m\n");
});

it("takes a colour behind the last line end for no line of its own", async () => {
  const server = await serve({ alice: "\x1b[31mred\r\n\x1b[0m" });
  expect((await run("--color", server.target("alice"))).out).toBe("\x1b[31mred\n\x1b[0m\x1b[0m");
});

const ASCII: ReadonlyArray<readonly [options: string[], out: string, why: string]> = [
  [["--ascii"], "Cafe -> red\n", "letters lose their accents, signs become what typewriters had"],
  [["--ascii", "--color"], "Cafe -> \x1b[31mred\x1b[0m\n\x1b[0m", "colours are ASCII"],
];

it.each(ASCII)("%j prints %j: %s", async (options, out) => {
  const server = await serve({ alice: "Café → \x1b[31mred\x1b[0m\r\n" });
  expect((await run(...options, server.target("alice"))).out).toBe(out);
});

it("--ascii has headings of ASCII, too", async () => {
  const server = await serve(() => "Here\r\n");
  const place = server.target();
  const { out } = await run("--ascii", `josé${place}`, `bob${place}`);
  expect(out).toBe(`[jose${place}]\nHere\n[bob${place}]\nHere\n`);
});
