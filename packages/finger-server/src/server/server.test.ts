import { once } from "node:events";
import { connect } from "node:net";
import { createFingerServer, type FingerServerOptions, type LookupProvider, memoryProvider } from "finger-server";
import { afterEach, expect, it } from "vitest";
import { exchange } from "../../../../tests/support/sockets.js";

const open: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

async function serve(options: FingerServerOptions): Promise<number> {
  const server = createFingerServer(options);
  open.push(() => server.close({ drain: 100 }));
  return (await server.listen({ port: 0 })).port;
}

const provider = memoryProvider({
  alice: "Happy and well",
  bob: { name: "Bob Builder", plan: "Sleep.\nEat.", lastLogin: null, mail: null },
  zoë: "Ça va",
  quiet: "",
});

const ANSWERS: ReadonlyArray<readonly [query: string, answer: string, why: string]> = [
  ["alice\r\n", "Happy and well\r\n", "who is only a status is answered with it alone"],
  ["alice", "Happy and well\r\n", "the end of input ends the line"],
  ["alice\nbob\n", "Happy and well\r\n", "a second line is not a second query"],
  ["/W alice\r\n", "Happy and well\r\n", "there is no more to say of a status"],
  ["zoë\r\n", "Ça va\r\n", "names and answers are UTF-8"],
  ["zoe\u0308\r\n", "Ça va\r\n", "a decomposed name is the same name"],
  ["quiet\r\n", "\r\n", "an empty status is an empty line"],
  ["nobody\r\n", "finger: nobody: no such user.\r\n", "the text of netkit"],
  ["constructor\r\n", "finger: constructor: no such user.\r\n", "no object lends its own names"],
  [
    "\r\n",
    "Login  Name         Status\r\nalice               Happy and well\r\nbob    Bob Builder\r\nzoë                 Ça va\r\nquiet\r\n",
    "the list",
  ],
  ["alice@host\r\n", "Finger forwarding service denied\r\n", "RFC 1288 3.2.1"],
  [
    "alice@\r\n",
    "Finger query refused: there is an @ without a host behind it\r\n",
    "a malformed query is refused by name",
  ],
  ["\0\r\n", "Finger query refused: there is a control character in it\r\n", "NUL is no list"],
  ["A".repeat(1025), "Finger query refused: it is too long\r\n", "no end is waited for"],
  ["", "", "nothing asked, nothing said"],
];

it.each(ANSWERS)("answers %j with %j: %s", async (query, answer) => {
  const port = await serve({ provider });
  expect(await exchange(port, [query], { halfClose: true })).toBe(answer);
});

it("lays a record out as finger -l does", async () => {
  const port = await serve({ provider });
  expect(await exchange(port, ["bob\r\n"])).toBe(
    "Login: bob            \t\t\tName: Bob Builder\r\nNever logged in.\r\nNo mail.\r\nPlan:\r\nSleep.\r\nEat.\r\n",
  );
});

it("gives the long form of every user when the list is asked for with /W", async () => {
  const port = await serve({ provider: memoryProvider({ a: "one", b: "two" }) });
  expect(await exchange(port, ["/W\r\n"])).toBe("one\r\n\r\ntwo\r\n");
});

it("says that there is nobody in the long form, too", async () => {
  const port = await serve({ provider: memoryProvider({}) });
  expect(await exchange(port, ["/W\r\n"])).toBe("No one logged on.\r\n");
});

it("reads a query that comes in the three pieces of netkit's client", async () => {
  const port = await serve({ provider });
  expect(await exchange(port, ["/W ", "alice", "\r\n"])).toBe("Happy and well\r\n");
});

it("answers a peer that closed its side behind the query, even when the answer takes time", async () => {
  let release = () => {};
  const slow: LookupProvider = {
    lookup: () =>
      new Promise((resolve) => {
        release = () => resolve("late");
      }),
  };
  const port = await serve({ provider: slow });
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.end("alice\r\n");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  await expect.poll(() => release.toString()).toContain("late");
  release();
  await once(socket, "end");
  expect(text).toBe("late\r\n");
});

it("sends the whole answer before its FIN, though the peer goes on talking", async () => {
  const answer = "x".repeat(300_000);
  const port = await serve({ provider: { lookup: async () => answer } });
  expect(await exchange(port, ["alice\r\n", "more and more\r\n".repeat(1000)])).toBe(`${answer}\r\n`);
});

it("makes control characters in an answer visible", async () => {
  const port = await serve({ provider: { lookup: async () => "\x1b[31mred\x07\u009b" } });
  expect(await exchange(port, ["alice\r\n"])).toBe("^[[31mred^GM-^[\r\n");
});

it("refuses the list where the provider has none, and where it is switched off", async () => {
  const denied = "Finger online user list denied\r\n";
  expect(await exchange(await serve({ provider: { lookup: async () => "hi" } }), ["\r\n"])).toBe(denied);
  expect(await exchange(await serve({ provider, list: false }), ["\r\n"])).toBe(denied);
});

it("lets every text be replaced", async () => {
  const port = await serve({ provider, texts: { noSuchUser: (name) => `Who is ${name}?` } });
  expect(await exchange(port, ["eve\r\n"])).toBe("Who is eve?\r\n");
  expect(await exchange(port, ["a@b\r\n"])).toBe("Finger forwarding service denied\r\n");
});

it.each([
  ["rejects", () => Promise.reject(new Error("secret detail"))],
  [
    "throws",
    () => {
      throw new Error("secret detail");
    },
  ],
])("tells the peer nothing of a provider that %s, and onError all", async (_, lookup) => {
  const errors: unknown[] = [];
  const port = await serve({ provider: { lookup }, onError: (error) => errors.push(error) });
  expect(await exchange(port, ["alice\r\n"])).toBe("Internal error in server\r\n");
  expect(errors).toEqual([new Error("secret detail")]);
});

it("gives a provider up when its time is over, and aborts its signal", async () => {
  const errors: unknown[] = [];
  let signal: AbortSignal | undefined;
  const hanging: LookupProvider = {
    lookup: (_, context) => {
      signal = context.signal;
      return new Promise(() => {});
    },
  };
  const port = await serve({ provider: hanging, limits: { lookupTime: 20 }, onError: (error) => errors.push(error) });
  expect(await exchange(port, ["alice\r\n"])).toBe("Internal error in server\r\n");
  expect(signal?.aborted).toBe(true);
  expect(errors).toMatchObject([{ code: "ERR_FINGER_TIMEOUT" }]);
});

it("aborts the lookup when the peer goes away, and takes that for no error", async () => {
  const errors: unknown[] = [];
  const { promise: asked, resolve: ask } = withResolvers<AbortSignal>();
  const hanging: LookupProvider = {
    lookup: (_, { signal }) => {
      ask(signal);
      return new Promise(() => {});
    },
  };
  const port = await serve({ provider: hanging, onError: (error) => errors.push(error) });
  const socket = connect({ port, host: "127.0.0.1" });
  socket.write("alice\r\n");
  const signal = await asked;
  socket.resetAndDestroy();
  await expect.poll(() => signal.aborted).toBe(true);
  expect(errors).toEqual([]);
});

it("closes a connection on which nothing is asked in time", async () => {
  const port = await serve({ provider, limits: { queryTime: 20 } });
  const socket = connect({ port, host: "127.0.0.1" });
  socket.resume();
  socket.write("al");
  await once(socket, "close");
});

it("says nothing to a peer that is not accepted", async () => {
  const port = await serve({ provider, accept: ({ address }) => address !== "127.0.0.1" });
  expect(await exchange(port, [])).toBe("");
});

it("tells the provider who asks and how", async () => {
  const seen: unknown[] = [];
  const port = await serve({
    provider: {
      lookup: async (name, { peer, verbose }) => {
        seen.push([name, peer.address, typeof peer.port, verbose]);
        return "seen";
      },
    },
  });
  await exchange(port, ["/W Alice Liddell\r\n"]);
  expect(seen).toEqual([["Alice Liddell", "127.0.0.1", "number", true]]);
});

it("binds nothing before it listens, and frees the port when it is closed", async () => {
  const server = createFingerServer({ provider });
  const { port } = await server.listen({ port: 0 });
  expect(await exchange(port, ["alice\r\n"])).toBe("Happy and well\r\n");
  await server.close();
  await expect(exchange(port, ["alice\r\n"])).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

it("finishes the answers under way when it is closed", async () => {
  const { promise: asked, resolve: ask } = withResolvers<(answer: string) => void>();
  const server = createFingerServer({ provider: { lookup: () => new Promise((answer) => ask(answer)) } });
  const { port } = await server.listen({ port: 0 });
  const reply = exchange(port, ["alice\r\n"]);
  const answer = await asked;
  const closed = server.close();
  answer("done");
  expect(await reply).toBe("done\r\n");
  await closed;
});

it("cuts connections whose answers take longer than the drain", async () => {
  const { promise: asked, resolve: ask } = withResolvers<void>();
  const server = createFingerServer({
    provider: {
      lookup: () => {
        ask();
        return new Promise(() => {});
      },
    },
  });
  const { port } = await server.listen({ port: 0 });
  const reply = exchange(port, ["alice\r\n"]).catch((error: NodeJS.ErrnoException) => error.code);
  await asked;
  await server.close({ drain: 1 });
  expect(["", "ECONNRESET"]).toContain(await reply);
});

it("names the way out when the port is taken", async () => {
  const port = await serve({ provider });
  await expect(createFingerServer({ provider }).listen({ port })).rejects.toMatchObject({
    code: "ERR_FINGER_LISTEN",
    message: expect.stringMatching(
      // Where the system tells who that is, it is this process.
      `^Cannot listen on 127.0.0.1, port ${port}: (this process itself.+|another program) listens there. Stop it, or choose another port.$`,
    ),
  });
});

it("refuses a limit that is no positive whole number", () => {
  expect(() => createFingerServer({ provider, limits: { idle: 0 } })).toThrow(
    "The limit idle must be a positive whole number",
  );
});

it("responds without a connection too", async () => {
  const server = createFingerServer({ provider });
  expect(await server.respond({ kind: "user", user: "alice", verbose: false })).toBe("Happy and well\n");
});

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
