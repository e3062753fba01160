import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createFingerServer, type FingerServerOptions, memoryProvider } from "finger-server";
import { afterEach, describe, expect, it } from "vitest";
import { exchange } from "../../../../tests/support/sockets.js";

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const users = memoryProvider({ alice: "Happy and well" });
const ROOM = { connections: false, perPeer: false, rate: false } as const;

async function serve(options: Partial<FingerServerOptions> = {}): Promise<{ port: number; errors: unknown[] }> {
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const server = createFingerServer({ provider: users, limits: ROOM, onError, ...options });
  closing.push(() => server.close({ drain: 0 }));
  return { port: (await server.listen({ port: 0 })).port, errors };
}

const INTERNAL = "Internal error in server\r\n";
const wrong = (gave: string) => ({
  code: "ERR_FINGER_PROVIDER",
  message: `The provider gave ${gave}, and not what is wanted of lookup(): a record with a login, a text, a stream of text, or undefined.`,
});

const LOOKUPS: ReadonlyArray<readonly [what: string, lookup: () => unknown, answer: string, errors: object[]]> = [
  ["rejects", () => Promise.reject(new Error("secret")), INTERNAL, [{ message: "secret" }]],
  [
    "throws",
    () => {
      throw new Error("secret");
    },
    INTERNAL,
    [{ message: "secret" }],
  ],
  ["rejects with nothing", () => Promise.reject(undefined), INTERNAL, []],
  ["gives a number", () => 7, INTERNAL, [wrong("a value of type number")]],
  ["gives a record without a login", async () => ({ name: "Alice" }), INTERNAL, [wrong("a value of type object")]],
  ["gives a function", async () => () => "Alice", INTERNAL, [wrong("a value of type function")]],
  [
    "gives a record with an impossible date",
    async () => ({ login: "alice", lastLogin: { since: new Date(Number.NaN) } }),
    INTERNAL,
    [{ name: "RangeError" }],
  ],
  ["gives null", async () => null, "finger: x: no such user.\r\n", []],
  ["gives a text at once", () => "at once", "at once\r\n", []],
  ["gives an empty text", () => "", "", []],
  ["gives nobody of several", async () => [], "finger: x: no such user.\r\n", []],
  ["gives one of several", async () => [{ login: "a", status: "hi" }], "hi\r\n", []],
];

it.each(LOOKUPS)("answers for a provider that %s", async (_, lookup, answer, errors) => {
  const { port, errors: heard } = await serve({ provider: { lookup: lookup as never } });
  expect(await exchange(port, ["x\r\n"])).toBe(answer);
  // An error that is no value is one all the same.
  expect(heard).toMatchObject(errors.length > 0 ? errors : answer === INTERNAL ? [undefined] : []);
});

it("answers for a provider whose list is no list", async () => {
  const { port, errors } = await serve({ provider: { ...users, list: async () => ({}) as never } });
  expect(await exchange(port, ["\r\n"])).toBe(INTERNAL);
  expect(errors).toMatchObject([{ code: "ERR_FINGER_PROVIDER" }]);
});

describe("a name that several users share", () => {
  const several = async () => [
    { login: "ada", name: "Ada A" },
    { login: "adam", name: "Adam B" },
  ];

  it.each<readonly [ambiguity: "refuse" | "list" | "all" | undefined, answer: RegExp]>([
    [undefined, /^finger: ada: no such user\.\r\n$/],
    ["refuse", /^finger: ada: no such user\.\r\n$/],
    ["list", /^Login +Name.*\r\nada +Ada A.*\r\nadam +Adam B/],
    ["all", /^Login: ada +\t\t\tName: Ada A\r\nNo Plan.\r\n\r\nLogin: adam +\t\t\tName: Adam B\r\nNo Plan.\r\n$/],
  ])("is told under the ambiguity %s as %s (RFC 1288 3.2.6)", async (ambiguity, answer) => {
    const { port } = await serve({ provider: several, ambiguity });
    expect(await exchange(port, ["ada\r\n"])).toMatch(answer);
  });

  it("has no fourth way", () => {
    expect(() => createFingerServer({ provider: users, ambiguity: "some" as never })).toThrow(
      "ambiguity must be one of refuse, list, all, but is some.",
    );
  });
});

describe("a peer that resets its connection", () => {
  const stages: ReadonlyArray<readonly [stage: string, bytes: string]> = [
    ["before it asks", ""],
    ["in the middle of its query", "/W al"],
    ["behind its query", "alice\r\n"],
    ["in the middle of a stream", "log\r\n"],
    ["behind a query that takes for ever", "never\r\n"],
  ];

  async function* endless() {
    for (;;) yield "x".repeat(10_000);
  }

  it.each(stages)("%s is noticed by nobody else, and leaves nothing behind", async (_, bytes) => {
    let asked = 0;
    const { port, errors } = await serve({
      provider: async (name) => {
        asked++;
        if (name === "log") return endless();
        return name === "never" ? new Promise(() => {}) : "Happy and well";
      },
    });
    const before = process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
    for (let count = 0; count < 50; count++) {
      const socket = connect({ port, host: "127.0.0.1" });
      socket.on("error", () => {});
      await once(socket, "connect");
      if (bytes !== "") await new Promise((resolve) => socket.write(bytes, resolve));
      // A reset that overtakes the query reads like its end, as libuv tells it: that peer is missed when it is written to.
      if (bytes.endsWith("\n")) await expect.poll(() => asked, { interval: 1 }).toBe(count + 1);
      socket.resetAndDestroy();
    }
    expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
    await expect
      .poll(() => process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length)
      .toBe(before);
    expect(errors).toEqual([]);
  });
});

it("sends its answer to a peer that keeps talking, and drops what it says, up to a mebibyte", async () => {
  const { port } = await serve({ provider: async () => "x".repeat(100_000) });
  expect(await exchange(port, ["alice\r\n", "more\r\n".repeat(100_000)])).toHaveLength(100_002);
});

it("ends a peer that talks without end", async () => {
  const { port } = await serve({ provider: () => new Promise(() => {}) });
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => {});
  socket.write("alice\r\n");
  const talk = () => {
    while (!socket.destroyed && socket.write("more\r\n".repeat(10_000)));
  };
  socket.on("drain", talk);
  talk();
  await new Promise((resolve) => socket.once("close", resolve));
});

/** What is left on the heap, in bytes, when all that can go has gone. */
function measureHeap(): number {
  setFlagsFromString("--expose_gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

it("serves on after ten thousand connections that ask nothing, and keeps nothing of them", async () => {
  const { port } = await serve();
  const knock = () =>
    new Promise<void>((resolve) => {
      const socket: Socket = connect({ port, host: "127.0.0.1" }, () => socket.destroy());
      socket.on("error", () => {}).on("close", () => resolve());
    });
  const many = async (count: number) => {
    for (let done = 0; done < count; done += 100) await Promise.all(Array.from({ length: 100 }, knock));
  };
  await many(2_000);
  const before = measureHeap();
  await many(10_000);
  // A connection that is kept takes some kilobytes.
  expect(measureHeap() - before).toBeLessThan(10 * 1024 * 1024);
  expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
});

it("answers who is hidden and who does not exist alike, in text and in what is done for them", async () => {
  const asked: string[] = [];
  const { port } = await serve({
    provider: async (name) => {
      asked.push(name);
      return undefined;
    },
  });
  expect(await exchange(port, ["hidden\r\n"])).toBe("finger: hidden: no such user.\r\n");
  expect(await exchange(port, ["nobody\r\n"])).toBe("finger: nobody: no such user.\r\n");
  expect(asked).toEqual(["hidden", "nobody"]);
});

it("hands names with an @ to whom they are for, whole", async () => {
  const asked: unknown[] = [];
  const { port } = await serve({
    forward: (name, { verbose }) => {
      asked.push([name, verbose]);
      return `for ${name}`;
    },
  });
  expect(await exchange(port, ["/W alice@h1@h2\r\n"])).toBe("for alice@h1@h2\r\n");
  expect(await exchange(port, ["@h1\r\n"])).toBe("for @h1\r\n");
  expect(asked).toEqual([
    ["alice@h1@h2", true],
    ["@h1", false],
  ]);
});

it.each<readonly [code: string, answer: string, isError: boolean]>([
  ["ERR_FINGER_DENIED", "Finger forwarding service denied\r\n", false],
  ["ERR_FINGER_CONNECT", "Could not connect to remote host\r\n", false],
  ["ERR_FINGER_RESOLVE", "Could not connect to remote host\r\n", false],
  ["ERR_FINGER_PROVIDER", INTERNAL, true],
])("answers a forwarding that fails with %s by %j", async (code, answer, isError) => {
  const { FingerError } = await import("finger-protocol");
  const { port, errors } = await serve({ forward: () => Promise.reject(new FingerError(code as never, "secret")) });
  expect(await exchange(port, ["alice@h1\r\n"])).toBe(answer);
  expect(errors).toHaveLength(isError ? 1 : 0);
});

it("refuses a list, and a user, that a provider denies", async () => {
  const { FingerError } = await import("finger-protocol");
  const deny = () => Promise.reject(new FingerError("ERR_FINGER_DENIED", "not for this network"));
  const { port, errors } = await serve({ provider: { lookup: deny, list: deny } });
  expect(await exchange(port, ["\r\n"])).toBe("Finger online user list denied\r\n");
  expect(await exchange(port, ["alice\r\n"])).toBe("finger: alice: no such user.\r\n");
  expect(errors).toEqual([]);
});
