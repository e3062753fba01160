import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { FingerError } from "finger-protocol";
import {
  createFingerServer,
  type FingerServer,
  type FingerServerOptions,
  memoryPair,
  memoryProvider,
  type QueryEvent,
} from "finger-server";
import { afterEach, describe, expect, it, vi } from "vitest";
import { exchange } from "../../../../tests/support/sockets.js";

// What a second reading of the server found, and what was mended.

const closing: Array<() => unknown> = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(closing.splice(0).map((close) => close()));
});

const users = memoryProvider({ alice: "Happy and well" });
const never = () => new Promise<never>(() => {});
const INTERNAL = "Internal error in server\r\n";

function create(options: Partial<FingerServerOptions> = {}): { server: FingerServer; errors: unknown[] } {
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const server = createFingerServer({ provider: users, onError, ...options });
  closing.push(() => server.close({ drain: 0 }));
  return { server, errors };
}

async function serve(options: Partial<FingerServerOptions> = {}) {
  const { server, errors } = create(options);
  return { server, errors, port: (await server.listen({ port: 0 })).port };
}

async function open(port: number, bytes = ""): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  closing.push(() => socket.destroy());
  await once(socket, "connect");
  if (bytes !== "") await new Promise((resolve) => socket.write(bytes, resolve));
  return socket;
}

/** Calls a provider that never answers; `asked` resolves when it is asked. */
function hanging(): { provider: () => Promise<never>; asked: Promise<void> } {
  let onAsked = () => {};
  const asked = new Promise<void>((resolve) => {
    onAsked = resolve;
  });
  const provider = () => {
    onAsked();
    return never();
  };
  return { provider, asked };
}

describe("close", () => {
  it("may be called twice, and the shorter drain counts", async () => {
    const { provider, asked } = hanging();
    const { server, port } = await serve({ provider });
    await open(port, "alice\r\n");
    await asked;
    await Promise.all([server.close({ drain: 60_000 }), server.close({ drain: 10 })]);
  });

  it("waits without end when it is told to", async () => {
    let answer = (_: string) => {};
    let onAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      onAsked = resolve;
    });
    const provider = () =>
      new Promise<string>((resolve) => {
        answer = resolve;
        onAsked();
      });
    const { server, port } = await serve({ provider });
    const reply = exchange(port, ["alice\r\n"]);
    await asked;
    const closed = server.close({ drain: Number.POSITIVE_INFINITY });
    answer("at last");
    expect(await reply).toBe("at last\r\n");
    await closed;
  });

  it.each([-1, Number.NaN, "soon"])("refuses the drain %s", async (drain) => {
    await expect(create().server.close({ drain: drain as number })).rejects.toThrow(RangeError);
  });

  it("while the server begins to listen leaves no port open", async () => {
    const { server } = create();
    const listening = server.listen({ port: 0 });
    await server.close();
    await expect(listening).rejects.toMatchObject({ code: "ERR_FINGER_LISTEN" });
  });

  it("lets the server listen again, and cuts nobody who came since", async () => {
    const { server, port } = await serve();
    expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
    await server.close();
    const again = await server.listen({ port: 0 });
    expect(await exchange(again.port, ["alice\r\n"])).toBe("Happy and well\r\n");
  });

  it("says so in the stream that it cuts off", async () => {
    async function* endless() {
      yield "one\n";
      await never();
    }
    const { server, port } = await serve({ provider: () => endless() });
    const socket = await open(port, "log\r\n");
    let text = "";
    socket.on("data", (piece) => {
      text += piece;
    });
    await once(socket, "data");
    socket.on("end", () => socket.end());
    await server.close({ drain: 1 });
    await expect.poll(() => text).toBe("one\r\n\r\n[The rest is cut off: the server is closing.]\r\n");
  });
});

describe("handle", () => {
  it("is over at once for a connection that is closed already, and takes no place", async () => {
    const { server } = create({ limits: { connections: 1 } });
    const dead = new PassThrough();
    dead.destroy();
    await once(dead, "close");
    await server.handle(dead);
    const [near, far] = memoryPair();
    const served = server.handle(far);
    const writer = near.writable.getWriter();
    const sent = writer.write(new TextEncoder().encode("alice\r\n")).then(() => writer.close());
    expect(await new Response(near.readable).text()).toBe("Happy and well\r\n");
    await Promise.all([served, sent]);
  });

  it("reads a socket that was paused while something else was looked at", async () => {
    const { server } = create();
    const front = createServer({ pauseOnConnect: true }, (socket) => void server.handle(socket)).listen(0, "127.0.0.1");
    closing.push(() => front.close());
    await once(front, "listening");
    expect(await exchange((front.address() as AddressInfo).port, ["alice\r\n"])).toBe("Happy and well\r\n");
  });

  it("gives each web stream bytes of its own", async () => {
    const { server } = create();
    const [near, far] = memoryPair();
    const served = server.handle(far);
    const writer = near.writable.getWriter();
    const sent = writer.write(new TextEncoder().encode("alice\r\n")).then(() => writer.close());
    const { value } = await near.readable.getReader().read();
    expect(value?.buffer.byteLength).toBe("Happy and well\r\n".length);
    closing.push(() => Promise.all([served, sent]).catch(() => {}));
  });

  it.each<readonly [how: string, leave: (near: ReturnType<typeof memoryPair>[0]) => Promise<unknown>]>([
    ["breaks what it writes", (near) => near.writable.abort(new Error("gone"))],
    ["wants no answer", (near) => near.readable.cancel()],
  ])("is over when a peer in memory %s", async (_, leave) => {
    const { server } = create({ provider: never });
    const [near, far] = memoryPair();
    const served = server.handle(far);
    await leave(near);
    await served;
  });

  it("is over when a peer in memory does not read its answer in time", async () => {
    const { server } = create({ limits: { idle: 50 } });
    const [near, far] = memoryPair();
    const served = server.handle(far);
    const writer = near.writable.getWriter();
    await writer.write(new TextEncoder().encode("alice\r\n"));
    await served;
  });
});

it("costs a name that is refused or shared as much as one that is not known", async () => {
  const provider = async (name: string) => {
    if (name === "denied") throw new FingerError("ERR_FINGER_DENIED", "not for you");
    return name === "shared" ? [{ login: "a" }, { login: "b" }] : undefined;
  };
  for (const user of ["denied", "shared", "nobody"]) {
    const server = createFingerServer({ provider });
    const ask = () => server.respond({ kind: "user", user, verbose: false }, { address: "192.0.2.1", port: 1 });
    const answers: string[] = [];
    while (answers.length < 12) answers.push(String(await ask()));
    expect(answers.filter((answer) => answer.includes("no such user"))).toHaveLength(4);
  }
});

describe("a callback that fails", () => {
  const fail = () => {
    throw new Error("secret");
  };

  it("in accept turns the peer away, and is told of", async () => {
    const { port, errors } = await serve({ accept: fail });
    expect(await exchange(port, [])).toBe("");
    expect(errors).toEqual([new Error("secret")]);
  });

  it("in a text lets the peer go, and is told of", async () => {
    const { port, errors } = await serve({ texts: { notFinger: fail, noSuchUser: fail, cutOff: fail } });
    expect(await exchange(port, ["GET / HTTP/1.1\r\n"]).catch(() => "")).toBe("");
    await expect.poll(() => errors).toEqual([new Error("secret")]);
    expect(await exchange(port, ["eve\r\n"])).toBe(INTERNAL);
    expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
  });

  it("in onError is a warning of the process", async () => {
    const warned = once(process, "warning");
    const { port } = await serve({ provider: () => Promise.reject(new Error("one")), onError: fail });
    expect(await exchange(port, ["alice\r\n"])).toBe(INTERNAL);
    expect(String((await warned)[0])).toBe("Error: secret");
  });

  it("in an asynchronous onQuery is told of", async () => {
    const onQuery = (() => Promise.reject(new Error("secret"))) as (event: QueryEvent) => void;
    const { port, errors } = await serve({ onQuery });
    expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
    await expect.poll(() => errors).toEqual([new Error("secret")]);
  });

  it("is none where a text is left out by undefined", async () => {
    const { port } = await serve({ texts: { listDenied: undefined }, list: false });
    expect(await exchange(port, ["\r\n"])).toBe("Finger online user list denied\r\n");
  });
});

describe("a stream", () => {
  it("that gives what is no text is closed", async () => {
    const source = Readable.from([Buffer.from("bytes"), Buffer.from("more")]);
    const { port } = await serve({ provider: async () => source as never });
    expect(await exchange(port, ["alice\r\n"])).toBe(INTERNAL);
    await expect.poll(() => source.destroyed).toBe(true);
  });

  it("that does not begin is given up when the time of the lookup is over", async () => {
    let isAborted = false;
    async function* silent(signal: AbortSignal) {
      signal.addEventListener("abort", () => {
        isAborted = true;
      });
      await never();
      yield "never";
    }
    const { port, errors } = await serve({
      provider: (_, { signal }) => silent(signal),
      limits: { lookupTime: 50 },
    });
    expect(await exchange(port, ["alice\r\n"])).toBe(INTERNAL);
    expect(errors).toMatchObject([{ code: "ERR_FINGER_TIMEOUT" }]);
    expect(isAborted).toBe(true);
  });

  it("that has begun may pause for as long as it likes", async () => {
    async function* slow() {
      yield "one\n";
      await new Promise((resolve) => setTimeout(resolve, 200));
      yield "two\n";
    }
    const { port } = await serve({ provider: () => slow(), limits: { lookupTime: 20, idle: 20, queryTime: 20 } });
    const socket = connect({ port, host: "127.0.0.1" });
    let text = "";
    socket.on("data", (piece) => {
      text += piece;
    });
    socket.write("log\r\n");
    await once(socket, "close");
    expect(text).toBe("one\r\ntwo\r\n");
  });
});

describe("respond", () => {
  const alice = { kind: "user", user: "alice", verbose: false } as const;

  it("gives the text that goes over the wire, with line ends of its own", async () => {
    const { server } = create({ provider: () => "\x1b[31mred\r\nand more", limits: { answerBytes: 10 } });
    expect(await server.respond(alice)).toBe("^[[31mred\n[The rest is cut off: an answer has at most 10 bytes.]\n");
  });

  it("tells an abort from a failure", async () => {
    const events: QueryEvent[] = [];
    const { server, errors } = create({ provider: never, onQuery: (event) => events.push(event) });
    await server.respond(alice, undefined, { signal: AbortSignal.abort() });
    expect(events).toMatchObject([{ outcome: "aborted" }]);
    expect(errors).toEqual([]);
  });

  it.each(["alice", undefined, { kind: "person" }])("refuses %j, which is no query", async (query) => {
    await expect(create().server.respond(query as never)).rejects.toThrow(TypeError);
  });

  it("leaves no listener on the signal behind", async () => {
    const add = vi.fn();
    const remove = vi.fn();
    const signal = { aborted: false, addEventListener: add, removeEventListener: remove } as unknown as AbortSignal;
    async function* two() {
      yield* ["one", "two"];
    }
    const { server } = create({ provider: () => two() });
    for await (const _ of (await server.respond(alice, undefined, { signal })) as AsyncIterable<string>) {
      expect(remove).not.toHaveBeenCalled();
    }
    expect(remove).toHaveBeenCalledTimes(add.mock.calls.length);
  });
});

it("lets a peer that has too many connections push nobody out", async () => {
  const { server } = create({ limits: { connections: 3, perPeer: 2 } });
  const near: Array<ReturnType<typeof memoryPair>[0]> = [];
  const hold = (address: string) => {
    const [mine, theirs] = memoryPair();
    near.push(mine);
    return server.handle(theirs, { address, port: 1 });
  };
  const served = [hold("192.0.2.1"), hold("192.0.2.2"), hold("192.0.2.2")];
  const isOver = served.map(() => false);
  for (const [index, over] of served.entries()) {
    over.then(() => {
      isOver[index] = true;
    }, expect.unreachable);
  }
  const refused = hold("192.0.2.2");
  expect(await new Response(near[3]?.readable).text()).toBe("Too many connections; please try again later.\r\n");
  expect(isOver).toEqual([false, false, false]);
  await near[3]?.writable.close().catch(() => {});
  await refused;
});

it("prints of a peer its address and port, whether somebody listens or not", async () => {
  const { port } = await serve({ provider: (_, { peer }) => JSON.stringify(peer) });
  expect(await exchange(port, ["alice\r\n"])).toMatch(/^\{"address":"127\.0\.0\.1","port":\d+\}\r\n$/);
});

describe("listen", () => {
  it("says what is wrong with a certificate, a path that is too long, and a file in its place", async () => {
    const folder = mkdtempSync(join(tmpdir(), "finger-edges-"));
    closing.push(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "file"), "precious");
    const { server } = create();
    const failure = (options: object) => server.listen(options).catch((error: unknown) => error);
    const where = { port: 0, tls: { key: "none", cert: "none" } };
    expect(await failure(where)).toMatchObject({ code: "ERR_FINGER_LISTEN" });
    expect(await failure({ path: join(folder, "x".repeat(120)) })).toMatchObject({
      code: "ERR_FINGER_LISTEN",
      message: expect.stringContaining("a path has at most"),
    });
    expect(await failure({ path: join(folder, "file") })).toMatchObject({
      code: "ERR_FINGER_LISTEN",
      message: expect.stringContaining("there is a file that is no socket"),
    });
  });
});
