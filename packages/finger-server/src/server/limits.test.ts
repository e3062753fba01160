import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createFingerServer, type FingerServer, type Limits, type LookupFunction, memoryProvider } from "finger-server";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { exchange } from "../../../../tests/support/sockets.js";

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(closing.splice(0).map((close) => close()));
});

const users = memoryProvider({ alice: "Happy and well" });

async function serve(limits: Limits, provider: LookupFunction = users.lookup): Promise<number> {
  const server = createFingerServer({ provider, limits, onError: () => {} });
  closing.push(() => server.close({ drain: 0 }));
  return (await server.listen({ port: 0 })).port;
}

/** Connects, sends, and resolves when the server has closed: to what it said, and how long that took. */
async function watch(port: number, bytes: string): Promise<{ text: string; ms: number }> {
  const began = performance.now();
  const text = await exchange(port, [bytes]);
  return { text, ms: performance.now() - began };
}

describe("queryBytes", () => {
  it.each<readonly [limit: number | false | undefined, length: number, isTooLong: boolean]>([
    [undefined, 1024, false],
    [undefined, 1025, true],
    [512, 512, false],
    [512, 513, true],
    [false, 100_000, false],
    [false, 1024 * 1024 + 1, true],
  ])("of %s lets a line of %d bytes be too long: %s", async (queryBytes, length, isTooLong) => {
    const port = await serve({ queryBytes }, (name) => `${name.length} bytes`);
    const text = await exchange(port, ["a".repeat(length), isTooLong ? "" : "\r\n"]);
    expect(text).toBe(isTooLong ? "Finger query refused: it is too long\r\n" : `${length} bytes\r\n`);
  });
});

describe("queryTime", () => {
  it("ends a connection on which nothing is asked, and one that asks a byte at a time", async () => {
    const port = await serve({ queryTime: 200 });
    const slow = connect({ port, host: "127.0.0.1" });
    slow.on("error", () => {}).resume();
    const dribble = setInterval(() => slow.write("a"), 20);
    const [{ text, ms }] = await Promise.all([watch(port, ""), once(slow, "close")]);
    clearInterval(dribble);
    expect(text).toBe("");
    expect(ms).toBeGreaterThanOrEqual(200);
  });
});

describe("lookupTime", () => {
  it("answers for a provider that takes longer, and not for one that does not", async () => {
    const port = await serve(
      { lookupTime: 200 },
      (name) => new Promise((resolve) => (name === "soon" ? setTimeout(resolve, 50, "here") : undefined)),
    );
    expect((await watch(port, "soon\r\n")).text).toBe("here\r\n");
    const { text, ms } = await watch(port, "never\r\n");
    expect(text).toBe("Internal error in server\r\n");
    expect(ms).toBeGreaterThanOrEqual(200);
  });
});

describe("idle", () => {
  /** Asks, and reads nothing until the server has had enough. */
  async function askWithoutReading(port: number): Promise<Socket> {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("error", () => {});
    socket.pause();
    socket.write("alice\r\n");
    await once(socket, "connect");
    return socket;
  }

  it("cuts a peer that does not read its answer", async () => {
    const { promise: gone, resolve: onGone } = withResolvers<void>();
    const port = await serve({ idle: 200, answerBytes: false }, (_, { signal }) => {
      signal.addEventListener("abort", () => onGone());
      return "x".repeat(64 * 1024 * 1024);
    });
    const socket = await askWithoutReading(port);
    await gone;
    socket.destroy();
  });

  it("lets a peer that reads slowly read to the end", async () => {
    const length = 8 * 1024 * 1024;
    const port = await serve({ idle: 300, answerBytes: false }, () => "x".repeat(length));
    const socket = await askWithoutReading(port);
    let received = 0;
    socket.on("data", (chunk) => {
      received += chunk.length;
      socket.pause();
      setTimeout(() => socket.resume(), 5);
    });
    socket.resume();
    await once(socket, "end");
    expect(received).toBe(length + 2);
    socket.destroy();
  });

  it("ends a connection whose peer does not close behind its answer", async () => {
    const port = await serve({ idle: 100 });
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    socket.on("error", () => {}).resume();
    socket.write("alice\r\n");
    await once(socket, "end");
    // Our side stays open; the server's reset is what tells that it has closed.
    const talk = setInterval(() => socket.write("still here\r\n"), 10);
    await new Promise((resolve) => socket.once("close", resolve));
    clearInterval(talk);
  });
});

describe("answerBytes", () => {
  it("bounds a long list of more than would fit into memory as one text", async () => {
    const plan = "x".repeat(1024 * 1024);
    const provider = memoryProvider(
      Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`user${index}`, { plan }])),
    );
    const server = createFingerServer({ provider, limits: { answerBytes: 1000 } });
    const text = await server.respond({ kind: "list", verbose: true });
    expect(text).toMatch(
      /^Login: user0 [\s\S]{900,1000}\n\[The rest is cut off: an answer has at most 1000 bytes\.\]\n$/,
    );
  });

  const CUT = "[The rest is cut off: an answer has at most 20 bytes.]\r\n";

  it.each<readonly [answer: string, sent: string, why: string]>([
    [`${"a".repeat(18)}\n`, `${"a".repeat(18)}\r\n`, "twenty bytes are twenty bytes"],
    [`${"a".repeat(19)}\n`, `${"a".repeat(19)}\r\n${CUT}`, "no line end is cut in two"],
    ["a".repeat(30), `${"a".repeat(20)}\r\n${CUT}`, "the rest is cut, and that is said"],
    ["é".repeat(15), `${"é".repeat(10)}\r\n${CUT}`, "bytes are counted, not characters"],
    [`a${"é".repeat(15)}`, `a${"é".repeat(9)}\r\n${CUT}`, "no character is cut in two"],
  ])("of 20 sends %j as %j: %s", async (answer, sent) => {
    const port = await serve({ answerBytes: 20 }, () => answer);
    expect(await exchange(port, ["x\r\n"])).toBe(sent);
  });

  it("is a mebibyte unless it is said otherwise", async () => {
    const port = await serve({}, (name) => "x".repeat(1024 * 1024 - 2 + Number(name)));
    expect(await exchange(port, ["0\r\n"])).toHaveLength(1024 * 1024);
    expect(await exchange(port, ["1\r\n"])).toMatch(
      /x\r\n\[The rest is cut off: an answer has at most 1048576 bytes\.\]/,
    );
  });

  it("does not bind a stream", async () => {
    const port = await serve({ answerBytes: 20 }, async function* () {
      for (let count = 0; count < 100; count++) yield "0123456789";
    } as unknown as LookupFunction);
    expect(await exchange(port, ["x\r\n"])).toHaveLength(1002);
  });
});

describe("connections and perPeer", () => {
  const TOO_MANY = "Too many connections; please try again later.\r\n";

  /** Opens a connection that asks nothing; resolves when the server has it. */
  async function hold(port: number): Promise<Socket> {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("error", () => {}).resume();
    closing.push(async () => socket.destroy());
    await once(socket, "connect");
    return socket;
  }

  it("of one peer lets three be open at a time, and turns the fourth away", async () => {
    const port = await serve({ perPeer: 3 });
    const held = await Promise.all([1, 2, 3].map(() => hold(port)));
    expect(await exchange(port, [])).toBe(TOO_MANY);
    held[0]?.destroy();
    await expect.poll(() => exchange(port, ["alice\r\n"]).catch(() => TOO_MANY)).toBe("Happy and well\r\n");
  });

  it("in all lets three be open at a time, and turns the fourth away when all of them wait for their answers", async () => {
    let asked = 0;
    const port = await serve({ connections: 3, perPeer: false }, (name) => {
      asked++;
      return name === "alice" ? "Happy and well" : new Promise(() => {});
    });
    const held = await Promise.all([1, 2, 3].map(() => hold(port)));
    for (const socket of held) socket.write("never\r\n");
    await expect.poll(() => asked).toBe(3);
    expect(await exchange(port, [])).toBe(TOO_MANY);
    held[0]?.resetAndDestroy();
    await expect.poll(() => exchange(port, ["alice\r\n"]).catch(() => TOO_MANY)).toBe("Happy and well\r\n");
  });

  it("in all makes room for who asks by turning away who has been silent longest", async () => {
    const port = await serve({ connections: 3, perPeer: false });
    const held = [await hold(port), await hold(port), await hold(port)];
    const left: number[] = [];
    for (const [index, socket] of held.entries()) socket.once("close", () => left.push(index));
    expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
    await expect.poll(() => left).toEqual([0]);
  });

  it.each<readonly [held: number, answer: string]>([
    [7, "Happy and well\r\n"],
    [8, TOO_MANY],
  ])(
    "lets eight of one peer be open unless it is said otherwise: with %d, the next reads %j",
    async (count, answer) => {
      const port = await serve({});
      await Promise.all(Array.from({ length: count }, () => hold(port)));
      expect(await exchange(port, count < 8 ? ["alice\r\n"] : [])).toBe(answer);
    },
  );
});

describe("rate", () => {
  const LIMITED = "Too many queries from your address; please try again in a minute.\n";
  const peer = (address: string) => ({ address, port: 1 });
  const ask = (server: FingerServer, address: string, user = "alice") =>
    server.respond({ kind: "user", user, verbose: false }, peer(address));

  beforeEach(() => {
    vi.useFakeTimers();
  });

  it("lets ten queries come at once, then one every two seconds", async () => {
    const server = createFingerServer({ provider: users });
    for (let count = 0; count < 10; count++) expect(await ask(server, "192.0.2.1")).toBe("Happy and well\n");
    expect(await ask(server, "192.0.2.1")).toBe(LIMITED);
    await vi.advanceTimersByTimeAsync(1999);
    expect(await ask(server, "192.0.2.1")).toBe(LIMITED);
    await vi.advanceTimersByTimeAsync(1);
    expect(await ask(server, "192.0.2.1")).toBe("Happy and well\n");
    expect(await ask(server, "192.0.2.1")).toBe(LIMITED);
    await vi.advanceTimersByTimeAsync(3_600_000);
    for (let count = 0; count < 10; count++) expect(await ask(server, "192.0.2.1")).toBe("Happy and well\n");
    expect(await ask(server, "192.0.2.1")).toBe(LIMITED);
  });

  it("takes three queries for a name that is not known", async () => {
    const server = createFingerServer({ provider: users });
    for (let count = 0; count < 3; count++) expect(await ask(server, "192.0.2.1", "eve")).toContain("no such user");
    expect(await ask(server, "192.0.2.1")).toBe("Happy and well\n");
    expect(await ask(server, "192.0.2.1")).toBe(LIMITED);
  });

  it("forgives in time who guessed too much", async () => {
    const server = createFingerServer({ provider: users });
    for (let count = 0; count < 100; count++) await ask(server, "192.0.2.1", "eve");
    expect(await ask(server, "192.0.2.1")).toBe(LIMITED);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await ask(server, "192.0.2.1")).toBe("Happy and well\n");
  });

  it.each<readonly [first: string, second: string, isSame: boolean, why: string]>([
    ["192.0.2.1", "192.0.2.2", false, "IPv4 addresses are counted each"],
    ["192.0.2.1", "::ffff:192.0.2.1", true, "a mapped address is the address"],
    ["2001:db8::1", "2001:db8::ffff:1:2", true, "a host has 64 bits of IPv6 to choose from"],
    ["2001:db8:0:1::1", "2001:db8:0:2::1", false, "other networks are other peers"],
    ["2001:db8::1:0:0:0:1", "2001:db8:0:1::9", true, "however the zeros are written"],
  ])("takes %s and %s for one peer: %s, as %s", async (first, second, isSame) => {
    const server = createFingerServer({ provider: users, limits: { rate: 3 } });
    expect(await ask(server, first)).toBe("Happy and well\n");
    expect(await ask(server, second)).toBe(isSame ? LIMITED : "Happy and well\n");
  });

  it("counts nobody who has no address, and nobody at all when it is off", async () => {
    const server = createFingerServer({ provider: users, limits: { rate: 1 } });
    const query = { kind: "user", user: "alice", verbose: false } as const;
    for (let count = 0; count < 20; count++) expect(await server.respond(query)).toBe("Happy and well\n");
    const free = createFingerServer({ provider: users, limits: { rate: false } });
    for (let count = 0; count < 200; count++) expect(await ask(free, "192.0.2.1")).toBe("Happy and well\n");
  });
});

it.each<readonly [limits: object, message: string]>([
  [{ idle: 0 }, "The limit idle must be a positive whole number, or false for none, but is 0."],
  [{ rate: 1.5 }, "The limit rate must be a positive whole number, or false for none, but is 1.5."],
  [{ perPeer: "8" }, "The limit perPeer must be a positive whole number, or false for none, but is 8."],
  [{ connection: 8 }, "There is no limit connection; the limits are queryBytes, queryTime,"],
])("refuses %o", (limits, message) => {
  expect(() => createFingerServer({ provider: users, limits: limits as Limits })).toThrow(message);
});

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
