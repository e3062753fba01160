import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { gzipSync } from "node:zlib";
import { afterEach, expect, it, vi } from "vitest";
import { listenWith } from "../../../../tests/support/sockets.js";
import type { Answer, LookupContext } from "../provider.js";
import { NOBODY } from "../provider.js";
import type { HostAddress } from "./guard.js";
import { type WebOptions, webProvider } from "./web-provider.js";

const open: Array<{ close(): unknown }> = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

/** A web server on a port of loopback. */
async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(server);
  return (server.address() as AddressInfo).port;
}

/** A web server that gives one page, whatever it is asked for. */
async function page(body: string | Uint8Array, type?: string, headers: Record<string, string> = {}): Promise<number> {
  return serve((_request, response) => {
    response.writeHead(200, { ...(type === undefined ? {} : { "content-type": type }), ...headers });
    response.end(body);
  });
}

function toContext(signal: AbortSignal = new AbortController().signal): LookupContext {
  return { verbose: false, peer: NOBODY, signal };
}

/** A name service that leads every host to loopback. */
const toLoopback = vi.fn(async (): Promise<HostAddress[]> => [{ address: "127.0.0.1", family: 4 }]);

const inside: WebOptions = { allowPrivate: ["status.example"], lookup: toLoopback };

async function ask(port: number, options?: WebOptions, name = "alice"): Promise<Answer | undefined> {
  return webProvider(`http://status.example:${port}/~{name}/status.txt`, { ...inside, ...options }).lookup(
    name,
    toContext(),
  );
}

it("asks the host of the template for the name, and says who it is", async () => {
  let request: IncomingMessage | undefined;
  const port = await serve((asked, response) => {
    request = asked;
    response.end("ok");
  });
  expect(await ask(port, {}, "a b/c")).toBe("ok");
  expect(request?.url).toBe("/~a%20b%2Fc/status.txt");
  expect(request?.headers).toMatchObject({
    host: `status.example:${port}`,
    "user-agent": "finger-server",
    "accept-encoding": "identity",
    connection: "close",
  });
});

const PAGES: ReadonlyArray<readonly [type: string | undefined, body: string | Uint8Array, text: string, why: string]> =
  [
    ["text/plain", "Happy\r\nand well\n", "Happy\r\nand well\n", "text is what it is"],
    [undefined, "Happy", "Happy", "what has no type is taken for text"],
    ["text/markdown; charset=utf-8", "# Héhé", "# Héhé", "any text is text"],
    ["text/plain; charset=iso-8859-1", Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x20, 0x80), "café €", "in its charset"],
    ["text/html", "<title>x</title><h1>alice</h1><p>Happy &amp; well", "alice\n\nHappy & well", "a page is its text"],
    ["Application/XHTML+XML", "<p>Hi</p>", "Hi", "of either kind"],
    ["text/plain", "", "", "an empty page"],
  ];

it.each(PAGES)("reads a page of type %j: %j is %j, %s", async (type, body, text) => {
  expect(await ask(await page(body, type))).toBe(text);
});

it.each([[404], [410]])("knows nobody of the status %i", async (status) => {
  const port = await serve((_request, response) => response.writeHead(status).end("<h1>Not here</h1>"));
  expect(await ask(port)).toBeUndefined();
});

it("reads nothing of a page that is not there, however long it is", async () => {
  let closed: Promise<unknown> | undefined;
  const port = await serve((request, response) => {
    closed = new Promise((resolve) => request.socket.once("close", resolve));
    response.writeHead(404).write("x".repeat(1000));
  });
  expect(await ask(port)).toBeUndefined();
  await closed;
});

it.each([[""], [".."], ["../../secret"]])("knows nobody called %j, and asks for nothing", async (name) => {
  const asked = vi.fn();
  expect(await ask(await serve(asked), {}, name)).toBeUndefined();
  expect(asked).not.toHaveBeenCalled();
});

const UNUSABLE: ReadonlyArray<readonly [answer: (response: ServerResponse) => void, message: RegExp, why: string]> = [
  [(response) => response.writeHead(500).end("oops"), /status 500/, "a status that is no success"],
  [(response) => response.writeHead(403).end("no"), /status 403/, "nor for us"],
  [(response) => response.writeHead(304).end(), /status 304/, "as if it were remembered"],
  [(response) => response.writeHead(300, { location: "/x" }).end(), /status 300/, "a choice"],
  [(response) => response.writeHead(302).end(), /status 302/, "a redirect to nowhere"],
  [
    (response) => response.writeHead(200, { "content-type": "application/json" }).end("{}"),
    /application\/json/,
    "no text",
  ],
  [(response) => response.writeHead(200, { "content-type": "image/png" }).end("x"), /image\/png/, "a picture"],
  [(response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x")), /gzip/, "compressed"],
  [
    (response) => response.writeHead(200, { "content-type": "text/plain; charset=klingon" }).end("x"),
    /klingon/,
    "a charset",
  ],
  [(response) => response.end("x".repeat(1001)), /longer than 1000 bytes/, "too long"],
];

it.each(UNUSABLE)("fails with ERR_FINGER_PROVIDER, %#: %s %s", async (answer, message) => {
  const asking = ask(await serve((_request, response) => answer(response)), { maxBytes: 1000 });
  await expect(asking).rejects.toMatchObject({ code: "ERR_FINGER_PROVIDER", message: expect.stringMatching(message) });
});

it("reads a page that is as long as it may be", async () => {
  expect(await ask(await page("x".repeat(1000), "text/plain"), { maxBytes: 1000 })).toHaveLength(1000);
});

it("does not wait for the end of a page that is too long", async () => {
  const port = await serve((_request, response) => response.write("x".repeat(100_000)));
  await expect(ask(port, { maxBytes: 1000 })).rejects.toMatchObject({ code: "ERR_FINGER_PROVIDER" });
});

it("has the option parse make the answer, of any type", async () => {
  const port = await page('{"state":"green"}', "application/json", { "x-build": "42" });
  const parse: WebOptions["parse"] = (body, headers) => ({
    login: headers["x-build"] ?? "",
    status: (JSON.parse(body) as { state: string }).state,
  });
  expect(await ask(port, { parse })).toEqual({ login: "42", status: "green" });
  expect(await ask(port, { parse: async () => undefined })).toBeUndefined();
  const wrong = ask(port, { parse: () => JSON.parse("{") });
  await expect(wrong).rejects.toMatchObject({ code: "ERR_FINGER_PROVIDER", cause: expect.any(SyntaxError) });
});

it("asks for a remembered page only if it has changed", async () => {
  const asked: IncomingMessage[] = [];
  const states = [
    { etag: '"1"', body: "one" },
    { etag: '"1"', body: "one" },
    { etag: '"2"', body: "two" },
  ];
  const port = await serve((request, response) => {
    asked.push(request);
    const { etag, body } = states[asked.length - 1] ?? { etag: '"2"', body: "two" };
    if (request.headers["if-none-match"] === etag) response.writeHead(304).end();
    else response.writeHead(200, { etag, "content-type": "text/html" }).end(`<p>${body}</p>`);
  });
  const provider = webProvider(`http://status.example:${port}/{name}`, inside);
  const answers = [];
  for (let times = 0; times < 4; times++) answers.push(await provider.lookup("alice", toContext()));
  answers.push(await provider.lookup("bob", toContext()));
  expect(answers).toEqual(["one", "one", "two", "two", "two"]);
  expect(asked.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, '"1"', '"1"', '"2"', undefined]);
});

const VALIDATORS: ReadonlyArray<readonly [headers: Record<string, string>, size: number, sent: object, why: string]> = [
  [{ etag: 'W/"a"' }, 10, { "if-none-match": 'W/"a"' }, "a weak tag will do"],
  [
    { "last-modified": "Sat, 01 Jan 2022 00:00:00 GMT" },
    10,
    { "if-modified-since": "Sat, 01 Jan 2022 00:00:00 GMT" },
    "a date",
  ],
  [{ etag: '"a"', "cache-control": "private, No-Store" }, 10, {}, "not to be kept"],
  [{ etag: '"a"' }, 70_000, {}, "too long to be kept"],
  [{}, 10, {}, "nothing to ask with"],
];

it.each(VALIDATORS)("of a page with %o, %i bytes long, asks again with %o: %s", async (headers, size, sent) => {
  const asked: IncomingMessage[] = [];
  const port = await serve((request, response) => {
    asked.push(request);
    response.writeHead(200, headers).end("x".repeat(size));
  });
  const provider = webProvider(`http://status.example:${port}/{name}`, inside);
  await provider.lookup("alice", toContext());
  await provider.lookup("alice", toContext());
  const { "if-none-match": tag, "if-modified-since": date } = asked[1]?.headers ?? {};
  expect({ ...(tag && { "if-none-match": tag }), ...(date && { "if-modified-since": date }) }).toEqual(sent);
});

/** A web server that redirects from the template's page to a place. */
async function redirect(location: (port: number) => string, status = 302): Promise<number> {
  const port: number = await serve((request, response) => {
    if (request.url !== "/~alice/status.txt") return response.end(`${request.headers.host} ${request.url}`);
    return response.writeHead(status, { location: location(port) }).end("<p>elsewhere</p>");
  });
  return port;
}

it.each([[301], [302], [303], [307], [308]])(
  "follows a redirect with the status %i on the same host",
  async (status) => {
    const port = await redirect(() => "/other", status);
    expect(await ask(port)).toBe(`status.example:${port} /other`);
  },
);

it("follows a redirect to another host that is listed, without the headers that are private", async () => {
  const seen: Array<string | undefined> = [];
  const port: number = await serve((request, response) => {
    seen.push(request.headers.authorization, request.headers["user-agent"]);
    if (request.headers.host === `new.example:${port}`) return response.end("new");
    return response.writeHead(302, { location: `http://new.example:${port}/` }).end();
  });
  const options = { redirectHosts: ["new.example"], allowPrivate: ["*.example"], headers: { Authorization: "secret" } };
  expect(await ask(port, options)).toBe("new");
  expect(seen).toEqual(["secret", "finger-server", undefined, "finger-server"]);
});

const AWAY: ReadonlyArray<readonly [location: (port: number) => string, options: WebOptions, why: string]> = [
  [(port) => `http://new.example:${port}/`, { allowPrivate: true }, "another host"],
  [(port) => `//new.example:${port}/`, { allowPrivate: true }, "another host, in short"],
  [(port) => `http://www.status.example:${port}/`, { allowPrivate: true }, "a host below"],
  [(port) => `http://new.example:${port}/`, { redirectHosts: ["new.example"] }, "a listed host that is private"],
  [(port) => `http://127.0.0.1:${port}/`, { redirectHosts: ["127.0.0.1"] }, "a listed address that is private"],
  [(port) => `http://[::ffff:7f00:1]:${port}/`, { redirectHosts: ["::ffff:7f00:1"] }, "one that is mapped"],
  [() => "http://status.example:22/", {}, "another port"],
  [(port) => `http://u:p@status.example:${port}/`, {}, "a user"],
  [() => "file:///etc/passwd", {}, "another scheme"],
  [() => "gopher://status.example/", {}, "an old scheme"],
  [() => "http://[", {}, "no URL"],
];

it.each(AWAY)("does not follow a redirect, %#, with %o: %s", async (location, options) => {
  const port = await redirect(location);
  await expect(ask(port, options)).rejects.toMatchObject({
    code: "ERR_FINGER_PROVIDER",
    cause: { code: "ERR_FINGER_DENIED" },
  });
});

it("follows five redirects, and no more", async () => {
  const serveChain = (length: number) =>
    serve((request, response) => {
      const step = Number(new URL(request.url ?? "", "http://x").searchParams.get("step") ?? 0);
      if (step === length) response.end("there");
      else response.writeHead(302, { location: `?step=${step + 1}` }).end();
    });
  expect(await ask(await serveChain(5))).toBe("there");
  const six = ask(await serveChain(6));
  await expect(six).rejects.toMatchObject({ code: "ERR_FINGER_PROVIDER", message: expect.stringMatching(/redirects/) });
});

const PRIVATE: ReadonlyArray<readonly [host: string, why: string]> = [
  ["127.0.0.1", "loopback"],
  ["localhost", "by name"],
  ["[::1]", "of IPv6"],
  ["[::ffff:127.0.0.1]", "mapped"],
  ["127.1", "in short"],
  ["0x7f.1", "in hexadecimal"],
  ["2130706433", "as one number"],
  ["inside.example", "by a name that leads there"],
];

it.each(PRIVATE)("does not ask %s by default: %s", async (host) => {
  const asked = vi.fn();
  const port = await serve(asked);
  const lookup = host === "inside.example" ? toLoopback : undefined;
  const asking = webProvider(`http://${host}:${port}/{name}`, { lookup }).lookup("alice", toContext());
  await expect(asking).rejects.toMatchObject({
    code: "ERR_FINGER_PROVIDER",
    cause: { code: "ERR_FINGER_DENIED" },
  });
  expect(asked).not.toHaveBeenCalled();
});

it.each([[true], [["127.0.0.0/8"]], [["127.0.0.1"]]])(
  "asks a private host with allowPrivate %j",
  async (allowPrivate) => {
    const port = await page("ok");
    const provider = webProvider(`http://127.0.0.1:${port}/{name}`, { allowPrivate: allowPrivate as true });
    expect(await provider.lookup("alice", toContext())).toBe("ok");
  },
);

it("connects to the address that it has looked at, however the name service changes its mind", async () => {
  const port = await page("ok");
  const rebinding = vi
    .fn<() => Promise<HostAddress[]>>()
    .mockResolvedValueOnce([
      { address: "8.8.8.8", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ])
    .mockResolvedValue([{ address: "127.0.0.1", family: 4 }]);
  await expect(ask(port, { allowPrivate: [], lookup: rebinding })).rejects.toMatchObject({
    code: "ERR_FINGER_PROVIDER",
    cause: { code: "ERR_FINGER_DENIED" },
  });
  expect(rebinding).toHaveBeenCalledOnce();
  const changing = vi
    .fn<() => Promise<HostAddress[]>>()
    .mockResolvedValueOnce([{ address: "127.0.0.1", family: 4 }])
    .mockResolvedValue([{ address: "127.0.0.2", family: 4 }]);
  expect(await ask(port, { lookup: changing })).toBe("ok");
  expect(changing).toHaveBeenCalledOnce();
});

it("names the host of an https template in the handshake, and does not trust just anybody", async () => {
  const names: string[] = [];
  const server = createTlsServer({
    SNICallback: (name, done) => done(new Error(`no certificate of ${names.push(name)}`)),
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  open.push(server);
  const { port } = server.address() as AddressInfo;
  const asking = webProvider(`https://status.example:${port}/{name}`, inside).lookup("alice", toContext());
  await expect(asking).rejects.toMatchObject({ code: "ERR_FINGER_CONNECT" });
  expect(names).toEqual(["status.example"]);
});

it("fails with ERR_FINGER_CONNECT where nobody listens, and where no web server does", async () => {
  const gone = await listenWith(() => {});
  gone.server.close();
  await expect(ask(gone.port)).rejects.toMatchObject({ code: "ERR_FINGER_CONNECT" });
  const finger = await listenWith((socket) => socket.end("Login: alice\r\n"));
  open.push(finger.server);
  await expect(ask(finger.port)).rejects.toMatchObject({ code: "ERR_FINGER_CONNECT" });
});

it("fails with ERR_FINGER_RESOLVE when there is no such host", async () => {
  const lookup = async () => Promise.reject(new Error("ENOTFOUND"));
  await expect(ask(80, { lookup })).rejects.toMatchObject({ code: "ERR_FINGER_RESOLVE" });
});

it("fails with ERR_FINGER_IO when the page breaks off", async () => {
  const port = await serve((_request, response) => {
    response.writeHead(200, { "content-length": "10" });
    response.write("half", () => response.destroy());
  });
  await expect(ask(port)).rejects.toMatchObject({ code: "ERR_FINGER_IO" });
});

it.each([
  ["before its header", () => {}],
  ["in its page", (response: ServerResponse) => void response.write("half")],
])("fails with ERR_FINGER_TIMEOUT when the server stops %s", async (_where, answer) => {
  let closed: Promise<unknown> | undefined;
  const port = await serve((request, response) => {
    closed = new Promise((resolve) => request.socket.once("close", resolve));
    answer(response);
  });
  await expect(ask(port, { timeout: 100 })).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
  await closed;
});

it("drops the request when the lookup is aborted", async () => {
  const stop = new AbortController();
  let closed: Promise<unknown> | undefined;
  const port = await serve((request) => {
    closed = new Promise((resolve) => request.socket.once("close", resolve));
    stop.abort();
  });
  const provider = webProvider(`http://status.example:${port}/{name}`, inside);
  const asking = provider.lookup("alice", toContext(stop.signal));
  await expect(asking).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
  await closed;
});

const WRONG: ReadonlyArray<readonly [options: object, kind: ErrorConstructor, named: string]> = [
  [{ timeout: 0 }, RangeError, "timeout"],
  [{ maxBytes: -1 }, RangeError, "maxBytes"],
  [{ allowPrivate: ["10.0.0.0/99"] }, RangeError, "10.0.0.0/99"],
  [{ allowPrivate: ["*"] }, TypeError, '"*"'],
  [{ redirectHosts: ["a b"] }, TypeError, '"a b"'],
  [{ headers: { host: "evil.example" } }, TypeError, '"host"'],
  [{ headers: { "accept-encoding": "gzip" } }, TypeError, '"accept-encoding"'],
  [{ headers: { "x y": "z" } }, TypeError, '"x y"'],
  [{ headers: { x: "a\r\nb: c" } }, TypeError, '"x"'],
];

it.each(WRONG)("refuses the options %o", (options, kind, named) => {
  expect(() => webProvider("https://status.example/{name}", options)).toThrow(kind);
  expect(() => webProvider("https://status.example/{name}", options)).toThrow(named);
});

it("refuses a template without a name", () => {
  expect(() => webProvider("https://status.example/")).toThrow(TypeError);
});
