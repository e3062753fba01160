import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { buildModule } from "../../../../tests/support/module.js";

// Each of these is the whole of a process, for a process has these streams once.

const STREAMS = await buildModule(fileURLToPath(new URL("standard-streams.ts", import.meta.url)));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function start(code: string, stdio: StdioOptions = "pipe"): ChildProcess {
  const whole = `import { isTerminal, readInput, write } from ${JSON.stringify(STREAMS)};\n${code}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", whole], { stdio });
  children.push(child);
  return child;
}

async function finish(child: ChildProcess): Promise<{ code: number | null; out: Buffer; err: string }> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on("data", (piece: Buffer) => out.push(piece));
  child.stderr?.on("data", (piece: Buffer) => err.push(piece));
  await once(child, "close");
  return { code: child.exitCode, out: Buffer.concat(out), err: Buffer.concat(err).toString() };
}

it("writes text as UTF-8 and bytes as they are, before the process goes on to its end", async () => {
  const code = `write(1, "Café\\n"); write(1, Uint8Array.of(0xff, 0)); write(2, "Oh\\n"); process.exit(3);`;
  const out = Buffer.concat([Buffer.from("Café\n"), Uint8Array.of(0xff, 0)]);
  expect(await finish(start(code))).toEqual({ code: 3, out, err: "Oh\n" });
});

it("writes more than a pipe holds before the process ends", async () => {
  const { code, out, err } = await finish(start(`write(1, "x".repeat(3_000_000)); process.exit(0);`));
  expect([code, out.length, err]).toEqual([0, 3_000_000, ""]);
});

it("waits for the reader of a pipe that does not block", async () => {
  // To look at process.stdout makes Node set the pipe to not block.
  const child = start(`process.stdout; write(1, "x".repeat(3_000_000)); process.exit(0);`);
  const { code, out, err } = await finish(child);
  expect([code, out.length, err]).toEqual([0, 3_000_000, ""]);
});

it.skipIf(process.platform === "win32")("ends without a word when its reader has seen enough", async () => {
  const child = start(`for (;;) write(1, "y\\n".repeat(1000));`);
  child.stdout?.once("data", () => child.stdout?.destroy());
  const { code, err } = await finish(child);
  expect([code, err]).toEqual([0, ""]);
});

const NO_TERMINALS: ReadonlyArray<readonly [stdio: "pipe" | "ignore", why: string]> = [
  ["pipe", "nobody sits there"],
  ["ignore", "the null device is a device of characters, too"],
];

it.each(NO_TERMINALS)("takes the stream that is made by %j for no terminal: %s", async (stdio) => {
  const code = `process.exit(["in", "out", "err"].some(isTerminal) ? 1 : 0);`;
  expect((await finish(start(code, stdio))).code).toBe(0);
});

it("takes a stream that is closed for no terminal", async () => {
  const code = `import { closeSync } from "node:fs"; closeSync(0); process.exit(isTerminal("in") ? 1 : 0);`;
  expect((await finish(start(code))).code).toBe(0);
});

it.skipIf(!existsSync("/dev/full"))("says what is wrong when it cannot write", async () => {
  const full = openSync("/dev/full", "w");
  const code = `try { write(1, "y\\n"); } catch (error) { write(2, String(error.code)); } process.exit(0);`;
  const { err } = await finish(start(code, ["pipe", full, "pipe"]));
  closeSync(full);
  expect(err).toMatch(/^finger-client: standard output cannot be written: ENOSPC\b.*\.\n$/);
});

const INPUTS: ReadonlyArray<readonly [pieces: readonly Uint8Array[], most: number, text: string, why: string]> = [
  [[], 10, "", "nothing"],
  [[Buffer.from("one\r\n"), Buffer.from("two\n")], 10, "one\r\ntwo\n", "lines stay as they are"],
  [[Uint8Array.of(0xc3), Uint8Array.of(0xa9)], 10, "é", "a character may come in two pieces"],
  [[Buffer.from("0123456789")], 10, "0123456789", "as long as it may be"],
  [[Buffer.from("0123456789"), Buffer.from("x")], 10, "RangeError", "and longer"],
];

it.each(INPUTS)("reads the input %o up to %i bytes as %j: %s", async (pieces, most, text) => {
  const child = start(`write(1, await readInput(${most}).catch((error) => error.name)); process.exit(0);`);
  // Who reads no more breaks the pipe.
  child.stdin?.on("error", () => {});
  for (const piece of pieces) child.stdin?.write(piece);
  child.stdin?.end();
  const { out, err } = await finish(child);
  expect([out.toString(), err]).toEqual([text, ""]);
});
