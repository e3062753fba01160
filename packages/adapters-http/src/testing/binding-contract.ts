import { once } from "node:events";
import { createServer, request as requestPlain } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../../../../tests/support/programs.js";
import type { HttpReply, Respond } from "../http/http-reply.js";
import { BodyError, type HttpRequest } from "../http/http-request.js";
import type { App, AppSettings, Binding } from "./bindings.js";
import type { Client } from "./clients.js";

/** What every binding does alike: the same request for whatever answers, and the same reply for the peer. */
export function describeBinding(name: string, binding: Binding): void {
  const apps: App[] = [];
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
  });
  const open = async (respond: Respond, settings?: AppSettings) => {
    const app = await binding.open(respond, settings);
    apps.push(app);
    return app;
  };

  describe(`${name}, as a binding,`, () => {
    describeRequests(binding, open);
    describeBodies(binding, open);
    describeReplies(binding, open);
    describeStreams(binding, open);
  });
}

type Open = (respond: Respond, settings?: AppSettings) => Promise<App>;

const TARGETS: ReadonlyArray<readonly [target: string, path: string, search: string, why: string]> = [
  ["/", "/", "", "the root is a path"],
  ["/finger/alice", "/finger/alice", "", "a path is a path"],
  ["/alice?a=1&b=%20", "/alice", "?a=1&b=%20", "a query is left as it is"],
  ["/alice?", "/alice", "", "an empty query may be one or none"],
  ["/a?b?c", "/a", "?b?c", "the first ? ends the path"],
  ["//evil.example/x", "//evil.example/x", "", "two slashes are no host"],
  ["/a%2Fb", "/a%2Fb", "", "an encoded slash is no slash"],
  ["/%", "/%", "", "what cannot be decoded is not for a binding to decode"],
  ["/%00%0d%0a", "/%00%0d%0a", "", "what is encoded stays so"],
  ["/finger/%2e%2e/x", "/finger/%2e%2e/x", "", "paths are not resolved"],
  ["/__proto__", "/__proto__", "", "names of objects are names"],
  ["http://x.example/y?z=1", "/y", "?z=1", "a proxy is asked with whole URLs (RFC 9112 3.2.2)"],
  ["*", "*", "", "OPTIONS may be about the server (RFC 9112 3.2.4)"],
];

function describeRequests({ scheme, mounted, trusts, notAsked = [] }: Binding, open: Open): void {
  it.each(TARGETS.filter(([target]) => !notAsked.includes(target)))(
    "takes %s for the path %j with %j: %s",
    async (target, path, search) => {
      const seen: HttpRequest[] = [];
      const { client } = await open(see(seen));
      await client.ask({ method: target === "*" ? "OPTIONS" : "GET", target });
      expect(seen.map(({ path, search, mount }) => [path, search === "?" ? "" : search, mount])).toEqual([
        [path, search, ""],
      ]);
    },
  );

  it.each(["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"])(
    "tells that the method is %s",
    async (method) => {
      const seen: HttpRequest[] = [];
      await (await open(see(seen))).client.ask({ method });
      expect(seen[0]?.method).toBe(method);
    },
  );

  it("tells headers, and undefined of those that are not there", async () => {
    const seen: HttpRequest[] = [];
    await (await open(see(seen))).client.ask({ headers: { "X-One": "1, 2", accept: "a/b" } });
    expect(["x-one", "accept", "x-two"].map((name) => seen[0]?.header(name))).toEqual(["1, 2", "a/b", undefined]);
  });

  it("tells who asks, and what for a host was asked", async () => {
    const seen: Array<readonly unknown[]> = [];
    const { client } = await open(async ({ peer, origin }) => {
      seen.push([peer.address, typeof peer.port, origin]);
      return EMPTY;
    });
    await client.ask();
    expect(seen).toEqual([
      client.origin === undefined
        ? ["", "undefined", "http://localhost"]
        : ["127.0.0.1", "number", toOrigin(client).origin],
    ]);
  });

  if (mounted !== undefined) {
    it("knows where it is mounted", async () => {
      const seen: HttpRequest[] = [];
      const { client } = await open(see(seen), { mount: "/finger" });
      const heard = await client.ask({ target: "/elsewhere/alice" });
      await client.ask({ target: "/finger/alice?x=/finger" });
      expect(heard.text).toBe("next");
      expect(seen.map(({ path, mount, search }) => ({ path, mount, search }))).toEqual([
        { ...mounted, search: "?x=/finger" },
      ]);
    });
  }

  if (mounted !== undefined) {
    it("knows where it is mounted when nothing is behind that", async () => {
      const seen: HttpRequest[] = [];
      const { client } = await open(see(seen), { mount: "/finger" });
      for (const target of ["/finger", "/finger/", "/finger?x"]) await client.ask({ target });
      const mount = mounted?.mount ?? "";
      const root = { path: mount || "/", mount };
      expect(seen.map(({ path, mount }) => ({ path, mount }))).toEqual([root, { path: `${mount}/`, mount }, root]);
    });
  }

  if (scheme === "http") {
    it.each<[trustsProxy: boolean, why: string]>([
      [false, "anybody can say so"],
      [true, "the app has said so"],
    ])("believes what a proxy says when it is to: %s, for %s", async (trustsProxy) => {
      const seen: Array<readonly unknown[]> = [];
      const respond: Respond = async ({ peer: { address, port }, origin }) => {
        seen.push([address, port === undefined, origin]);
        return EMPTY;
      };
      const { client } = await open(respond, { trustsProxy });
      expect(await askThroughProxy(client)).toBe(200);
      const isBelieved = trustsProxy && trusts;
      expect(seen).toEqual([
        isBelieved ? ["192.0.2.7", true, "https://plan.example:8443"] : ["127.0.0.1", false, toOrigin(client).origin],
      ]);
    });
  }
}

/** Asks through a proxy in front, of which the peer sees another host. */
async function askThroughProxy(client: Client): Promise<number | undefined> {
  const { hostname: host, port } = toOrigin(client);
  const forwarded = {
    "x-forwarded-for": "192.0.2.7",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "plan.example:8443",
  };
  const proxy = createServer(({ url, method, headers }, response) => {
    const onward = requestPlain({
      host,
      port,
      path: url,
      method,
      headers: { ...headers, ...forwarded, host: `${host}:${port}` },
    });
    onward.end().on("response", (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers)));
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  try {
    return (await fetch(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}/finger/alice`)).status;
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
}

const MOST = 64;
const LONG = "x".repeat(MOST);
const [TEXT, JSON_TYPE, FORM] = ["text/plain", "application/json", "application/x-www-form-urlencoded"];

const BODIES: ReadonlyArray<
  readonly [what: string, why: string, type: string | undefined, text: string, pieces: readonly (string | Uint8Array)[]]
> = [
  ["a text", "text is UTF-8", TEXT, "Out to lunch ☂", ["Out to lunch ☂"]],
  ["a text without a type", "a type is not demanded by a binding", undefined, "Out", ["Out"]],
  ["a text of another type", "what no parser knows is left to read", "text/xml", "<a/>", ["<a/>"]],
  ["JSON", "it is text, too", JSON_TYPE, '{"status":"Out","list":[1,null]}', ['{"status":"Out","list":[1,null]}']],
  ["JSON of a kind", "types of JSON end so", "application/merge-patch+json", '{"a":1}', ['{"a":1}']],
  ["a form", "it is text, too", FORM, "status=Out+to%26lunch&token=a", ["status=Out+to%26lunch&token=a"]],
  ["a form with lists", "a parser makes objects of it", FORM, "a=1&a=2&b%5Bc%5D=3", ["a=1&a=2&b%5Bc%5D=3"]],
  ["a chunked text", "it comes in pieces", TEXT, "Out to lunch", ["Out ", "to ", "lunch"]],
  ["chunked JSON", "it comes in pieces", JSON_TYPE, '{"a":1}', ['{"a":', "1}"]],
  ["nothing", "nothing is a body", TEXT, "", [""]],
  ["nothing, of JSON", "parsers make an empty object of nothing", JSON_TYPE, "", [""]],
  ["nothing, of a form", "parsers make an empty object of nothing", FORM, "", [""]],
  ["a character in two pieces", "pieces end anywhere", TEXT, "☂", [Uint8Array.of(0xe2, 0x98), Uint8Array.of(0x82)]],
  ["just enough", "the bound is allowed", TEXT, LONG, [LONG]],
];

const BAD_BODIES: ReadonlyArray<
  readonly [what: string, why: string, reason: BodyError["reason"], pieces: readonly (string | Uint8Array)[]]
> = [
  ["a byte too many", "the bound is a bound", "too-long", [`${LONG}x`]],
  ["a long body", "its length says so, and it is not read", "too-long", ["x".repeat(1_000_000)]],
  ["a long chunked body", "nothing says so before it comes", "too-long", [LONG, "x".repeat(1_000_000), "x"]],
  ["Latin-1", "it would be taken for something else", "not-utf-8", [Uint8Array.of(0x66, 0xfc, 0x72)]],
  ["half a character", "the other half does not come", "not-utf-8", [Uint8Array.of(0xe2, 0x98)]],
];

function describeBodies({ scheme, hasParsers = false }: Binding, open: Open): void {
  for (const parsers of hasParsers ? [false, true] : [false]) {
    const where = parsers ? " that a parser in front has read" : "";

    it.each(BODIES)(`reads %s${where}: %s`, async (_, __, type, text, body) => {
      for (const method of ["POST", "PUT"]) {
        const { client } = await open(echo, { parsers });
        const headers = type === undefined ? {} : { "content-type": type };
        expect((await client.ask({ method, headers, body })).text).toBe(text);
      }
    });
  }

  it.each(BAD_BODIES)("tells the peer what is wrong with %s: %s", async (_, __, reason, body) => {
    const { client } = await open(echo);
    const heard = await client.ask({ method: "POST", headers: { "content-type": TEXT }, body });
    expect([heard.status, heard.text]).toEqual([400, reason]);
  });

  if (hasParsers) {
    it("does not take more from a parser in front than it would read itself", async () => {
      const { client } = await open(echo, { parsers: true });
      expect((await client.ask({ method: "POST", headers: { "content-type": TEXT }, body: [`${LONG}x`] })).text).toBe(
        "too-long",
      );
    });
  }

  it("answers a GET without a body as if it were empty", async () => {
    expect((await (await open(echo, { parsers: hasParsers })).client.ask()).text).toBe("");
  });

  it("answers a body that nobody has read", async () => {
    const { client } = await open(async () => text("unread"));
    expect((await client.ask({ method: "POST", body: ["x".repeat(100_000)] })).text).toBe("unread");
  });

  it("does not read a body twice", async () => {
    const { client } = await open(async (request) => {
      await request.body(MOST);
      return echo(request);
    });
    expect((await client.ask({ method: "POST", headers: { "content-type": TEXT }, body: ["a"] })).text).toBe(
      "consumed",
    );
  });

  if (scheme !== undefined) {
    it("says that a body was cut off when its peer goes in the middle of it", async () => {
      const reasons: unknown[] = [];
      const { client } = await open(async (request) => {
        reasons.push(await request.body(MOST).catch(toReason));
        return EMPTY;
      });
      const socket = await openSocket(client);
      const head = "PUT /finger/alice HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nContent-Type: text/xml\r\n\r\nabc";
      socket.end(head);
      await eventually(() => reasons.length === 1);
      expect(reasons).toEqual(["cut-off"]);
    });
  }
}

const REPLIES: ReadonlyArray<readonly [what: string, method: string, why: string, text: string, reply: HttpReply]> = [
  ["a text", "GET", "bytes are bytes", "Happy ☂\n", text("Happy ☂\n")],
  ["410", "GET", "any status goes", "gone", text("gone", 410)],
  ["204", "GET", "it has no body", "", { status: 204, headers: {}, body: undefined }],
  ["304", "GET", "it has no body", "", { status: 304, headers: { etag: '"a"' }, body: undefined }],
  ["a text", "HEAD", "its length is told alone", "", text("Happy")],
  ["nothing", "POST", "a reply may be empty", "", { status: 201, headers: { "content-length": "0" }, body: undefined }],
];

function describeReplies({ scheme, next, failure }: Binding, open: Open): void {
  it.each(REPLIES)("sends %s to %s: %s", async (_, method, __, body, reply) => {
    const { client } = await open(async () => reply);
    const heard = await client.ask({ method });
    expect([heard.status, heard.text]).toEqual([reply.status, body]);
    for (const [name, value] of Object.entries(reply.headers)) expect(heard.header(name)).toContain(value);
    expect(heard.header("transfer-encoding")).toEqual([]);
  });

  if (scheme !== undefined) {
    it("leaves headers that others have set", async () => {
      const { client } = await open(async () => ({ ...text("a"), headers: { ...text("a").headers, vary: "Accept" } }));
      const heard = await client.ask();
      expect(heard.header("set-cookie").map((value) => value.split(";", 1)[0])).toEqual(["a=1", "b=2"]);
      expect(heard.header("vary")).toEqual(["Origin, Accept"]);
    });
  }

  it("leaves what is not answered to what comes next, with a body that nobody has read", async () => {
    const { client } = await open(async () => undefined);
    for (const question of [{}, { method: "POST", body: ["a"] }] as const) {
      const heard = await client.ask(question);
      expect([heard.status, heard.text]).toEqual(next);
    }
  });

  it("has what fails heard of, and nothing of it told to the peer of a bare server", async () => {
    const { client, errors } = await open(() => Promise.reject(new Error("no")));
    const heard = await client.ask();
    expect([heard.status, heard.text]).toEqual(failure);
    expect(errors.map(String)).toEqual(heard.text.includes("no") && heard.status === 599 ? [] : ["Error: no"]);
  });
}

function describeStreams({ scheme }: Binding, open: Open): void {
  it("sends a stream piece by piece", async () => {
    const { gate, pass } = createGates();
    const { client } = await open(async () => stream(pieces(gate, "one ☂", "two", "three")));
    const followed = await client.follow();
    for (const piece of ["one ☂", "two", "three"]) {
      pass();
      expect(await followed.next()).toBe(piece);
    }
    pass();
    expect(await followed.next()).toBeUndefined();
  });

  it("sends the head of a stream before its first piece", async () => {
    const { gate, pass } = createGates();
    const { client } = await open(async () => stream(pieces(gate, "one")));
    const followed = await client.follow();
    expect(followed.status).toBe(200);
    pass();
    expect(await followed.next()).toBe("one");
    followed.leave();
  });

  it("takes no more of a stream than its peer reads", async () => {
    let taken = 0;
    const endless = async function* () {
      for (;;) yield `${++taken}`.padEnd(1_000_000, ".");
    };
    const { client } = await open(async () => stream(endless()));
    const followed = await client.follow();
    const before = await settle(() => taken);
    expect(before).toBeLessThan(40);
    while (taken < before + 5) await followed.next();
    followed.leave();
  });

  it("returns a stream, and aborts its signal, when the peer goes", async () => {
    const { observed, observe } = createObserver();
    const { client } = await open(async ({ signal }) => stream(observe(signal)));
    const followed = await client.follow();
    expect(await followed.next()).toBe("hello");
    followed.leave();
    await eventually(() => observed.returned === 1 && observed.aborted === 1);
  });

  if (scheme !== undefined) {
    it("aborts the signal of a request whose answer takes too long for its peer", async () => {
      const aborted: unknown[] = [];
      const { gate, pass } = createGates();
      const { client } = await open(async ({ signal }) => {
        signal.addEventListener("abort", () => aborted.push(signal.reason));
        await gate();
        return text("late");
      });
      const socket = await openSocket(client);
      socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n", () => socket.destroy());
      await eventually(() => aborted.length === 1);
      pass();
    });
  }

  it("does not abort the signal of a request that was answered", async () => {
    const signals: AbortSignal[] = [];
    const { client } = await open(async ({ signal }) => {
      signals.push(signal);
      return text("a");
    });
    for (let i = 0; i < 3; i++) await client.ask();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false]);
  });

  it("returns a stream that is not sent: to HEAD, and with a status that has no body", async () => {
    const { observed, observe } = createObserver();
    const { client } = await open(async ({ method, signal }) => ({
      ...stream(observe(signal)),
      status: method === "HEAD" ? 200 : 204,
    }));
    expect((await client.ask({ method: "HEAD" })).status).toBe(200);
    expect((await client.ask()).status).toBe(204);
    await eventually(() => observed.returned === 2);
  });

  it("cuts a stream that fails, so that it does not pass for the whole", async () => {
    const { gate, pass } = createGates();
    const fail = async function* () {
      yield "one";
      await gate();
      throw new Error("no");
    };
    const { client } = await open(async () => stream(fail()));
    const followed = await client.follow();
    expect(await followed.next()).toBe("one");
    pass();
    await expect(followed.next()).rejects.toThrow();
  });

  it("leaves nothing behind of 2,000 streams", async () => {
    const { observed, observe } = createObserver();
    const { client, server } = await open(async ({ signal }) => stream(observe(signal)));
    for (let batch = 0; batch < 40; batch++) {
      const followed = await Promise.all(Array.from({ length: 50 }, () => client.follow()));
      await Promise.all(followed.map(({ next }) => next()));
      for (const { leave } of followed) leave();
    }
    await eventually(() => observed.returned === 2000 && observed.aborted === 2000);
    expect(observed.open).toBe(0);
    if (server !== undefined) await eventually(() => countConnections(server) === 0);
  });

  if (scheme !== undefined) {
    it("leaves no listener on a connection that stays", async () => {
      const counts: number[] = [];
      const { client, server } = await open(async ({ signal }) => {
        signal.addEventListener("abort", () => {});
        return text("a.");
      });
      server?.on("request", ({ socket }) => counts.push(countListeners(socket)));
      const socket = await openSocket(client);
      for (let i = 0; i < 50; i++) {
        socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        for (let heard = ""; !heard.endsWith("a."); ) heard += (await once(socket, "data"))[0];
      }
      socket.destroy();
      expect(counts).toHaveLength(50);
      expect(counts[49]).toBe(counts[1]);
    });
  }

  if (scheme !== undefined) {
    it("closes the connection of a stream behind it, so that a server that closes need not wait", async () => {
      const { client } = await open(async () => stream(pieces(async () => {}, "a")));
      const heard = await client.ask({ headers: { connection: "keep-alive" } });
      expect([heard.text, heard.header("connection")]).toEqual(["a", ["close"]]);
    });
  }
}

/** What a server has open. */
function countConnections(server: object): number {
  return (server as { _connections: number })._connections;
}

function countListeners(socket: Socket): number {
  return socket.eventNames().reduce((sum, name) => sum + socket.listenerCount(name), 0);
}

async function openSocket(client: Client): Promise<Socket> {
  const { protocol, hostname: host, port } = toOrigin(client);
  const secure = protocol === "https:";
  const at = { host, port: Number(port) };
  const socket = secure ? connectSecure({ ...at, rejectUnauthorized: false }) : connect(at);
  await once(socket, secure ? "secureConnect" : "connect");
  return socket.on("error", () => {});
}

function toOrigin({ origin }: Client): URL {
  if (origin === undefined) throw new Error("The binding has a scheme, and its app no server.");
  return origin;
}

/** Notes each request. */
function see(seen: HttpRequest[]): Respond {
  return async (request) => {
    seen.push(request);
    return EMPTY;
  };
}

/** Answers with the body, or with why it cannot. */
async function echo(request: HttpRequest): Promise<HttpReply> {
  try {
    return text(await request.body(MOST));
  } catch (error) {
    return text(String(toReason(error)), 400);
  }
}

function toReason(error: unknown): unknown {
  return error instanceof BodyError ? error.reason : error;
}

function text(body: string, status = 200): HttpReply {
  const bytes = new TextEncoder().encode(body);
  const headers = { "content-type": "text/plain; charset=utf-8", "content-length": String(bytes.length) };
  return { status, headers, body: bytes };
}

function stream(body: AsyncIterable<string>): HttpReply {
  return { status: 200, headers: { "content-type": "text/event-stream" }, body };
}

const EMPTY: HttpReply = { status: 200, headers: { "content-length": "0" }, body: undefined };

/** Yields a piece each time that the gate lets it. */
async function* pieces(gate: () => Promise<void>, ...texts: readonly string[]): AsyncGenerator<string> {
  for (const piece of texts) {
    await gate();
    yield piece;
  }
  await gate();
}

/** A gate that lets one through each time that somebody says `pass`. */
function createGates() {
  const waiting: Array<() => void> = [];
  let credit = 0;
  const gate = () =>
    new Promise<void>((resolve) => {
      if (credit > 0) {
        credit--;
        resolve();
      } else waiting.push(resolve);
    });
  const pass = () => {
    const next = waiting.shift();
    if (next === undefined) credit++;
    else next();
  };
  return { gate, pass };
}

/** Streams that say hello and wait for ever, and what becomes of them. */
function createObserver() {
  const observed = { open: 0, returned: 0, aborted: 0 };
  const observe = (signal: AbortSignal): AsyncIterable<string> => {
    let told = false;
    observed.open++;
    signal.addEventListener("abort", () => observed.aborted++);
    const iterator: AsyncIterableIterator<string> = {
      next: () => {
        if (told) return new Promise(() => {});
        told = true;
        return Promise.resolve({ value: "hello", done: false });
      },
      return: async () => {
        observed.open--;
        observed.returned++;
        return { value: undefined, done: true };
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  };
  return { observed, observe };
}

/** The count when it has not changed for a while: what does not come cannot be waited for in another way. */
async function settle(count: () => number): Promise<number> {
  let [last, since] = [count(), 0];
  await eventually(() => {
    since = count() === last ? since + 1 : 0;
    last = count();
    return since > 40;
  });
  return last;
}
