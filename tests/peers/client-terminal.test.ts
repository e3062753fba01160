import { createScriptedServer, HANG, type Script, type ScriptedServer } from "finger-client/testing";
import { afterEach, expect, it } from "vitest";
import { describePeer, hasCommand } from "./support/peer.js";
import { openTerminal, type Terminal } from "./support/terminal.js";

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(script: Script): Promise<ScriptedServer> {
  const server = await createScriptedServer(script);
  closing.push(server.close);
  return server;
}

async function run(...args: readonly string[]): Promise<Terminal> {
  const terminal = await openTerminal(args);
  closing.push(terminal.close);
  return terminal;
}

/** What the terminal shows when the command is over. */
async function readEnd(terminal: Terminal, how?: "colors"): Promise<string> {
  await expect.poll(() => terminal.read(), { timeout: 10_000 }).toMatch(/\[exit \d+\]$/);
  return terminal.read(how);
}

/** Something that a test makes happen, and servers wait for. */
function createGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const HOSTILE: ReadonlyArray<readonly [why: string, reply: string, shown: string]> = [
  ["a title", "\x1b]0;owned\x07a\r\n", "a"],
  ["a title, ended in another way", "\x1b]2;owned\x1b\\a\r\n", "a"],
  ["a name for the window of screen and tmux", "\x1bkowned\x1b\\a\r\n", "owneda"],
  ["a clean screen", "a\x1b[2J\x1b[H\r\n", "a"],
  ["a reset", "a\x1bc\r\n", "a"],
  ["a hidden cursor", "a\x1b[?25l\r\n", "a"],
  ["the other screen", "a\x1b[?1049h\r\n", "a"],
  ["modes", "a\x1b[4h\x1b[?7l\x1b[?6h\x1b[?1000h\x1b=\r\n", "a"],
  ["a part that scrolls, and no tabs", "a\x1b[5;10r\x1b[3g\r\n", "a"],
  ["line drawing for letters", "a\x1b(0lqk\r\n", "alqk"],
  ["another character set", "a\x0eb\r\n", "ab"],
  ["controls of eight bits", "a\u009b2J\u009d0;owned\u009cb\r\n", "ab"],
  ["a line over another", "one\rtwo\r\n", "one\ntwo"],
  ["letters over others", "secret\b\b\b\b\b\bpublic\r\n", "secretpublic"],
  ["a colour without an end", "a\x1b[31mb\r\n", "ab"],
  ["questions that a terminal answers by typing", "a\x1b[6n\x1b[c\x05b\r\n", "ab"],
  ["half a sequence", "a\x1b[", "a"],
];

describePeer("a terminal of tmux", hasCommand("tmux"), "apt-get install tmux", () => {
  it.each(HOSTILE)("shows text, and gets no command, of a reply with %s", async (_why, reply, shown) => {
    const gate = createGate();
    const server = await serve(async () => {
      await gate.opened;
      return reply;
    });
    const terminal = await run(server.target("alice"));
    await expect.poll(() => server.queries.length).toBe(1);
    const before = await terminal.readState();
    gate.open();
    expect(await readEnd(terminal, "colors")).toBe(`${shown}\n[exit 0]`);
    expect(await terminal.readState()).toBe(before);
  });

  it("would get the commands with --raw --force", async () => {
    const server = await serve(() => "a\x1b]0;owned\x07\x1b[?25l\x1b[31mb\r\n");
    const terminal = await run("--raw", "--force", server.target("alice"));
    expect(await readEnd(terminal, "colors")).toContain("a\x1b[31mb");
    expect(await terminal.readState()).toMatch(/^pane_title=owned .*cursor_flag=0/);
  });

  it("is refused --raw, and nobody is asked", async () => {
    const server = await serve(() => "a\r\n");
    const text = await readEnd(await run("--raw", server.target("alice")));
    expect(text).toMatch(/^finger-client: .*could command this terminal.*\[exit 64\]$/s);
    expect(server.queries).toEqual([]);
  });

  it("shows the reply's colours with --color, and its own are as before at the end", async () => {
    const server = await serve(() => "\x1b[1;31mred\x1b]0;owned\x07 and \x1b[2Jred");
    const terminal = await run("--color", server.target("alice"));
    expect(await readEnd(terminal, "colors")).toBe("\x1b[1m\x1b[31mred and red\n\x1b[0m[exit 0]");
    expect(await terminal.readState()).not.toContain("owned");
  });

  it("shows bold headings over several replies, and none with --no-color", async () => {
    const server = await serve((query) => `${query} is well\r\n`);
    const [alice, bob] = [server.target("alice"), server.target("bob")];
    expect(await readEnd(await run(alice, bob), "colors")).toBe(
      `\x1b[1m[${alice}]\n\x1b[0malice is well\n\x1b[1m[${bob}]\n\x1b[0mbob is well\n[exit 0]`,
    );
    expect(await readEnd(await run("--no-color", alice, bob), "colors")).toBe(
      `[${alice}]\nalice is well\n[${bob}]\nbob is well\n[exit 0]`,
    );
  });

  it("shows that something happens to who waits, and nothing of that when the reply is there", async () => {
    const gate = createGate();
    const server = await serve(async () => {
      await gate.opened;
      return "Happy and well\r\n";
    });
    const terminal = await run(server.target("alice"));
    const seen = new Set<string>();
    const look = async () => {
      seen.add(await terminal.read());
      return [...seen].filter((text) => /^[|/\\-]$/.test(text)).length;
    };
    await expect.poll(look, { interval: 20, timeout: 10_000 }).toBe(4);
    gate.open();
    expect(await readEnd(terminal)).toBe("Happy and well\n[exit 0]");
  });

  it("shows what happens, and nothing of it when the server has said no word in time", async () => {
    const server = await serve(() => HANG);
    const text = await readEnd(await run("--timeout", "1.3", server.target("alice")));
    expect(text).toMatch(/^finger-client: 127\.0\.0\.1, port \d+ sent nothing for 1\.3 s; .*\n\[exit 75\]$/);
  });

  it("ends the command with 130 when Ctrl-C is pressed, and nothing of its waiting is left", async () => {
    const server = await serve(() => HANG);
    const terminal = await run(server.target("alice"));
    await expect.poll(() => terminal.read(), { interval: 20, timeout: 10_000 }).toMatch(/^[|/\\-]$/);
    await terminal.press("C-c");
    expect(await readEnd(terminal)).toMatch(/^(\^C)?\n?\[exit 130\]$/);
  });

  it("shows with --watch what changes, until Ctrl-C is pressed", async () => {
    let status = "Happy\r\nand well\r\n";
    const server = await serve(() => status);
    const terminal = await run("--watch", "0.1", server.target("alice"));
    await expect.poll(() => server.queries.length).toBeGreaterThan(2);
    const heading = `\\[${server.target("alice").replaceAll(".", "\\.")}\\] \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ`;
    expect(await terminal.read()).toMatch(new RegExp(`^${heading}\nHappy\nand well$`));
    status = "Sad\r\nand well\r\n";
    await expect.poll(() => terminal.read()).toMatch(new RegExp(`and well\n${heading}\n- Happy\n\\+ Sad$`));
    expect(await terminal.read("colors")).toMatch(/\x1b\[31m- Happy\n\x1b\[32m\+ Sad/);
    await server.close();
    await expect.poll(() => terminal.read()).toMatch(/No finger server listens on 127\.0\.0\.1/);
    await terminal.press("C-c");
    expect(await readEnd(terminal)).toMatch(/\[exit 130\]$/);
  });
});
