import { once } from "node:events";
import type { Server, Socket } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { exchange, listenWith } from "../../../../tests/support/sockets.js";
import { createFingerServer } from "../index.js";
import type { Answer, LookupContext } from "../provider.js";
import type { ForwardOptions } from "./forward/options.js";
import { forwardProvider } from "./forward-provider.js";
import type { HostAddress } from "./guard.js";

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A finger server of another, on a port of loopback. */
async function serve(onQuery: (socket: Socket, query: string) => void): Promise<number> {
  const { port, server } = await listenWith((socket) => {
    socket.once("data", (chunk) => onQuery(socket, chunk.toString()));
  });
  open.push(server);
  return port;
}

const echo = () => serve((socket, query) => socket.end(`asked ${JSON.stringify(query)}\r\n`));

function toContext({ verbose = false, signal = new AbortController().signal } = {}): LookupContext {
  return { verbose, peer: { address: "192.0.2.7", port: 4711 }, signal };
}

/** A name service that leads every host to loopback. */
const toLoopback = async (): Promise<HostAddress[]> => [{ address: "127.0.0.1", family: 4 }];

const plan: ForwardOptions = { hosts: ["plan.example"], lookup: toLoopback };

async function collect(answer: Answer | undefined): Promise<string> {
  if (typeof answer === "string") return answer;
  let text = "";
  for await (const piece of answer as AsyncIterable<string>) text += piece;
  return text;
}

async function ask(name: string, options: ForwardOptions, context: LookupContext = toContext()): Promise<string> {
  return collect(await forwardProvider(options).lookup(name, context));
}

const ASKED: ReadonlyArray<readonly [name: string, verbose: boolean, line: string, why: string]> = [
  ["alice@plan.example", false, "alice\r\n", "the last host is asked for what is before it"],
  ["alice@plan.example", true, "/W alice\r\n", "the last hop obeys /W"],
  ["alice@h1@plan.example", false, "alice@h1\r\n", "the host before stays for the next hop"],
  ["alice@h1@plan.example", true, "/W alice@h1\r\n", "and /W with it"],
  ["@plan.example", false, "\r\n", "without a name it is the list"],
  ["@plan.example", true, "/W\r\n", "the long one"],
  ["@h1@plan.example", false, "@h1\r\n", "of the next hop"],
  ["josé@PLAN.example.", false, "josé\r\n", "a host is the same in any case, with a dot at its end"],
];

it.each(ASKED)("for %j (verbose: %s) sends %j: %s", async (name, verbose, line) => {
  const answer = await ask(name, { ...plan, port: await echo(), maxHops: 2 }, toContext({ verbose }));
  expect(answer).toBe(`asked ${JSON.stringify(line)}\n`);
});

const DENIED: ReadonlyArray<readonly [name: string, options: ForwardOptions, why: string]> = [
  ["alice@h1@plan.example", {}, "two hops"],
  ["alice@a@b@plan.example", { maxHops: 2 }, "three hops"],
  ["alice@other.example", {}, "a host that is not listed"],
  ["alice@plan.example.evil.example", {}, "a host that begins like one"],
  ["alice@", {}, "no host"],
  ["alice@plan.example:25", {}, "a port"],
  ["alice@plan.example/x", {}, "no host name"],
  ["alice\r\n@plan.example\r\nbob", {}, "a line end"],
  ["alice@plan.example", { hosts: undefined }, "an address that is not public"],
  ["alice@plan.example", { hosts: ["*.example"] }, "this machine, when only a pattern lists it"],
  ["alice@127.0.0.1", { hosts: undefined }, "an address of this machine"],
  ["alice@[::1]", { hosts: undefined }, "one in brackets"],
  ["alice@localhost", { hosts: undefined }, "this machine by name"],
  ["alice@2130706433", { hosts: ["2130706433"] }, "an odd spelling, even when it is listed"],
  ["alice@plan.example", { self: ["plan.example"] }, "our own name, even when it is listed"],
  ["alice@plan.example", { self: ["127.0.0.0/8"] }, "our own network, even when it is listed"],
];

it.each(DENIED)("does not ask %j with %o: %s", async (name, options) => {
  const connected = vi.fn();
  const port = await serve(connected);
  await expect(ask(name, { ...plan, port, ...options })).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
  expect(connected).not.toHaveBeenCalled();
});

it("does not ask itself on its own port, even when it is named", async () => {
  const port = await echo();
  const own = { ...plan, port, ownPort: port };
  await expect(ask("alice@plan.example", own)).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
});

it.each([["127.0.0.1"], ["localhost"]])("asks %s on another port when the list names it", async (host) => {
  const options = { hosts: [host], port: await echo() };
  expect(await ask(`alice@${host}`, options)).toBe('asked "alice\\r\\n"\n');
});

it("has no answer to a name without a host, and no list", async () => {
  const provider = forwardProvider(plan);
  expect(await provider.lookup("alice", toContext())).toBeUndefined();
  expect(provider.list).toBeUndefined();
});

it("looks a host up once, and connects to what it was told then", async () => {
  const rebinding = vi
    .fn<(host: string) => Promise<HostAddress[]>>()
    .mockResolvedValueOnce([{ address: "127.0.0.1", family: 4 }])
    .mockResolvedValue([{ address: "127.0.0.2", family: 4 }]);
  expect(await ask("a@plan.example", { ...plan, port: await echo(), lookup: rebinding })).toBe('asked "a\\r\\n"\n');
  expect(rebinding.mock.calls).toEqual([["plan.example"]]);
});

it("refuses a host of which one address is public and one is not", async () => {
  const lookup = async (): Promise<HostAddress[]> => [
    { address: "8.8.8.8", family: 4 },
    { address: "10.0.0.1", family: 4 },
  ];
  await expect(ask("a@plan.example", { lookup })).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
});

it("passes the answer on while it comes, and leaves its control characters to the server", async () => {
  let upstream: Socket | undefined;
  const port = await serve((socket) => {
    upstream = socket;
    socket.write("\x1b[1mone");
  });
  const answer = await forwardProvider({ ...plan, port }).lookup("build@plan.example", toContext());
  const texts = (answer as AsyncIterable<string>)[Symbol.asyncIterator]();
  expect((await texts.next()).value).toBe("\x1b[1mone");
  upstream?.end("two");
  expect((await texts.next()).value).toBe("two");
  expect((await texts.next()).done).toBe(true);
});

it("answers an empty answer with an empty text", async () => {
  const port = await serve((socket) => socket.end());
  expect(await forwardProvider({ ...plan, port }).lookup("a@plan.example", toContext())).toBe("");
});

it("cuts an answer that is too long, and says so", async () => {
  const port = await serve((socket) => socket.end("x".repeat(100_000)));
  const text = await ask("a@plan.example", { ...plan, port, maxBytes: 1000 });
  expect(text).toBe(`${"x".repeat(1000)}\n[The rest is cut off: plan.example sent more than 1000 bytes.]\n`);
});

it("rejects when nobody listens there", async () => {
  const gone = await listenWith(() => {});
  gone.server.close();
  const asking = ask("a@plan.example", { ...plan, port: gone.port });
  await expect(asking).rejects.toMatchObject({ code: "ERR_FINGER_CONNECT" });
});

it("rejects when there is no such host", async () => {
  const lookup = async () => Promise.reject(new Error("ENOTFOUND"));
  await expect(ask("a@plan.example", { ...plan, lookup })).rejects.toMatchObject({ code: "ERR_FINGER_RESOLVE" });
});

it("rejects when the host says nothing, and when the name service does not", async () => {
  const options = { ...plan, port: await serve(() => {}), timeout: 20, connectTimeout: 1000 };
  await expect(ask("a@plan.example", options)).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
  const lookup = () => new Promise<never>(() => {});
  const late = ask("a@plan.example", { ...plan, lookup, connectTimeout: 20 });
  await expect(late).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
});

it("rejects when the connection breaks before the first text", async () => {
  const port = await serve((socket) => socket.resetAndDestroy());
  await expect(ask("a@plan.example", { ...plan, port })).rejects.toMatchObject({ code: "ERR_FINGER_IO" });
});

it("lets go of the host when the lookup is aborted, before and after its first text", async () => {
  const asked: Socket[] = [];
  const port = await serve((socket, query) => {
    asked.push(socket);
    if (query.startsWith("talk")) socket.write("one");
    else stop.abort();
  });
  const provider = forwardProvider({ ...plan, port, concurrency: 1 });
  let stop = new AbortController();
  const silent = provider.lookup("silent@plan.example", toContext({ signal: stop.signal }));
  await expect(silent).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
  stop = new AbortController();
  await provider.lookup("talk@plan.example", toContext({ signal: stop.signal }));
  const ended = once(asked[1] as Socket, "end");
  stop.abort();
  await ended;
  expect(await provider.lookup("talk@plan.example", toContext())).toBeDefined();
});

it("lets go of the host when the answer is left in the middle of a wait", async () => {
  let ended: Promise<unknown> | undefined;
  const port = await serve((socket) => {
    ended = once(socket, "end");
    socket.write("one");
  });
  const answer = await forwardProvider({ ...plan, port }).lookup("a@plan.example", toContext());
  const texts = (answer as AsyncIterable<string>)[Symbol.asyncIterator]();
  await texts.next();
  const reading = texts.next();
  await texts.return?.();
  expect((await reading).done).toBe(true);
  await ended;
});

it("asks no more hosts at a time than it may", async () => {
  const port = await serve((socket, query) => (query.startsWith("wait") ? socket.write("one") : socket.end("two")));
  const provider = forwardProvider({ ...plan, port, concurrency: 2 });
  const lookup = (name: string) => provider.lookup(`${name}@plan.example`, toContext());
  const [first, second] = await Promise.all([lookup("wait"), lookup("wait")]);
  await expect(lookup("three")).rejects.toMatchObject({ code: "ERR_FINGER_CONNECT" });
  await (first as AsyncGenerator<string>).return(undefined);
  expect(await collect(await lookup("three"))).toBe("two");
  expect(await collect(await lookup("four"))).toBe("two");
  await (second as AsyncGenerator<string>).return(undefined);
  await expect(provider.lookup("a@other.example", toContext())).rejects.toMatchObject({ code: "ERR_FINGER_DENIED" });
  await Promise.all([lookup("wait"), lookup("wait")]);
  await expect(lookup("five")).rejects.toMatchObject({ code: "ERR_FINGER_CONNECT" });
});

it("leaves no listener on the signal behind", async () => {
  const { signal } = new AbortController();
  const [add, remove] = [vi.spyOn(signal, "addEventListener"), vi.spyOn(signal, "removeEventListener")];
  await ask("a@plan.example", { ...plan, port: await echo() }, toContext({ signal }));
  const left = new Set(add.mock.calls.map(([, listener]) => listener));
  for (const [, listener] of remove.mock.calls) left.delete(listener);
  expect([...left]).toEqual([]);
});

it.each([
  [{ port: 0 }, RangeError, "port"],
  [{ ownPort: 70_000 }, RangeError, "ownPort"],
  [{ maxHops: 0 }, RangeError, "maxHops"],
  [{ timeout: 2 ** 31 }, RangeError, "timeout"],
  [{ connectTimeout: -1 }, RangeError, "connectTimeout"],
  [{ concurrency: 1.5 }, RangeError, "concurrency"],
  [{ maxBytes: Number.NaN }, RangeError, "maxBytes"],
  [{ hosts: ["a b"] }, TypeError, '"a b"'],
  [{ self: ["10.0.0.0/40"] }, RangeError, "10.0.0.0/40"],
])("refuses the options %o", (options, kind, named) => {
  expect(() => forwardProvider(options)).toThrow(kind);
  expect(() => forwardProvider(options)).toThrow(named);
});

it("answers for a server, whose peer sees neither controls nor reasons", async () => {
  const port = await serve((socket) => socket.end("\x1b[31mHappy and well\r\n"));
  await using server = createFingerServer({
    provider: () => undefined,
    forward: forwardProvider({ ...plan, port }),
    onError: () => {},
  });
  const { port: ours } = await server.listen({ port: 0 });
  expect(await exchange(ours, ["alice@plan.example\r\n"])).toBe("^[[31mHappy and well\r\n");
  expect(await exchange(ours, ["alice@other.example\r\n"])).toBe("Finger forwarding service denied\r\n");
});

it("has no more names looked up at a time than it may ask hosts", async () => {
  let lookedUp = 0;
  const lookup = () => {
    lookedUp++;
    return new Promise<never>(() => {});
  };
  const provider = forwardProvider({ hosts: ["plan.example"], lookup, concurrency: 2, connectTimeout: 5 });
  const outcomes: unknown[] = [];
  for (let count = 0; count < 5; count++) {
    outcomes.push(await Promise.resolve(provider.lookup("a@plan.example", toContext())).catch(({ code }) => code));
  }
  expect(lookedUp).toBe(2);
  expect(outcomes).toEqual([
    "ERR_FINGER_TIMEOUT",
    "ERR_FINGER_TIMEOUT",
    "ERR_FINGER_CONNECT",
    "ERR_FINGER_CONNECT",
    "ERR_FINGER_CONNECT",
  ]);
});
