import { once } from "node:events";
import type { Server, Socket } from "node:net";
import { type FingerStreamOptions, fingerStream } from "finger-client";
import { afterEach, expect, it, vi } from "vitest";
import { listenWith } from "../../../tests/support/sockets.js";

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function serve(onConnection: (socket: Socket) => void): Promise<string> {
  const { port, server } = await listenWith(onConnection);
  open.push(server);
  return `127.0.0.1:${port}`;
}

/** A server that waits for the query, and then does what it is told to. */
async function onQuery(act: (socket: Socket, query: string) => void): Promise<string> {
  return serve((socket) => socket.once("data", (chunk) => act(socket, chunk.toString())));
}

async function collect(place: string, options?: FingerStreamOptions): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of fingerStream(`a@${place}`, options)) texts.push(text);
  return texts;
}

it("gives a line when it is whole, while the server still writes", async () => {
  let socket: Socket | undefined;
  const place = await onQuery((connection) => {
    socket = connection;
    connection.write("one\r\ntw");
  });
  const stream = fingerStream(`alice@${place}`);
  expect(await stream.next()).toEqual({ done: false, value: "one\n" });
  socket?.end("o\r\nthree");
  expect(await stream.next()).toEqual({ done: false, value: "two\n" });
  expect(await stream.next()).toEqual({ done: false, value: "three" });
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

it.each([
  [{}, "alice\r\n"],
  [{ verbose: true }, "/W alice\r\n"],
])("asks with %o in the line %j", async (options, line) => {
  const place = await onQuery((socket, query) => socket.end(query === line ? "right" : "wrong"));
  const { value } = await fingerStream(`alice@${place}`, options).next();
  expect(value).toBe("right");
});

it("asks the port of the options when the target names none", async () => {
  const place = await onQuery((socket) => socket.end("ok"));
  const port = Number(place.split(":")[1]);
  expect((await fingerStream("alice@127.0.0.1", { port }).next()).value).toBe("ok");
});

it("removes what commands a terminal, even when it was cut in two", async () => {
  const place = await onQuery((socket) => {
    socket.write("caf\u00e9 \x1b[3", () => setImmediate(() => socket.end("1mred\x1b[0m\x07\r\n")));
  });
  expect(await collect(place)).toEqual(["café red\n"]);
});

it("leaves control characters in raw text, and gives it at once", async () => {
  const place = await onQuery((socket) => socket.write("\x1b[31mno line end"));
  const stream = fingerStream(`a@${place}`, { raw: true });
  expect((await stream.next()).value).toBe("\x1b[31mno line end");
  await stream.return();
});

it("reads no faster than the text is taken", async () => {
  const piece = Buffer.alloc(64 * 1024, "x\n");
  const all = 64 * 1024 * 1024;
  let written = 0;
  const place = await onQuery((socket) => {
    const fill = () => {
      while (written < all && socket.write(piece)) written += piece.length;
    };
    socket.on("drain", fill);
    fill();
  });
  const stream = fingerStream(`a@${place}`);
  await stream.next();
  for (let before = -1, quiet = 0; quiet < 100; quiet = before === written ? quiet + 1 : 0) {
    before = written;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(written).toBeLessThan(all / 2);
  await stream.return();
});

it("does not take a slow reader for a slow server", async () => {
  const place = await onQuery((socket) => {
    socket.write("one\n");
  });
  const stream = fingerStream(`a@${place}`, { timeout: 20 });
  expect((await stream.next()).value).toBe("one\n");
  // The time that the reader takes for itself.
  await new Promise((resolve) => setTimeout(resolve, 60));
  const before = performance.now();
  await expect(stream.next()).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
  expect(performance.now() - before).toBeGreaterThan(15);
});

it("closes the connection when the loop is left", async () => {
  let closed: Promise<unknown> | undefined;
  const place = await onQuery((socket) => {
    closed = once(socket, "end");
    socket.write("one\ntwo");
  });
  for await (const text of fingerStream(`a@${place}`)) {
    expect(text).toBe("one\n");
    break;
  }
  await closed;
});

it("closes the connection at once when it is left in the middle of a read", async () => {
  let closed: Promise<unknown> | undefined;
  const place = await onQuery((socket) => {
    closed = once(socket, "end");
    socket.write("one\ntwo");
  });
  const stream = fingerStream(`a@${place}`);
  await stream.next();
  const reading = stream.next();
  await stream.return();
  expect(await reading).toEqual({ done: true, value: undefined });
  await closed;
});

it("connects to nothing when it is left before it is read", async () => {
  const connected = vi.fn();
  const place = await serve(connected);
  const early = fingerStream(`a@${place}`);
  await early.return();
  expect(await early.next()).toEqual({ done: true, value: undefined });
  const late = fingerStream(`a@${place}`);
  const reading = late.next();
  await late.return();
  expect(await reading).toEqual({ done: true, value: undefined });
  expect(connected).not.toHaveBeenCalled();
});

it("ends where maxBytes is reached, and has no bound without it", async () => {
  const place = await onQuery((socket) => socket.end("x\n".repeat(1024 * 1024)));
  expect((await collect(place, { maxBytes: 5 })).join("")).toBe("x\nx\nx");
  expect((await collect(place)).join("")).toHaveLength(2 * 1024 * 1024);
});

it.each([
  ["Happy and well\r\n", "", "a reset behind the last line is no fault"],
  ["Happy and", "ERR_FINGER_IO", "a reset within a line is one"],
])("of a connection reset behind %j gives the text, and then %s: %s", async (reply, code) => {
  let socket: Socket | undefined;
  const place = await onQuery((connection) => {
    socket = connection;
    connection.write(`first\n${reply}`);
  });
  const stream = fingerStream(`a@${place}`, { raw: true });
  const { value } = await stream.next();
  expect(value).toBe(`first\n${reply.replace("\r", "")}`);
  socket?.resetAndDestroy();
  const next = stream.next();
  if (code === "") expect(await next).toEqual({ done: true, value: undefined });
  else await expect(next).rejects.toMatchObject({ code });
});

it("gives the line that the connection broke off in, and then fails", async () => {
  let socket: Socket | undefined;
  const place = await onQuery((connection) => {
    socket = connection;
    connection.write("one\ntw");
  });
  const stream = fingerStream(`a@${place}`);
  expect((await stream.next()).value).toBe("one\n");
  socket?.resetAndDestroy();
  expect((await stream.next()).value).toBe("tw");
  await expect(stream.next()).rejects.toMatchObject({ code: "ERR_FINGER_IO" });
});

it("gives what came before a reset, however late it is read", async () => {
  let socket: Socket | undefined;
  const place = await onQuery((connection) => {
    socket = connection;
    connection.write("one\n");
  });
  const stream = fingerStream(`a@${place}`);
  expect((await stream.next()).value).toBe("one\n");
  socket?.write("two\n");
  await turns(20);
  socket?.resetAndDestroy();
  await turns(20);
  expect((await stream.next()).value).toBe("two\n");
  expect((await stream.next()).done).toBe(true);
});

/** Lets the event loop turn, so that what is on its way arrives. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

it("connects to the addresses it is given, and looks nothing up", async () => {
  const port = Number((await onQuery((socket) => socket.end("ok"))).split(":")[1]);
  const target = { query: { kind: "user", user: "a", verbose: false }, host: "no-such-host.invalid", port } as const;
  const texts = fingerStream(target, { addresses: ["127.0.0.1"] });
  expect((await texts.next()).value).toBe("ok");
  const either = fingerStream(target, { addresses: ["::1", "127.0.0.1"] });
  expect((await either.next()).value).toBe("ok");
});

it("names the host, not its address, when nobody listens", async () => {
  const { port, server } = await listenWith(() => {});
  server.close();
  const target = { query: { kind: "list", verbose: false }, host: "plan.example", port } as const;
  await expect(fingerStream(target, { addresses: ["127.0.0.1"] }).next()).rejects.toMatchObject({
    code: "ERR_FINGER_CONNECT",
    message: expect.stringContaining("plan.example"),
  });
});

it("fails with ERR_FINGER_TIMEOUT when nothing comes", async () => {
  const place = await serve(() => {});
  await expect(collect(place, { timeout: 20 })).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
});

it("fails with ERR_FINGER_TARGET and ERR_FINGER_QUERY before it connects to anything", async () => {
  await expect(fingerStream("alice@").next()).rejects.toMatchObject({ code: "ERR_FINGER_TARGET" });
  const smuggled = { query: { kind: "user", user: "a\r\nb", verbose: false }, host: "127.0.0.1", port: 1 } as const;
  await expect(fingerStream(smuggled).next()).rejects.toMatchObject({ code: "ERR_FINGER_QUERY" });
});

it("fails with ERR_FINGER_ABORTED when it is aborted, before and between its pieces", async () => {
  const stop = new AbortController();
  const place = await onQuery((socket) => socket.write("one\ntwo"));
  const stream = fingerStream(`a@${place}`, { signal: stop.signal, raw: true });
  await stream.next();
  const reading = stream.next();
  stop.abort();
  await expect(reading).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
  await expect(collect(place, { signal: stop.signal })).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
});

const WRONG: ReadonlyArray<readonly [FingerStreamOptions, string]> = [
  [{ timeout: 0 }, "timeout"],
  [{ connectTimeout: 1.5 }, "connectTimeout"],
  [{ maxBytes: -1 }, "maxBytes"],
  [{ addresses: [] }, "addresses"],
];

it.each(WRONG)("refuses the option %o", async (options, name) => {
  await expect(fingerStream("a@127.0.0.1", options).next()).rejects.toThrow(new RegExp(`^The option ${name} `));
});
