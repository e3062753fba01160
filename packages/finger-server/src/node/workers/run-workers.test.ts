import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { buildModule } from "../../../../../tests/support/module.js";
import { eventually, freshPath, haveEnded } from "../../../../../tests/support/programs.js";
import { exchange, listenWith } from "../../../../../tests/support/sockets.js";
import { runWorkers } from "./run-workers.js";

const here = (file: string) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
const entry = `${freshPath()}.ts`;
writeFileSync(
  entry,
  `export { runWorkers } from ${here("run-workers.ts")};
   export { createFingerServer } from ${here("../server.ts")};`,
);
const MODULE = await buildModule(entry);

/** What the processes of a program say, a line each. */
interface Said {
  readonly worker?: number;
  readonly pid?: number;
  readonly port?: number;
  readonly begun?: number;
  /** A port of one worker alone. */
  readonly door?: number;
  readonly ended?: "primary" | "worker";
  readonly rejected?: string;
  readonly code?: string;
  readonly causeCode?: string;
  readonly error?: string;
}

interface Program {
  readonly child: ChildProcess;
  readonly said: readonly Said[];
  /** Those that serve, or have served, in the order of their start. */
  workers(): readonly Required<Pick<Said, "worker" | "pid" | "port">>[];
}

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** Starts a program of two workers whose `serve` is this code. */
function start(serve: string, { options = "" } = {}): Program {
  const path = `${freshPath()}.mjs`;
  writeFileSync(
    path,
    `import cluster from "node:cluster";
     import { once } from "node:events";
     import { existsSync, writeFileSync } from "node:fs";
     import { createServer } from "node:net";
     import { createFingerServer, runWorkers } from ${JSON.stringify(MODULE)};
     const say = (what) => process.stdout.write(JSON.stringify(what) + "\\n");
     const stop = new AbortController();
     if (cluster.isPrimary) process.once("SIGTERM", () => stop.abort());
     const fileAt = async (path) => {
       while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 5));
       return "it is there";
     };
     const pid = () => String(process.pid);
     const listen = async (server, where) => {
       const { port } = await server.listen(where);
       return port;
     };
     const serve = async ({ number }) => { ${serve} };
     try {
       await runWorkers(2, serve, { signal: stop.signal, onError: ({ message }) => say({ error: message }), ${options} });
       say({ ended: cluster.isPrimary ? "primary" : "worker", pid: process.pid });
     } catch ({ message, code, cause }) {
       say({ rejected: message, code, causeCode: cause?.code });
     }`,
  );
  const child = spawn(process.execPath, [path], { stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  const said: Said[] = [];
  createInterface(child.stdout).on("line", (line) => said.push(JSON.parse(line)));
  return { child, said, workers: () => said.filter(({ worker }) => worker !== undefined) as never };
}

/** What serves a provider on a port, and says so. */
function serving(provider: string, { where = "{ port: 0 }", limits = "{ rate: false, perPeer: false }" } = {}): string {
  return `
    const server = createFingerServer({ provider: ${provider}, limits: ${limits} });
    const port = await listen(server, ${where});
    say({ worker: number, pid: process.pid, port });
    return server;`;
}

async function startTwo(serve: string, options?: string): Promise<Program & { readonly port: number }> {
  const program = start(serve, options === undefined ? {} : { options });
  await eventually(() => program.workers().length === 2);
  return { ...program, port: program.workers()[0]?.port ?? 0 };
}

async function end({ child }: Program): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** The processes that answer, over many questions, some at a time. */
async function whoAnswers(port: number, times: number): Promise<readonly number[]> {
  const answers: number[] = [];
  const ask = async () => {
    while (answers.length < times) answers.push(Number(await exchange(port, ["pid\r\n"])));
  };
  await Promise.all(Array.from({ length: 10 }, ask));
  return answers;
}

/** The answer to a query at any place; empty when the connection is broken. */
async function askAt(where: { port: number; host?: string } | { path: string }, query = "pid"): Promise<string> {
  let text = "";
  await new Promise((resolve) => {
    const socket = connect(where).on("close", resolve).setEncoding("utf8");
    socket
      .on("error", () => {})
      .on("data", (piece: string) => {
        text += piece;
      });
    socket.write(`${query}\r\n`);
  });
  return text.trim();
}

/** Resolves when nobody listens any more. */
async function isClosed(port: number): Promise<void> {
  for (let isOpen = true; isOpen; ) {
    isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
  }
}

/** Asks without a pause, twenty at a time. */
function startLoad(port: number): { answered: readonly string[]; end: () => Promise<unknown> } {
  const answered: string[] = [];
  let isOver = false;
  const ask = async () => {
    while (!isOver) answered.push(await askAt({ port }));
  };
  const load = Promise.all(Array.from({ length: 20 }, ask));
  const end = () => {
    isOver = true;
    return load;
  };
  return { answered, end };
}

const PIDS = serving("pid");

describe("runWorkers", () => {
  it("answers in all workers at one port, and ends them in order", async () => {
    const program = await startTwo(PIDS);
    const pids = program.workers().map(({ pid }) => pid);
    expect(new Set(program.workers().map(({ port }) => port)).size).toBe(1);
    expect(new Set(await whoAnswers(program.port, 400))).toEqual(new Set(pids));
    await end(program);
    await haveEnded(pids);
    expect(program.said.filter(({ ended }) => ended === "worker")).toHaveLength(2);
    expect(program.said.at(-1)).toMatchObject({ ended: "primary" });
    expect(program.child.exitCode).toBe(0);
  });

  it("tells when all serve, and passes on the signals that are for the workers", async () => {
    const serve = `
      process.on("SIGHUP", (signal) => say({ door: number, error: signal }));
      ${PIDS}`;
    const options = `relay: ["SIGHUP"], onServing: (count) => count === 2 && say({ error: "all serve" })`;
    const program = await startTwo(serve, options);
    await eventually(() => program.said.some(({ error }) => error === "all serve"));
    expect(program.said.findIndex(({ error }) => error === "all serve")).toBeGreaterThan(1);
    program.child.kill("SIGHUP");
    const heard = () => program.said.filter(({ error }) => error === "SIGHUP").map(({ door }) => door);
    await eventually(() => heard().length === 2);
    expect(new Set(heard())).toEqual(new Set([1, 2]));
    expect(new Set(await whoAnswers(program.port, 100))).toEqual(new Set(program.workers().map(({ pid }) => pid)));
    await end(program);
  });

  it.each([
    ["every address of this machine", '{ port: 0, host: "::" }', { host: "127.0.0.1" }],
    ["the addresses of version 6", '{ port: 0, host: "::1" }', { host: "::1" }],
  ])("shares %s", async (_, where, place) => {
    const program = await startTwo(serving("pid", { where }));
    const pids = new Set<string>();
    while (pids.size < 2) pids.add(await askAt({ ...place, port: program.port }));
    expect([...pids].map(Number).sort()).toEqual([...program.workers().map(({ pid }) => pid)].sort());
    await end(program);
  });

  it("shares several ports, each for itself", async () => {
    const listenTwice = "await server.listen({ port: 0 }); const port";
    const program = await startTwo(PIDS.replace("const port", listenTwice));
    expect(new Set(program.workers().map(({ port }) => port)).size).toBe(1);
    await end(program);
  });

  it("shares a socket file, and takes the one that a dead primary left", async () => {
    const path = freshPath();
    const serve = serving("pid", { where: JSON.stringify({ path }) });
    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      const program = await startTwo(serve);
      const answers = new Set<string>();
      while (answers.size < 2) answers.add(await askAt({ path }));
      program.child.kill(signal);
      await once(program.child, "exit");
      await haveEnded(program.workers().map(({ pid }) => pid));
      expect(existsSync(path)).toBe(signal === "SIGKILL");
    }
  });

  it("replaces one that dies at the same port, and says so", async () => {
    const program = await startTwo(PIDS);
    const [victim, other] = program.workers();
    const { answered, end: endLoad } = startLoad(program.port);
    await eventually(() => answered.length > 200);
    process.kill(victim?.pid ?? 0, "SIGKILL");
    await eventually(() => program.workers().length === 3);
    const before = answered.length;
    await eventually(() => answered.length > before + 200);
    await endLoad();

    expect(answered.filter((text) => text === "").length).toBeLessThanOrEqual(20);
    expect(program.workers()[2]).toMatchObject({ worker: victim?.worker, port: program.port });
    expect(answered.slice(before)).toContain(String(other?.pid));
    expect(program.said.flatMap(({ error = [] }) => error)).toEqual([
      `Worker ${victim?.worker} (process ${victim?.pid}) was ended by SIGKILL.`,
    ]);
    await end(program);
  });

  it("loses no answer when one is ended in order, and replaces it", async () => {
    const program = await startTwo(PIDS);
    const { answered, end: endLoad } = startLoad(program.port);
    for (const [index, { pid }] of program.workers().entries()) {
      process.kill(pid, "SIGTERM");
      await eventually(() => program.workers().length === 3 + index);
      await haveEnded([pid]);
    }
    await endLoad();
    expect(answered).not.toContain("");
    expect(program.said.filter(({ error }) => error !== undefined)).toEqual([]);
    await end(program);
  });

  it.each([
    ["a worker is ended", "worker", "SIGTERM"],
    ["all are ended", "primary", "SIGTERM"],
    ["the primary dies, and then ends them", "primary", "SIGKILL"],
  ] as const)("lets an answer finish when %s", async (_, whom, signal) => {
    const [begun, finished] = [freshPath(), freshPath()];
    const slow = `async () => { writeFileSync(${JSON.stringify(begun)}, ""); return fileAt(${JSON.stringify(finished)}); }`;
    const program = await startTwo(serving(slow));
    const answer = askAt({ port: program.port });
    await eventually(() => existsSync(begun));
    const pids = program.workers().map(({ pid }) => pid);
    for (const pid of whom === "worker" ? pids : [program.child.pid ?? 0]) process.kill(pid, signal);
    await isClosed(program.port);
    writeFileSync(finished, "");
    expect(await answer).toBe("it is there");
    await haveEnded(pids);
    if (whom === "worker") await end(program);
  });

  it("lets an answer finish when the primary dies just before it is told something", async () => {
    const finished = freshPath();
    // The loop comes to what is due, the news of this query, before it hears that the primary is gone.
    const provider = `async () => {
      setImmediate((primary, due) => {
        process.kill(primary, "SIGKILL");
        while (isAlive(primary) || Date.now() < due);
      }, process.ppid, Date.now() + 150);
      return fileAt(${JSON.stringify(finished)});
    }`;
    const isAlive = "const isAlive = (pid) => { try { return process.kill(pid, 0); } catch { return false; } };";
    const program = await startTwo(isAlive + serving(provider, { limits: "{}" }));
    const answer = askAt({ port: program.port });
    await isClosed(program.port);
    writeFileSync(finished, "");
    expect(await answer).toBe("it is there");
    await haveEnded(program.workers().map(({ pid }) => pid));
  });

  it("tells of one that was killed before it served, and tries again", async () => {
    const path = JSON.stringify(freshPath());
    const dieOnce = `if (!existsSync(${path})) {
      writeFileSync(${path}, "");
      process.kill(process.pid, "SIGKILL");
      await new Promise(() => {});
    }`;
    const program = await startTwo(dieOnce + PIDS);
    expect(program.said.flatMap(({ error = [] }) => error)).toEqual([
      expect.stringMatching(/^Worker 1 \(process \d+\) was ended by SIGKILL before it served; /),
    ]);
    await end(program);
  });

  const NEVER = "() => new Promise(() => setInterval(() => {}, 1000))";
  const LEAVING = "async () => void setInterval(() => {}, 1000)";

  it.each([
    ["does not end", NEVER],
    ["leaves something open", LEAVING],
  ])("ends one that %s when the primary has died", async (_, dispose) => {
    const serve = `say({ worker: number, pid: process.pid, port: 0 }); return { [Symbol.asyncDispose]: ${dispose} };`;
    const program = await startTwo(serve, "drain: 50");
    program.child.kill("SIGKILL");
    await haveEnded(program.workers().map(({ pid }) => pid));
  });

  it("ends one that has not begun yet when the primary has died", async () => {
    const serve =
      "say({ worker: number, pid: process.pid, port: 0 }); return new Promise(() => setInterval(() => {}, 1000));";
    const program = start(serve, { options: "drain: 600_000" });
    await eventually(() => program.workers().length === 1);
    program.child.kill("SIGKILL");
    await haveEnded(program.workers().map(({ pid }) => pid));
  });

  it.each([
    ["does not end", NEVER],
    ["leaves something open", LEAVING],
  ])("replaces one that %s when somebody ends it", async (_, dispose) => {
    const serve = `say({ worker: number, pid: process.pid, port: 0 }); return { [Symbol.asyncDispose]: ${dispose} };`;
    const program = await startTwo(serve, "drain: 50");
    const [victim] = program.workers();
    process.kill(victim?.pid ?? 0, "SIGTERM");
    await eventually(() => program.workers().length === 3);
    expect(program.workers()[2]?.worker).toBe(victim?.worker);
    await end(program);
  });

  it("kills one that does not end in time, and says so", async () => {
    const serve = `say({ worker: number, pid: process.pid, port: 0 }); return { [Symbol.asyncDispose]: ${NEVER} };`;
    const program = await startTwo(serve, "drain: 50");
    await end(program);
    expect(program.said.flatMap(({ error = [] }) => error).sort()).toEqual(
      [...program.workers()]
        .sort((a, b) => a.worker - b.worker)
        .map(
          ({ worker, pid }) =>
            `Worker ${worker} (process ${pid}) had not ended 50 ms after it was asked to, and was killed.`,
        ),
    );
    expect(program.said.at(-1)).toMatchObject({ ended: "primary" });
  });
});

describe("runWorkers rejects", () => {
  it("with the error of the first worker, when the port is taken, and starts no other", async () => {
    const { port, server } = await listenWith(() => {});
    const program = start(`say({ begun: number }); ${serving("pid", { where: `{ port: ${port} }` })}`);
    await once(program.child, "exit");
    server.close();
    expect(program.said.filter(({ ended }) => ended === undefined)).toEqual([
      { begun: 1 },
      {
        rejected: expect.stringMatching(`^Cannot listen on 127.0.0.1, port ${port}: .+ listens there. Stop it, or`),
        code: "ERR_FINGER_LISTEN",
        causeCode: "EADDRINUSE",
      },
    ]);
  });

  it.each([
    ["throws", 'throw new RangeError("no such thing")', "A worker failed: no such thing"],
    [
      "throws and leaves something open",
      'createServer().listen(0); throw new RangeError("no such thing")',
      "A worker failed: no such thing",
    ],
    ["ends its process", "process.exit(3)", /^Worker 1 \(process \d+\) ended with code 3 before it served; /],
    [
      "ends its process as if all were well",
      "process.exit(0)",
      /^Worker 1 \(process \d+\) ended with code 0 before it served/,
    ],
    [
      "gives nothing to dispose of",
      "return 42",
      /serve must resolve to what is to be disposed of .* but gave number\.$/,
    ],
  ])("when serve %s", async (_, serve, message) => {
    const program = start(serve, { options: "drain: Infinity" });
    await once(program.child, "exit");
    const rejected = program.said.filter((said) => said.rejected !== undefined);
    expect(rejected).toEqual([expect.objectContaining({ code: "ERR_FINGER_LISTEN" })]);
    expect(rejected[0]?.rejected).toMatch(message);
  });

  it.each([
    [0, {}, "The option count must be a whole number from 1 to 1024, but is 0."],
    [1.5, {}, "The option count must be a whole number from 1 to 1024, but is 1.5."],
    [2, { drain: -1 }, "drain must be a number of milliseconds, but is -1."],
  ])("a count of %d with %o", async (count, options, message) => {
    const serve = () => Promise.reject(new Error("Nobody serves in the primary."));
    await expect(runWorkers(count, serve, options)).rejects.toThrow(new RangeError(message));
  });
});

describe("the limits of workers", () => {
  it("count what a peer asks of one for the others", async () => {
    // The n-th who comes to a door is the n-th peer. None of them has a second query before a minute is over.
    const serve = serving("pid", { limits: "{ rate: 1 }" }).replace(
      "const port",
      `let comers = 0;
       const door = createServer((socket) => server.handle(socket, { address: "192.0.2." + ++comers, port: 4000 }))
         .listen({ port: 0, host: "127.0.0.1", exclusive: true });
       await once(door, "listening");
       const at = door.address().port;
       say({ door: at });
       server[Symbol.asyncDispose] = async () => void (await Promise.all([server.close(), door.close()]));
       const port`,
    );
    const program = await startTwo(serve);
    const doors = program.said.flatMap(({ door = [] }) => door);
    const askAtDoor = (index: number) => askAt({ port: doors[index] ?? 0 });
    for (let peer = 1; peer <= 100; peer++) expect(await askAtDoor(0)).toMatch(/^\d+$/);
    // News takes its time: the next peer is asked for until it has come.
    await expect.poll(() => askAtDoor(1), { timeout: 10_000, interval: 100 }).toMatch(/^Too many queries/);
    await end(program);
  });
});
