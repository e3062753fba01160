import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { finger, fingerStream } from "finger-client";
import {
  byteByByte,
  createScriptedServer,
  endless,
  HANG,
  huge,
  pause,
  RESET,
  type Reply,
  type Script,
  type ScriptedServer,
  slowly,
} from "finger-client/testing";
import { afterEach, describe, expect, it, vi } from "vitest";

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function start(script: Script): Promise<ScriptedServer> {
  const server = await createScriptedServer(script);
  closing.push(server.close);
  return server;
}

/** What a client made of a connection. */
interface Outcome {
  /** As they were read. */
  readonly pieces: readonly string[];
  readonly text: string;
  /** `end` for a FIN, or the code of the error. */
  readonly end: string;
}

function open(server: ScriptedServer): Socket {
  const socket = connect({ port: server.port, host: server.host, noDelay: true });
  closing.push(async () => socket.destroy());
  return socket;
}

async function read(socket: Socket): Promise<Outcome> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  const end = await new Promise<string>((resolve) => {
    socket.once("end", () => resolve("end"));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
  return { pieces: chunks.map((chunk) => chunk.toString("latin1")), text: Buffer.concat(chunks).toString(), end };
}

async function ask(server: ScriptedServer, query: string): Promise<Outcome> {
  const socket = open(server);
  socket.write(`${query}\r\n`);
  return read(socket);
}

/** Asks, and resolves to the connection when the first bytes of the reply are there. */
async function askForMore(server: ScriptedServer, query: string): Promise<Socket> {
  const socket = open(server);
  socket.write(`${query}\r\n`);
  await once(socket, "data");
  return socket;
}

const bytes = (text: string) => new TextEncoder().encode(text);

async function* later(...steps: readonly string[]): AsyncGenerator<string> {
  yield* steps;
}

const REPLIES: ReadonlyArray<readonly [what: string, reply: () => Reply, pieces: readonly string[], end: string]> = [
  ["a text", () => "Happy\r\n", ["Happy\r\n"], "end"],
  ["a text without a line end, as it is", () => "Happy\nand well", ["Happy\nand well"], "end"],
  ["an empty text", () => "", [], "end"],
  ["bytes that are no UTF-8", () => Uint8Array.of(0xff, 0x0a), ["\xff\n"], "end"],
  ["no steps at all", () => [], [], "end"],
  ["a step after the other", () => ["Hap", bytes("py"), "\r\n"], ["Hap", "py", "\r\n"], "end"],
  ["steps of a set", () => new Set(["Hap", "py\r\n"]), ["Hap", "py\r\n"], "end"],
  ["steps that come late", () => later("Hap", "py\r\n"), ["Hap", "py\r\n"], "end"],
  ["a pause", () => ["Hap", pause(1), "py\r\n"], ["Hap", "py\r\n"], "end"],
  ["a pause written as data", () => ["Hap", { pause: 1 }, "py\r\n"], ["Hap", "py\r\n"], "end"],
  ["a pause alone", () => pause(1), [], "end"],
  ["a reset alone", () => RESET, [], "ECONNRESET"],
  ["a reset written as data", () => [{ reset: true }], [], "ECONNRESET"],
  ["a reset behind a text", () => ["Login: ali", RESET], ["Login: ali"], "ECONNRESET"],
  ["a reset behind several", () => ["Login", ": ali", RESET], ["Login", ": ali"], "ECONNRESET"],
  ["nothing behind a reset", () => ["Login", RESET, ": ali"], ["Login"], "ECONNRESET"],
  ["characters and line ends in halves", () => byteByByte("é\r\n"), ["\xc3", "\xa9", "\r", "\n"], "end"],
  ["bytes that take their time", () => slowly("é\r\n", 1), ["\xc3", "\xa9", "\r", "\n"], "end"],
  ["several of them", () => [...byteByByte("é"), pause(1), ...slowly("è", 1)], ["\xc3", "\xa9", "\xc3", "\xa8"], "end"],
];

it.each(REPLIES)("answers with %s", async (_, reply, pieces, end) => {
  const server = await start({ alice: reply() });
  expect(await ask(server, "alice")).toMatchObject({ pieces, end });
});

it.each(REPLIES)("answers from a function with %s", async (_, reply, pieces, end) => {
  const server = await start(async () => reply());
  expect(await ask(server, "alice")).toMatchObject({ pieces, end });
});

it("gives each query the steps from the beginning", async () => {
  const server = await start({ alice: slowly("Hi\r\n", 1), bob: ["H", "i"], carol: byteByByte("Hi"), dave: huge(7) });
  for (const name of ["alice", "bob", "carol", "dave"]) {
    const [first, second] = await Promise.all([ask(server, name), ask(server, name)]);
    expect(second).toEqual(first);
    expect(first.text).not.toBe("");
  }
});

const LINES: ReadonlyArray<readonly [sent: readonly string[], query: string, why: string]> = [
  [["alice\r\n"], "alice", "the line end is not a part of it"],
  [["alice\n"], "alice", "LF alone ends a line, too"],
  [["\r\n"], "", "the empty line is the list"],
  [["/W  alice \r\n"], "/W  alice ", "it is given as it was sent"],
  [["al", "ice\r", "\nbob\r\n"], "alice", "segments are no lines, and there is one query"],
  [["josé\r\n"], "josé", "the text is UTF-8"],
];

it.each(LINES)("reads %j as %j: %s", async (sent, query) => {
  const server = await start((line) => `<${line}>`);
  const socket = open(server);
  for (const piece of sent) socket.write(piece);
  expect((await read(socket)).text).toBe(`<${query}>`);
  expect(server.queries).toEqual([query]);
});

it.each([
  ["alice", ["alice"], "<alice>", "a line that the end of the input ends"],
  ["alice\r\n", ["alice"], "<alice>", "the end of the input is not the end of the connection"],
  ["", [], "", "nothing is no query"],
])("answers a client that sends %j and half-closes: %s is %j", async (sent, queries, text) => {
  const server = await start((line) => `<${line}>`);
  const socket = connect({ port: server.port, host: server.host, allowHalfOpen: true });
  closing.push(async () => socket.destroy());
  socket.end(sent);
  expect(await read(socket)).toMatchObject({ text, end: "end" });
  expect(server.queries).toEqual(queries);
});

const NOBODY: ReadonlyArray<readonly [query: string, answer: string, why: string]> = [
  ["bob", "finger: bob: no such user.\r\n", "the record has no such entry"],
  ["/W alice", "finger: /W alice: no such user.\r\n", "a switch is a part of the line"],
  ["constructor", "finger: constructor: no such user.\r\n", "every object has one, but it is not an entry"],
  ["", "No one logged on.\r\n", "nobody is listed"],
];

it.each(NOBODY)("refuses %j with %j: %s", async (query, answer) => {
  const server = await start({ alice: "Happy and well\r\n" });
  expect((await ask(server, query)).text).toBe(answer);
});

it("refuses what a function has no reply to", async () => {
  expect((await ask(await start(() => undefined), "bob")).text).toBe("finger: bob: no such user.\r\n");
});

it("answers names that every object has, when they are entries", async () => {
  expect((await ask(await start({ constructor: "Hi\r\n" }), "constructor")).text).toBe("Hi\r\n");
});

it("says where it is, and what it was asked, in order", async () => {
  const server = await start({ alice: "Hi\r\n" });
  for (const query of ["alice", "/W alice", ""]) await ask(server, query);
  expect(server.queries).toEqual(["alice", "/W alice", ""]);
  expect(server.host).toBe("127.0.0.1");
  expect(server.target("alice")).toBe(`alice@127.0.0.1:${server.port}`);
  expect(server.target()).toBe(`@127.0.0.1:${server.port}`);
});

it.each([0, 1, 65_535, 65_536, 3_000_001])("sends %d bytes of a huge reply, in lines", async (size) => {
  const { text, end } = await ask(await start({ alice: huge(size) }), "alice");
  expect([text.length, end]).toEqual([size, "end"]);
  if (size > 1) expect(text.endsWith("\r\n")).toBe(true);
});

it("delivers much text that is followed by a reset, when the client is given time", async () => {
  const server = await start({ alice: [...huge(1_000_000), pause(100), RESET] });
  const { text, end } = await ask(server, "alice");
  expect([text.length, end]).toEqual([1_000_000, "ECONNRESET"]);
});

describe("a reply without end", () => {
  it("goes on until the client leaves", async () => {
    let wasEnded = () => {};
    const ended = new Promise<void>((resolve) => {
      wasEnded = resolve;
    });
    const server = await start(function* () {
      try {
        for (;;) yield "Still compiling.\r\n";
      } finally {
        wasEnded();
      }
    });
    const socket = await askForMore(server, "build");
    await once(socket, "data");
    socket.destroy();
    await ended;
  });

  it("goes no faster than the client reads", async () => {
    let given = 0;
    const server = await start(function* () {
      for (;;) {
        given++;
        yield new Uint8Array(64 * 1024);
      }
    });
    const socket = open(server);
    socket.write("build\r\n");
    await once(socket, "readable");
    // What the system takes in for a client that does not read is bounded; then nothing more is asked for.
    let before = 0;
    await vi.waitFor(
      () => {
        const [last, now] = [before, given];
        before = now;
        expect(now).toBe(last);
      },
      { interval: 200, timeout: 20_000 },
    );
    expect(given).toBeLessThan(1_000);
    socket.resume();
    await vi.waitFor(() => expect(given).toBeGreaterThan(before));
  });

  it("says the same line over and over, at once or in time", async () => {
    const server = await start({ fast: endless("Hi\r\n"), slow: endless("Ho\r\n", 1) });
    for (const [query, line] of [
      ["fast", "Hi\r\n"],
      ["slow", "Ho\r\n"],
    ] as const) {
      const socket = open(server);
      socket.write(`${query}\r\n`);
      let text = "";
      for await (const chunk of socket) {
        text += chunk;
        if (text.length >= 40) break;
      }
      expect(text.slice(0, 12)).toBe(line.repeat(3));
    }
  });

  it("is broken when the server is closed", async () => {
    const server = await start({ silent: HANG, stuck: ["Hi", HANG], long: pause(1_000_000), log: endless("Hi\r\n") });
    const sockets = [open(server), open(server), open(server), open(server)];
    const outcomes = sockets.map(read);
    sockets.forEach((socket, index) => {
      socket.write(`${["silent", "stuck", "long", "log"][index]}\r\n`);
    });
    await vi.waitFor(() => expect(server.queries).toHaveLength(4));
    await server.close();
    for (const { end } of await Promise.all(outcomes)) expect(["end", "ECONNRESET"]).toContain(end);
  });
});

describe("pauses under a fake clock", () => {
  it("take as long as the clock says, and the rest takes no time", async () => {
    const server = await start({ build: ["Compil", pause(60_000), "ed", ".\r\n", pause(1_000), RESET] });
    vi.useFakeTimers();
    const socket = await askForMore(server, "build");
    const rest = read(socket);
    vi.advanceTimersByTime(59_999);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    await once(socket, "data");
    await once(socket, "data");
    vi.advanceTimersByTime(1_000);
    expect(await rest).toMatchObject({ pieces: ["ed", ".\r\n"], end: "ECONNRESET" });
  });

  it("leave no timer behind when the server is closed", async () => {
    const server = await start({ alice: ["Hi", pause(60_000)] });
    vi.useFakeTimers();
    await askForMore(server, "alice");
    expect(vi.getTimerCount()).toBe(1);
    await server.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

const FAILURES: ReadonlyArray<readonly [what: string, script: Script, text: string, error: object]> = [
  [
    "a script that throws",
    () => {
      throw new Error("no idea");
    },
    "",
    { message: "no idea" },
  ],
  ["a script that rejects", () => Promise.reject(new Error("no idea")), "", { message: "no idea" }],
  [
    "steps that throw",
    function* () {
      yield "Hi";
      throw new Error("no more");
    },
    "Hi",
    { message: "no more" },
  ],
  ["a number for a reply", () => 7 as never, "", { name: "TypeError", message: /but this one is 7/ }],
  ["an object for a reply", () => ({ text: "Hi" }) as never, "", { message: /an object with text/ }],
  ["a number for a step", { alice: [7 as never] }, "", { name: "TypeError", message: /but this one is 7/ }],
  ["a step that is missing", { alice: [undefined as never] }, "", { message: /but this one is undefined/ }],
  ["steps in steps", { alice: [["Hi"] as never] }, "", { message: /several: write \.\.\. before them/ }],
  ["other steps in steps", { alice: [byteByByte("Hi") as never] }, "", { message: /write \.\.\. before them/ }],
  ["a pause that no timer can make", { alice: { pause: -1 } }, "", { message: /an object with pause/ }],
];

describe("a failure", () => {
  it.each(FAILURES)("of %s breaks the connection, and is what close() throws, once", async (_, script, text, error) => {
    const server = await createScriptedServer(script);
    const outcome = await ask(server, "alice");
    expect(outcome).toMatchObject({ text, end: "ECONNRESET" });
    const thrown: unknown = await server.close().catch((reason: unknown) => reason);
    const { message, ...rest } = error as { message: string | RegExp };
    expect(thrown).toMatchObject({ ...rest, message: expect.stringMatching(message) });
    await server.close();
  });

  it("beside another is thrown with it", async () => {
    const server = await createScriptedServer((query) => {
      throw new Error(query);
    });
    await ask(server, "alice");
    await ask(server, "bob");
    await expect(server.close()).rejects.toMatchObject({
      name: "AggregateError",
      errors: [{ message: "alice" }, { message: "bob" }],
    });
  });

  it("is a generator that is to be played again", async () => {
    const server = await createScriptedServer({ alice: later("Hi\r\n") });
    expect((await ask(server, "alice")).text).toBe("Hi\r\n");
    expect((await ask(server, "alice")).end).toBe("ECONNRESET");
    await expect(server.close()).rejects.toThrow("played already");
  });

  it("is not a client that resets the connection", async () => {
    const server = await createScriptedServer({ silent: HANG, log: endless("Hi\r\n"), slow: ["Hi", HANG] });
    for (const query of ["log", "slow"]) (await askForMore(server, query)).resetAndDestroy();
    const socket = open(server);
    socket.write("silent\r\n");
    await vi.waitFor(() => expect(server.queries).toContain("silent"));
    socket.resetAndDestroy();
    await server.close();
  });
});

describe("close", () => {
  it("ends replies that wait, and with them what they hold", async () => {
    const ended: string[] = [];
    const server = await createScriptedServer(async function* (query) {
      try {
        yield "Hi";
        yield HANG;
      } finally {
        ended.push(query);
      }
    } as Script);
    await askForMore(server, "alice");
    await server.close();
    expect(ended).toEqual(["alice"]);
  });

  it("does not wait for a script that does not come to an end", async () => {
    const server = await createScriptedServer(() => new Promise(() => {}));
    open(server).write("alice\r\n");
    await vi.waitFor(() => expect(server.queries).toEqual(["alice"]));
    await server.close();
  });

  it("frees the port, may be called again, and is what disposing does", async () => {
    const server = await createScriptedServer({});
    await server[Symbol.asyncDispose]();
    await Promise.all([server.close(), server.close()]);
    const [error] = await once(open(server), "error");
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
  });
});

it.each<readonly [what: string, make: () => unknown, error: RegExp]>([
  ["a pause back in time", () => pause(-1), /from 0 to 2147483647 milliseconds, or Infinity, but is -1/],
  ["a pause of no number", () => pause(Number.NaN), /but is NaN/],
  ["a pause that a timer would skip", () => pause(2 ** 31), /but is 2147483648/],
  ["steps with such a pause", () => slowly("Hi", -1), /but is -1/],
  ["an endless nothing", () => endless(""), /must not be empty/],
  ["half a byte", () => huge(0.5), /but has 0\.5/],
])("does not make %s", (_, make, error) => {
  expect(make).toThrow(error);
});

it.each([undefined, null, "alice"])("does not take %j for a script", async (script) => {
  await expect(createScriptedServer(script as never)).rejects.toThrow(TypeError);
});

it("is asked by finger()", async () => {
  const server = await start({ "/W alice": byteByByte("In a café\r\n") });
  const { text } = await finger(server.target("alice"), { verbose: true });
  expect(text).toBe("In a café\n");
  expect(server.queries).toEqual(["/W alice"]);
});

it("is asked by fingerStream()", async () => {
  const server = await start({ build: ["Compil", pause(1), "ing.\r\nTest", RESET] });
  const texts: string[] = [];
  const stream = async () => {
    for await (const text of fingerStream(server.target("build"))) texts.push(text);
  };
  await expect(stream()).rejects.toMatchObject({ code: "ERR_FINGER_IO" });
  expect(texts[0]).toBe("Compiling.\n");
});
