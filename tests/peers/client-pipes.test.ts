import { existsSync } from "node:fs";
import { createScriptedServer, endless, type Script, type ScriptedServer } from "finger-client/testing";
import { afterEach, expect, it } from "vitest";
import { listenWith } from "../support/sockets.js";
import { runInBash } from "./support/client.js";
import { describePeer, hasCommand } from "./support/peer.js";

const closing: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(script: Script): Promise<ScriptedServer> {
  const server = await createScriptedServer(script);
  closing.push(server.close);
  return server;
}

describePeer("bash", hasCommand("bash"), "apt-get install bash", () => {
  const CUT: ReadonlyArray<readonly [why: string, args: readonly string[], ms: number]> = [
    ["as fast as it can", [], 0],
    ["as it came", ["--raw"], 0],
    ["of more bytes than there will be", ["--max-size", "100M"], 0],
    ["now and then", [], 10],
  ];
  it.each(CUT)("ends with head, and says nothing, where a server writes without end: %s", async (_why, args, ms) => {
    const server = await serve(() => endless("one line\r\n", ms));
    const line = '"$@" | head -1; echo $PIPESTATUS';
    const { stdout, stderr } = await runInBash(line, [...args, server.target("alice")]);
    expect([stdout.replace("\r", ""), stderr]).toEqual(["one line\n0\n", ""]);
  });

  it("ends with head where it watches", async () => {
    let turn = 0;
    const server = await serve(() => `turn ${++turn}\r\n`);
    const line = '"$@" | head -2; echo $PIPESTATUS';
    const { stdout, stderr } = await runInBash(line, ["--watch", "0.02", server.target("alice")]);
    expect(stdout).toMatch(/^\[.*\] .*\nturn 1\n0\n$/);
    expect(stderr).toBe("");
  });

  const CLOSED: ReadonlyArray<readonly [line: string, args: readonly string[], code: number, why: string]> = [
    ['"$@" >&-', [], 0, "nobody is to hear the reply"],
    ['"$@" 2>&-', [], 0, "nobody is to hear complaints"],
    ['"$@" <&- >&- 2>&-', [], 0, "nobody at all, as under some cron"],
    ['"$@" >&-', ["--json"], 0, "nobody is to hear JSON"],
    ['exec 3> >(:); wait $!; "$@" >&3', [], 0, "the reader was gone before the reply"],
    [
      'exec 3> >(:); wait $!; "$@" 2>&3 >/dev/null',
      ["--timeout", "no"],
      64,
      "the reader of complaints was gone, and there is one",
    ],
  ];
  it.each(CLOSED)("%s with %j ends with %i: %s", async (line, args, code) => {
    const server = await serve(() => "Happy and well\r\n");
    const outcome = await runInBash(line, [...args, server.target("alice")]);
    expect(outcome).toMatchObject({ code, stderr: "" });
  });

  it("prints what a reader that sleeps gets later", async () => {
    const server = await serve(() => `${"x".repeat(78)}\r\n`.repeat(5000));
    const { stdout, stderr } = await runInBash('"$@" | { sleep 0.2; wc -c; }', [server.target("alice")]);
    expect([stdout.trim(), stderr]).toEqual([String(79 * 5000), ""]);
  });

  describePeer("/dev/full", existsSync("/dev/full"), "Linux", () => {
    const FULL: ReadonlyArray<readonly [args: readonly string[], targets: number, why: string]> = [
      [[], 1, "a text"],
      [["--json"], 1, "JSON"],
      [["--raw"], 1, "bytes"],
      [[], 2, "several texts"],
      [["--help"], 0, "the help"],
      [["--watch", "0.02"], 1, "what it watches"],
    ];
    it.each(FULL)("is an error of one line where it is to take %j of %i targets: %s", async (args, targets) => {
      const server = await serve(() => "Happy and well\r\n");
      const names = ["alice", "bob"].slice(0, targets).map((name) => server.target(name));
      const { code, stderr } = await runInBash('"$@" >/dev/full', [...args, ...names]);
      expect(stderr).toMatch(/^finger-client: .*(ENOSPC|no space|full).*\n$/i);
      expect([70, 74]).toContain(code);
    });

    it("is an error of one line where a server writes without end", async () => {
      const server = await serve(() => endless("one line\r\n"));
      const { code, stderr } = await runInBash('"$@" >/dev/full', [server.target("alice")]);
      expect(stderr).toMatch(/^finger-client: .*(ENOSPC|no space|full).*\n$/i);
      expect([70, 74]).toContain(code);
    });

    it("is no reason for another code where it is to take complaints", async () => {
      const { code } = await runInBash('"$@" 2>/dev/full', ["--timeout", "no", "alice"]);
      expect(code).toBe(64);
    });
  });

  const STATUSES: ReadonlyArray<readonly [line: string, sent: string, why: string]> = [
    ['echo Out | "$@"', "alice\r\nOut\r\n", "a line"],
    [
      "printf 'Out\\nBack at 15:00' | \"$@\"",
      "alice\r\nOut\r\nBack at 15:00\r\n",
      "lines, of which the last has no end",
    ],
    ["printf 'Caf\\303\\251\\r\\n' | \"$@\"", "alice\r\nCafé\r\n", "UTF-8 with CRLF"],
    [
      "(printf Caf\\\\303; sleep 0.1; printf '\\251\\n') | \"$@\"",
      "alice\r\nCafé\r\n",
      "a character that comes in two pieces",
    ],
    ["\"$@\" <<< 'Out'", "alice\r\nOut\r\n", "a file"],
  ];
  it.each(STATUSES)("sets what %s gives, which sends %j: %s", async (line, sent) => {
    let received = "";
    const { port, server } = await listenWith((socket) => {
      socket.on("data", (chunk) => {
        received += chunk;
      });
      socket.once("end", () => socket.end("OK\r\n"));
    });
    closing.push(() => server.close());
    const outcome = await runInBash(line, ["--set", "-", `alice@127.0.0.1:${port}`]);
    expect([outcome, received]).toEqual([{ code: 0, stdout: "", stderr: "" }, sent]);
  });

  it.each([
    ['"$@" </dev/null', "nothing"],
    ['file=$(mktemp); "$@" <"$file"; code=$?; rm "$file"; exit $code', "an empty file"],
    ['false | "$@"', "what failed"],
  ])("sets nothing when %s gives no status: %s", async (line) => {
    const { code, stderr } = await runInBash(line, ["--set", "-", "alice@127.0.0.1:1"]);
    expect([code, stderr]).toEqual([64, expect.stringContaining("standard input has no status")]);
  });

  it("sets no status that is longer than any setter takes, and asks none", async () => {
    let connections = 0;
    const { port, server } = await listenWith((socket) => {
      connections++;
      socket.end();
    });
    closing.push(() => server.close());
    const { code, stdout, stderr } = await runInBash('yes | "$@"', ["--set", "-", `alice@127.0.0.1:${port}`]);
    expect([code, stdout, connections]).toEqual([64, "", 0]);
    expect(stderr).toMatch(/^finger-client: .*longer than 65536 bytes.*\n$/);
  });
});
