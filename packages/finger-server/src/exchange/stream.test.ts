import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createFingerServer, type FingerServerOptions, type LookupContext } from "finger-server";
import { afterEach, expect, it } from "vitest";
import { exchange } from "../../../../tests/support/sockets.js";

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Serves what the generator makes to whoever asks; errors are kept. */
async function serve(
  make: (context: LookupContext) => AsyncIterable<string>,
  options: Partial<FingerServerOptions> = {},
): Promise<{ port: number; errors: unknown[] }> {
  const errors: unknown[] = [];
  const server = createFingerServer({
    provider: (_, context) => make(context),
    onError: (error) => errors.push(error),
    ...options,
  });
  closing.push(() => server.close({ drain: 0 }));
  const { port } = await server.listen({ port: 0 });
  return { port, errors };
}

async function ask(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => {});
  closing.push(async () => socket.destroy());
  socket.write("log\r\n");
  await once(socket, "connect");
  return socket;
}

/** A promise with its resolver. */
function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

it("sends each piece as it comes, without waiting for the next", async () => {
  const next = deferred();
  const { port } = await serve(async function* () {
    yield "one\n";
    await next.promise;
    yield "two\n";
  });
  const socket = await ask(port);
  const [first] = await once(socket, "data");
  expect(String(first)).toBe("one\r\n");
  next.resolve();
  const [second] = await once(socket, "data");
  expect(String(second)).toBe("two\r\n");
});

it("escapes control characters and ends lines across the cuts of the pieces", async () => {
  const { port } = await serve(async function* () {
    yield* ["a\r", "\nb", "\x1b", "[31m\ud83d", "\ude00"];
  });
  expect(await exchange(port, ["log\r\n"])).toBe("a\r\nb^[[31m😀\r\n");
});

it("makes no more than the peer reads, and holds little of it in memory", async () => {
  let made = 0;
  const { port } = await serve(async function* ({ signal }) {
    while (!signal.aborted) {
      made++;
      yield "x".repeat(64 * 1024);
    }
  });
  const socket = await ask(port);
  socket.pause();
  // What is made comes to a halt when the kernel's buffers are full.
  await expect.poll(async () => [made, await settle(() => made)], { timeout: 10_000 }).toSatisfy(isStill);
  expect(made * 64 * 1024).toBeLessThan(32 * 1024 * 1024);
  const before = made;
  socket.resume();
  await expect.poll(() => made).toBeGreaterThan(before + 100);
});

/** The value after some turns of the event loop. */
async function settle(read: () => number): Promise<number> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  return read();
}

const isStill = (pair: unknown) => Array.isArray(pair) && pair[0] > 0 && pair[0] === pair[1];

it("sends a hundred megabytes in flat memory", async () => {
  const { port } = await serve(async function* () {
    for (let count = 0; count < 1600; count++) yield "x".repeat(64 * 1024);
  });
  const socket = await ask(port);
  setFlagsFromString("--expose-gc");
  const collectGarbage: () => void = runInNewContext("gc");
  let received = 0;
  let sampled = 0;
  let most = 0;
  const before = process.memoryUsage().arrayBuffers;
  socket.on("data", (chunk) => {
    received += chunk.length;
    if (received - sampled < 8 * 1024 * 1024) return;
    sampled = received;
    // What is garbage already is no matter of ours.
    collectGarbage();
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  });
  await once(socket, "end");
  expect(received).toBe(1600 * 64 * 1024 + 2);
  expect(sampled).toBeGreaterThan(90 * 1024 * 1024);
  expect(most).toBeLessThan(16 * 1024 * 1024);
});

it("aborts the signal and ends the generator when the peer leaves between two pieces", async () => {
  const [aborted, ended] = [deferred(), deferred()];
  const { port, errors } = await serve(async function* ({ signal }) {
    signal.addEventListener("abort", () => aborted.resolve());
    try {
      yield "one\n";
      await aborted.promise;
      yield "two\n";
    } finally {
      ended.resolve();
    }
  });
  const socket = await ask(port);
  await once(socket, "data");
  socket.resetAndDestroy();
  await Promise.all([aborted.promise, ended.promise]);
  expect(errors).toEqual([]);
});

it("does not take a peer that only closed its side for gone", async () => {
  const { port } = await serve(async function* ({ signal }) {
    for (let count = 0; count < 3; count++) {
      await new Promise((resolve) => setImmediate(resolve));
      yield signal.aborted ? "gone\n" : "here\n";
    }
  });
  expect(await exchange(port, ["log\r\n"], { halfClose: true })).toBe("here\r\nhere\r\nhere\r\n");
});

it.each<readonly [what: string, make: () => AsyncGenerator<string>, error: object]>([
  [
    "throws",
    async function* () {
      yield "half of a line";
      throw new Error("secret detail");
    },
    { message: "secret detail" },
  ],
  [
    "gives what is no text",
    async function* () {
      yield "half of a line";
      yield 7 as unknown as string;
    },
    { code: "ERR_FINGER_PROVIDER", message: "The provider's stream gave a value of type number, not a text." },
  ],
])("says so in the answer when a stream %s", async (_, make, error) => {
  const { port, errors } = await serve(make);
  expect(await exchange(port, ["log\r\n"])).toBe("half of a line\r\nInternal error in server\r\n");
  expect(errors).toMatchObject([error]);
});

it("takes an iterator that answers at once, and has no return", async () => {
  let count = 0;
  const pieces = {
    [Symbol.asyncIterator]: () => ({ next: () => ({ done: ++count > 2, value: `${count}\n` }) }),
  } as unknown as AsyncIterable<string>;
  const { port } = await serve(() => pieces);
  expect(await exchange(port, ["log\r\n"])).toBe("1\r\n2\r\n");
});

it("closes a stream that comes after its time is over", async () => {
  const closed = deferred();
  const late = deferred();
  const { port } = await serve(() => ({ [Symbol.asyncIterator]: () => iterator }), {
    provider: async () => {
      await late.promise;
      return { [Symbol.asyncIterator]: () => iterator };
    },
    limits: { lookupTime: 20 },
  });
  const iterator: AsyncIterator<string> = {
    next: async () => ({ done: false, value: "never" }),
    return: async () => {
      closed.resolve();
      return { done: true, value: undefined };
    },
  };
  expect(await exchange(port, ["log\r\n"])).toBe("Internal error in server\r\n");
  late.resolve();
  await closed.promise;
});

it("ends endless streams when the server is closed and its drain is over", async () => {
  const ended = deferred();
  async function* stream(signal: AbortSignal) {
    try {
      yield "one\n";
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    } finally {
      ended.resolve();
    }
  }
  const server = createFingerServer({ provider: (_, { signal }) => stream(signal) });
  const { port } = await server.listen({ port: 0 });
  const socket = await ask(port);
  await once(socket, "data");
  await Promise.all([server.close({ drain: 10 }), ended.promise, once(socket, "close")]);
});
