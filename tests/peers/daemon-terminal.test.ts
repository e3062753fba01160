import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { expect, it } from "vitest";
import { eventually, haveEnded } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { familyOf } from "./support/processes.js";
import { findPort, parseLog, SERVER, startProgram, writeFresh } from "./support/server-command.js";

/** Runs a program in a terminal of its own until it says where it listens; then presses Ctrl+C, or closes the terminal. */
const TERMINAL = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:])
said = b""
while b" on 127.0.0.1:" not in said: said += os.read(terminal, 4096)
print(pid, flush=True)
if sys.stdin.readline().strip() == "close": os.close(terminal)
else: os.write(terminal, b"\\x03")
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
`;

interface EndCase {
  readonly what: string;
  readonly workers: string;
  readonly act: "close" | "interrupt";
  /** Below 0 the number of a signal. */
  readonly code: string;
}

const ENDS: readonly EndCase[] = [
  { what: "ends in order on Ctrl+C, which each process of it hears", workers: "2", act: "interrupt", code: "0" },
  { what: "ends in order with its terminal", workers: "1", act: "close", code: "-1" },
  { what: "leaves no worker when its terminal is closed", workers: "2", act: "close", code: "-1" },
];

describePeer("python3, to be a terminal", hasCommand("python3"), "apt-get install python3", () => {
  it.each(ENDS.map((row) => [row.what, row] as const))("%s", async (_, { workers, act, code }) => {
    const users = writeFresh("alice: Happy and well\n");
    const argv = [...SERVER, "--users", users, "--port", "0", "--workers", workers];
    const terminal = startProgram(["python3", "-c", TERMINAL, ...argv], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface(terminal.stdout as Readable)[Symbol.asyncIterator]();
    const family = familyOf(Number((await lines.next()).value));
    terminal.stdin?.end(`${act}\n`);
    expect(await lines.next()).toMatchObject({ value: code });
    await haveEnded(family);
  });
});

it("goes on when nobody reads its log any more", async () => {
  const users = writeFresh("alice: Happy and well\n");
  const child = startProgram([...SERVER, "--users", users, "--port", "0"]);
  let err = "";
  child.stderr?.setEncoding("utf8").on("data", (piece) => {
    err += piece;
  });
  await eventually(() => findPort(parseLog(err)) !== undefined);
  child.stderr?.destroy();
  child.kill("SIGHUP");
  const port = findPort(parseLog(err)) ?? 0;
  for (let count = 0; count < 3; count++) expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
  child.kill("SIGTERM");
  await eventually(() => child.exitCode !== null);
  expect(child.exitCode).toBe(0);
});
