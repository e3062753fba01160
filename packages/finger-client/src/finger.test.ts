import { getEventListeners } from "node:events";
import type { Server, Socket } from "node:net";
import { type FingerOptions, finger } from "finger-client";
import { afterEach, expect, it, vi } from "vitest";
import { listenWith } from "../../../tests/support/sockets.js";

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A server that writes `pieces` when the first bytes arrive, and closes. */
async function answerWith(...pieces: ReadonlyArray<string | Uint8Array>): Promise<string> {
  return serve((socket) => {
    socket.once("data", () => {
      for (const piece of pieces) socket.write(piece);
      socket.end();
    });
  });
}

async function serve(onConnection: (socket: Socket) => void): Promise<string> {
  const { port, server } = await listenWith(onConnection);
  open.push(server);
  return `127.0.0.1:${port}`;
}

it("resolves to the text, its users, its bytes and where it came from", async () => {
  const reply = "Login: alice          \t\t\tName: Alice\r\nNo mail.\r\nNo Plan.\r\n";
  const place = await answerWith(reply);
  expect(await finger(`alice@${place}`)).toEqual({
    text: reply.replaceAll("\r\n", "\n"),
    users: [{ login: "alice", name: "Alice", mail: null }],
    bytes: new Uint8Array(Buffer.from(reply)),
    truncated: false,
    error: undefined,
    address: { address: "127.0.0.1", port: Number(place.split(":")[1]), family: 4 },
    timing: { connect: expect.any(Number), firstByte: expect.any(Number), total: expect.any(Number) },
  });
});

const ASKED: ReadonlyArray<readonly [target: (place: string) => string, verbose: boolean, line: string]> = [
  [(place) => `alice@${place}`, false, "alice\r\n"],
  [(place) => `alice@${place}`, true, "/W alice\r\n"],
  [(place) => `@${place}`, false, "\r\n"],
  [(place) => `@${place}`, true, "/W\r\n"],
  [(place) => `alice@h1@${place}`, false, "alice@h1\r\n"],
  [(place) => `finger://${place}/%2FW%20alice`, false, "/W alice\r\n"],
  [(place) => `josé@${place}`, false, "josé\r\n"],
];

it.each(ASKED)("sends %s (verbose: %s) as %j, in one piece", async (target, verbose, line) => {
  const pieces: string[] = [];
  const place = await serve((socket) => {
    socket.on("data", (chunk) => pieces.push(chunk.toString()));
    socket.once("data", () => socket.end("ok\r\n"));
  });
  await finger(target(place), { verbose });
  expect(pieces).toEqual([line]);
});

it("asks the port of the options when the target names none", async () => {
  const place = await answerWith("ok\r\n");
  expect((await finger("alice@127.0.0.1", { port: Number(place.split(":")[1]) })).text).toBe("ok\n");
});

it("decodes characters that were cut in two, and removes what commands a terminal", async () => {
  const bytes = Buffer.from("caf\u00e9 \x1b]0;pwned\x07\x1b[31mred\r\n");
  expect((await finger(`a@${await answerWith(bytes.subarray(0, 4), bytes.subarray(4))}`)).text).toBe("café red\n");
});

it("cuts a reply that is too long, and says so", async () => {
  const { text, truncated, bytes } = await finger(`a@${await answerWith("x".repeat(100_000))}`, { maxBytes: 1000 });
  expect([text.length, bytes.length, truncated]).toEqual([1000, 1000, true]);
});

it("keeps what came before a reset", async () => {
  const place = await serve((socket) => {
    socket.once("data", () => socket.write("Happy and well\r\n", () => socket.resetAndDestroy()));
  });
  const outcome = await finger(`a@${place}`).catch((error: unknown) => error);
  // A reset may overtake the reply in the kernel, and then nothing came before it.
  if (outcome instanceof Error) expect(outcome).toMatchObject({ code: "ERR_FINGER_IO" });
  else expect(outcome).toMatchObject({ text: "Happy and well\n", truncated: false });
});

it("fails with ERR_FINGER_IO when the connection breaks before the answer", async () => {
  const place = await serve((socket) => socket.once("data", () => socket.resetAndDestroy()));
  await expect(finger(`a@${place}`)).rejects.toMatchObject({ code: "ERR_FINGER_IO" });
});

it("fails with ERR_FINGER_CONNECT where nobody listens", async () => {
  const { port, server } = await listenWith(() => {});
  server.close();
  await expect(finger(`a@127.0.0.1:${port}`)).rejects.toMatchObject({ code: "ERR_FINGER_CONNECT" });
});

it("fails with ERR_FINGER_RESOLVE for a host that cannot be", async () => {
  await expect(finger("a@no-such-host.invalid")).rejects.toMatchObject({ code: "ERR_FINGER_RESOLVE" });
});

it("fails with ERR_FINGER_TIMEOUT when nothing comes", async () => {
  const place = await serve(() => {});
  await expect(finger(`a@${place}`, { timeout: 20 })).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
});

it("fails with ERR_FINGER_TARGET before it connects to anything", async () => {
  await expect(finger("alice@")).rejects.toMatchObject({ code: "ERR_FINGER_TARGET" });
});

it("fails with ERR_FINGER_ABORTED when it is aborted, before and during the lookup", async () => {
  const stop = new AbortController();
  const place = await serve((socket) => socket.once("data", () => stop.abort()));
  await expect(finger(`a@${place}`, { signal: stop.signal })).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
  await expect(finger(`a@${place}`, { signal: stop.signal })).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
});

it("tells how long it took to connect, to be answered, and in all", async () => {
  const { connect = -1, firstByte = -1, total } = (await finger(`a@${await answerWith("ok\r\n")}`)).timing;
  expect(connect).toBeGreaterThan(0);
  expect(firstByte).toBeGreaterThanOrEqual(connect);
  expect(total).toBeGreaterThanOrEqual(firstByte);
});

it("keeps what came before a server fell silent, and says so", async () => {
  const place = await serve((socket) => socket.once("data", () => socket.write("Happy and")));
  const reply = await finger(`a@${place}`, { timeout: 30 });
  expect(reply).toMatchObject({ text: "Happy and", truncated: true, error: { code: "ERR_FINGER_TIMEOUT" } });
});

it("keeps what came of a reply that is broken off, and says so", async () => {
  let socket: Socket | undefined;
  const place = await serve((connection) => {
    socket = connection;
    connection.once("data", () => connection.write("Happy and"));
  });
  const reply = finger(`a@${place}`);
  await expect.poll(() => socket?.bytesWritten).toBe(9);
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket?.resetAndDestroy();
  expect(await reply).toMatchObject({ text: "Happy and", truncated: true, error: { code: "ERR_FINGER_IO" } });
});

it("does not wait for a server that drips for ever", async () => {
  const place = await serve((socket) => {
    const drip = setInterval(() => socket.write("."), 5);
    socket.once("close", () => clearInterval(drip));
  });
  const { text, error } = await finger(`a@${place}`, { totalTime: 60 });
  expect(text).toMatch(/^\.+$/);
  expect(error).toMatchObject({ code: "ERR_FINGER_TIMEOUT", message: expect.stringContaining("not done in 0.06 s") });
});

it("asks only addresses of the family that is asked for", async () => {
  const place = await answerWith("ok\r\n");
  expect((await finger(`a@${place}`, { family: 4 })).text).toBe("ok\n");
  await expect(finger(`a@${place}`, { family: 6 })).rejects.toMatchObject({ code: "ERR_FINGER_TARGET" });
  await expect(finger("a@[::1]:1", { family: 4 })).rejects.toMatchObject({ code: "ERR_FINGER_TARGET" });
  const port = Number(place.split(":")[1]);
  expect((await finger("a@localhost", { family: 4, port })).address).toEqual({ address: "127.0.0.1", port, family: 4 });
});

it("refuses the port of a link, but not one that the caller chose", async () => {
  const place = await answerWith("ok\r\n");
  await expect(finger(`finger://${place}/a`, { fromLink: true })).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
  const port = Number(place.split(":")[1]);
  expect((await finger("finger://127.0.0.1/a", { fromLink: true, port })).text).toBe("ok\n");
});

const WRONG: ReadonlyArray<readonly [FingerOptions, string]> = [
  [{ timeout: 0 }, "timeout"],
  [{ connectTimeout: 2 ** 31 }, "connectTimeout"],
  [{ totalTime: -1 }, "totalTime"],
  [{ maxBytes: 1.5 }, "maxBytes"],
  [{ port: 65536 }, "port"],
  [{ family: 5 as 4 }, "family"],
  [{ proxy: "http://127.0.0.1" }, "proxy"],
  [{ proxy: "127.0.0.1:1080" }, "proxy"],
];

it.each(WRONG)("refuses the option %o", async (options, name) => {
  await expect(finger("a@127.0.0.1", options)).rejects.toThrow(new RegExp(`^The option ${name} must be `));
});

it("takes more lookups at once for one signal than Node would listen to without a warning", async () => {
  const warned = vi.fn();
  process.on("warning", warned);
  const place = await answerWith("ok\r\n");
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 30 }, () => finger(`a@${place}`, { signal })));
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", warned);
  expect(warned).not.toHaveBeenCalled();
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

it.each([
  { host: "127.0.0.1", port: 99_999 },
  { host: "", port: 79 },
])("refuses a target made by hand of %o", async (place) => {
  const target = { query: { kind: "list", verbose: false }, ...place } as const;
  await expect(finger(target)).rejects.toMatchObject({ code: "ERR_FINGER_TARGET" });
});
