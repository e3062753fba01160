import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { LookupProvider } from "finger-server";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  ask,
  awaitFile,
  eventually,
  FOLDER,
  freshPath,
  haveEnded,
  isKnown,
  isRunning,
  look,
  nextText,
  open,
  read,
  readNumbers,
  toNumbers,
  writeScript,
} from "../../../../../tests/support/programs.js";
import { commandProvider } from "../command-provider.js";
import type { CommandOptions } from "./options.js";

function shell(body: string, options?: CommandOptions): LookupProvider {
  const argv = [writeScript(body), "--", "{name}"];
  return commandProvider(argv, { cwd: FOLDER, env: { PATH: "/usr/bin:/bin" }, ...options });
}

/** What the kernel and Node hold of an output that nobody reads, and somewhat less than all of it: bytes. */
const HELD = process.platform === "linux" ? 100_000 : 20_000;
const EXIT_LISTENERS = process.listenerCount("exit");

/** Programs are real, and so is what they print; only our own timers wait for the test. */
function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
}

afterEach(() => {
  if (vi.isFakeTimers()) vi.runOnlyPendingTimers();
  vi.useRealTimers();
});

/** The output of a program that has ended, as Node knows, and that nobody has read yet. */
async function openEnded(): Promise<AsyncGenerator<string>> {
  const file = freshPath();
  const stream = await open(shell(`echo $$ >${file}; head -c ${HELD} /dev/zero | tr '\\0' x`));
  const [pid = 0] = await readNumbers(file);
  expect(pid).toBeGreaterThan(1);
  await eventually(() => !isKnown(pid));
  return stream;
}

describe("a stream", () => {
  it("gives each piece when it is printed", async () => {
    const go = freshPath();
    const stream = await open(shell(`echo one; ${awaitFile(go)}; echo two`));
    expect(await nextText(stream)).toBe("one\n");
    const second = nextText(stream);
    writeFileSync(go, "");
    expect(await second).toBe("two\n");
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it("holds a program up while nobody reads, and then lets it go on", async () => {
    const progress = freshPath();
    const code = `
      const { writeFileSync, writeSync } = require("node:fs");
      for (let block = 1; block <= 1600; block++) {
        for (let rest = Buffer.alloc(65536, "x"); rest.length > 0; ) {
          try { rest = rest.subarray(writeSync(1, rest)); } catch (error) { if (error.code !== "EAGAIN") throw error; }
        }
        writeFileSync(${JSON.stringify(progress)}, String(block));
      }`;
    const argv = [process.execPath, "-e", code, "--", "{name}"];
    const stream = await open(commandProvider(argv, { maxBytes: false, timeout: false }));
    let bytes = (await nextText(stream)).length;
    // Whole other programs run meanwhile, which is more time than this one needs for a megabyte.
    const blocks: string[] = [];
    for (let round = 0; round < 4; round++) {
      await ask(commandProvider([process.execPath, "-e", "console.log(1)", "--", "{name}"]));
      blocks.push(readFileSync(progress, "utf8"));
    }
    expect(blocks.at(-1)).toBe(blocks.at(-2));
    expect(Number(blocks.at(-1))).toBeLessThan(16);
    for await (const piece of stream) bytes += piece.length;
    expect(bytes).toBe(1600 * 65536);
  });

  it("loses nothing of a program that has ended long before it is read", async () => {
    const stream = await openEnded();
    expect((await read(stream))?.length).toBe(HELD);
  });

  it("ends when the program has, even if a process that left its group holds the output open", async () => {
    const code = `
      const { spawn } = require("node:child_process");
      const child = spawn("/bin/sleep", ["1000"], { detached: true, stdio: "inherit" });
      console.log(child.pid);
      process.exit();`;
    const stream = await open(commandProvider([process.execPath, "-e", code, "--", "{name}"], { grace: 50 }));
    const pid = Number(await nextText(stream));
    onTestFinished(() => {
      process.kill(pid);
    });
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});

const CUTS: ReadonlyArray<readonly [body: string, maxBytes: number, answer: string, why: string]> = [
  ["printf 12345678", 8, "12345678", "it is no longer than that"],
  ["yes", 7, "y\ny\ny\ny\n[The rest is cut off: it is longer than 7 bytes.]\n", "a line has room to end"],
  ["printf 123456789", 8, "12345678\n[The rest is cut off: it is longer than 8 bytes.]\n", "it is one byte longer"],
];

it.each(CUTS)("cuts %j at %i bytes", async (body, maxBytes, answer) => {
  expect(await ask(shell(body, { maxBytes }))).toBe(answer);
});

/** Prints its own process and one that it leaves behind, and lasts. */
const LASTING = "sleep 1000 & echo $$ $!; while :; do sleep 1000; done";
/** The same, and deaf to SIGTERM. */
const STUBBORN = `trap '' TERM; ${LASTING}`;

async function openLasting(body: string, options?: CommandOptions, signal?: AbortSignal) {
  const stream = await open(shell(body, options), signal);
  return { stream, pids: toNumbers(await nextText(stream)) };
}

describe("the whole group ends", () => {
  it("when its time is over", async () => {
    fakeTimers();
    const { stream, pids } = await openLasting(LASTING);
    const next = stream.next();
    const rejects = expect(next).rejects.toMatchObject({
      code: "ERR_FINGER_TIMEOUT",
      message: expect.stringMatching(/did not end within 10000 ms and was stopped; see the option timeout/),
    });
    vi.advanceTimersByTime(10_000);
    await rejects;
    await haveEnded(pids);
  });

  it("when it is deaf to SIGTERM, after the grace", async () => {
    fakeTimers();
    const heard = freshPath();
    const body = `trap 'touch ${heard}' TERM; echo $$; while :; do sleep 0.01; done`;
    const { stream, pids } = await openLasting(body, { grace: 700 });
    await stream.return(undefined);
    await eventually(() => existsSync(heard));
    vi.advanceTimersByTime(699);
    expect(pids.map(isRunning)).toEqual([true]);
    vi.advanceTimersByTime(1);
    await haveEnded(pids);
  });

  it("when its reader returns", async () => {
    const { stream, pids } = await openLasting(LASTING);
    await stream.return(undefined);
    await haveEnded(pids);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it("when its reader returns in the middle of a wait", async () => {
    const { stream, pids } = await openLasting(LASTING);
    const next = stream.next();
    await stream.return(undefined);
    expect(await next).toEqual({ done: true, value: undefined });
    await haveEnded(pids);
  });

  it("when its reader returns before it has read anything", async () => {
    const file = freshPath();
    const stream = await open(shell(`echo $$ >${file}; ${LASTING}`));
    await stream.return(undefined);
    await haveEnded(await readNumbers(file));
  });

  it("when nobody waits for the answer any more", async () => {
    const controller = new AbortController();
    const { stream, pids } = await openLasting(LASTING, {}, controller.signal);
    controller.abort();
    await expect(stream.next()).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
    await haveEnded(pids);
  });

  it("when nobody waits, before it is known to run", async () => {
    const controller = new AbortController();
    const answer = look(shell("sleep 1000"), "alice", controller.signal);
    // The program is started in a microtask, and heard of when all of them are done.
    for (let turn = 0; turn < 20; turn++) await undefined;
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
  });

  it("when nobody waits, before it has printed", async () => {
    const file = freshPath();
    const controller = new AbortController();
    const answer = look(shell(`sleep 1000 & echo $! >${file}; wait`), "alice", controller.signal);
    const rejects = expect(answer).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
    const pids = await readNumbers(file);
    controller.abort();
    await rejects;
    await haveEnded(pids);
  });

  it("when it prints more than allowed", async () => {
    const file = freshPath();
    const stream = await open(shell(`sleep 1000 & echo $$ $! >${file}; yes`, { maxBytes: 1000 }));
    expect((await read(stream))?.endsWith("[The rest is cut off: it is longer than 1000 bytes.]\n")).toBe(true);
    await haveEnded(await readNumbers(file));
  });

  it("when its first process has ended, and another holds the output open", async () => {
    const stream = await open(shell("sleep 1000 & echo $!", { grace: 50 }));
    await haveEnded(toNumbers((await read(stream)) ?? ""));
  });

  it("when its first process has ended, and another has closed everything", async () => {
    fakeTimers();
    const stream = await open(shell("sleep 1000 >/dev/null 2>&1 & echo $!"));
    await haveEnded(toNumbers((await read(stream)) ?? ""));
  });

  it("when its first process has ended, though nobody reads on", async () => {
    const stream = await open(shell("sleep 1000 & echo $!", { grace: 50 }));
    await haveEnded(toNumbers(await nextText(stream)));
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it("when this process exits", async () => {
    const isQuiet = () => process.listenerCount("exit") === EXIT_LISTENERS;
    await eventually(isQuiet);
    const before = process.listeners("exit");
    const { stream, pids } = await openLasting(STUBBORN);
    const added = process.listeners("exit").filter((listener) => !before.includes(listener));
    expect(added).toHaveLength(1);
    for (const listener of added) listener.call(process, 0);
    await haveEnded(pids);
    await expect(stream.next()).rejects.toThrow("was ended by SIGKILL");
    await eventually(isQuiet);
  });
});

describe("the time", () => {
  it("is told at once to who waits, even of a program that has closed its output and is deaf", async () => {
    fakeTimers();
    const file = freshPath();
    const answer = look(shell(`trap '' TERM; exec >&-; echo $$ >${file}; while :; do sleep 0.01; done`));
    const rejects = expect(answer).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
    const pids = await readNumbers(file);
    await eventually(() => vi.getTimerCount() === 1);
    vi.advanceTimersByTime(10_000);
    await rejects;
    vi.advanceTimersByTime(500);
    await haveEnded(pids);
  });

  it("for the first output is bounded when the whole run is not", async () => {
    fakeTimers();
    const file = freshPath();
    const answer = look(shell(`echo $$ >${file}; sleep 1000`, { timeout: false, firstByteTimeout: 3_000 }));
    const rejects = expect(answer).rejects.toMatchObject({
      code: "ERR_FINGER_TIMEOUT",
      message: expect.stringMatching(/printed nothing within 3000 ms and was stopped; see the option firstByteTimeout/),
    });
    const pids = await readNumbers(file);
    await eventually(() => vi.getTimerCount() === 1);
    vi.advanceTimersByTime(3_000);
    await rejects;
    await haveEnded(pids);
  });

  it("of a stream that has begun is unbounded when that is wished", async () => {
    fakeTimers();
    const go = freshPath();
    const stream = await open(shell(`echo one; ${awaitFile(go)}; echo two`, { timeout: false }));
    vi.advanceTimersByTime(100_000);
    writeFileSync(go, "");
    expect(await read(stream)).toBe("one\ntwo\n");
  });

  it("of the reader is not the program's", async () => {
    fakeTimers();
    const stream = await openEnded();
    vi.advanceTimersByTime(9_999);
    const first = await nextText(stream);
    vi.advanceTimersByTime(1);
    expect(first.length + ((await read(stream))?.length ?? 0)).toBe(HELD);
  });
});

const LEFT: ReadonlyArray<readonly [how: string, read: (stream: AsyncGenerator<string>) => unknown]> = [
  ["nothing", () => undefined],
  ["a piece", (stream) => stream.next()],
];

it.each(LEFT)("has no timer left when the stream is returned after %s was read", async (_what, readSome) => {
  fakeTimers();
  const stream = await open(shell("echo hello; exec sleep 1000"));
  await readSome(stream);
  await stream.return(undefined);
  await eventually(() => vi.getTimerCount() === 0);
});

it("has no timer left when the lookup was aborted and the stream forgotten", async () => {
  fakeTimers();
  const controller = new AbortController();
  await open(shell("echo hello; exec sleep 1000"), controller.signal);
  controller.abort();
  await eventually(() => vi.getTimerCount() === 0);
});
