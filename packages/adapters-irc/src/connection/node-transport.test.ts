import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createSecureServer } from "node:tls";
import { afterAll, afterEach, expect, it, vi } from "vitest";
import { createSession } from "./create-session.js";
import { openNodeTransport } from "./node-transport.js";

const FOLDER = mkdtempSync(join(tmpdir(), "finger-irc-"));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on("connection", (socket) => {
    socket.on("error", () => {});
    sockets.push(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** What a server says that speaks nothing else. */
const say = (...pieces: readonly (string | Uint8Array)[]) =>
  createServer((socket) => {
    for (const piece of pieces) socket.write(piece);
    socket.resume();
  });

const never = new AbortController().signal;

function makeCertificate() {
  const [key, cert] = [join(FOLDER, "key"), join(FOLDER, "cert")];
  const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=finger -days 2";
  const names = ["-addext", "subjectAltName=DNS:localhost"];
  execFileSync("openssl", [...request.split(" "), ...names, "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
}

it("carries bytes both ways, and takes a connection within this machine for private", async () => {
  const port = await listen(createServer((socket) => socket.pipe(socket)));
  const transport = await openNodeTransport({ host: "127.0.0.1", port, tls: false })(never);
  expect(transport.isPrivate).toBe(true);
  transport.write(Buffer.from("PING a\r\n"));
  for await (const bytes of transport.incoming) {
    expect(Buffer.from(bytes).toString()).toBe("PING a\r\n");
    break;
  }
  await transport.close();
});

it("verifies the certificate, for the name that it asks for", async () => {
  const identity = makeCertificate();
  const asked: unknown[] = [];
  const server = createSecureServer(identity, (socket) => {
    socket.on("error", () => {});
    asked.push(socket.servername);
    socket.end("hello");
  });
  const port = await listen(server);
  const open = (host: string, tls: true | { ca: string }) => openNodeTransport({ host, port, tls })(never);
  await expect(open("localhost", true)).rejects.toMatchObject({ code: "ERR_FINGER_TLS", message: /server\.tls\.ca/ });
  await expect(open("127.0.0.1", { ca: identity.cert })).rejects.toMatchObject({ code: "ERR_FINGER_TLS" });
  const transport = await open("localhost", { ca: identity.cert });
  expect(transport.isPrivate).toBe(true);
  let text = "";
  for await (const bytes of transport.incoming) text += Buffer.from(bytes).toString();
  expect(text).toBe("hello");
  expect(asked).toContain("localhost");
  await transport.close();
});

it("says what to do when there is nobody, no TLS, or no time", async () => {
  const plain = await listen(say(":srv NOTICE * :hello\r\n"));
  await expect(openNodeTransport({ host: "127.0.0.1", port: plain })(never)).rejects.toMatchObject({
    code: "ERR_FINGER_TLS",
  });
  const closing = createServer();
  const port = await listen(closing);
  closing.close();
  await expect(openNodeTransport({ host: "127.0.0.1", port, tls: false })(never)).rejects.toMatchObject({
    code: "ERR_FINGER_CONNECT",
    message: /another port/,
  });
  await expect(openNodeTransport({ host: "127.0.0.1", port: plain })(AbortSignal.abort())).rejects.toMatchObject({
    code: "ERR_FINGER_ABORTED",
  });
});

it("takes a server for one without TLS that waits for more, too", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const server = createServer();
    const asked = new Promise((resolve) => server.on("connection", (socket) => socket.once("data", resolve)));
    const port = await listen(server);
    const failed = expect(openNodeTransport({ host: "127.0.0.1", port })(never)).rejects.toMatchObject({
      code: "ERR_FINGER_TLS",
      message: /nothing has come back in 20 s; see whether TLS is spoken on this port/,
    });
    await asked;
    vi.advanceTimersByTime(20_000);
    await failed;
  } finally {
    vi.useRealTimers();
  }
});

it("hears why a server hangs up that has not waited for the first lines", async () => {
  const server = createServer((socket) => socket.end("ERROR :Too many connections\r\n").destroySoon());
  const left = new Promise((resolve) => server.on("connection", (socket) => socket.on("close", resolve)));
  const port = await listen(server);
  const transport = await openNodeTransport({ host: "127.0.0.1", port, tls: false })(never);
  await left;
  for (const line of ["CAP LS 302", "NICK finger", "USER finger 0 * :a"]) transport.write(Buffer.from(`${line}\r\n`));
  let text = "";
  for await (const bytes of transport.incoming) text += Buffer.from(bytes).toString();
  expect(text).toBe("ERROR :Too many connections\r\n");
  await transport.close();
});

it("sends a last line when it is closed at once", async () => {
  let hear: (text: string) => void = () => {};
  const heard = new Promise<string>((resolve) => {
    hear = resolve;
  });
  const port = await listen(createServer((socket) => socket.on("data", (bytes) => hear(bytes.toString()))));
  const transport = await openNodeTransport({ host: "127.0.0.1", port, tls: false })(never);
  transport.write(Buffer.from("QUIT :bye\r\n"));
  await transport.close(AbortSignal.abort());
  expect(await heard).toBe("QUIT :bye\r\n");
});

it("tells of a connection that breaks", async () => {
  const port = await listen(createServer((socket) => socket.resetAndDestroy()));
  const opened = openNodeTransport({ host: "127.0.0.1", port, tls: false })(never);
  const readAll = async () => {
    for await (const _ of (await opened).incoming);
  };
  await expect(readAll()).rejects.toMatchObject({ code: expect.stringMatching(/ERR_FINGER_(IO|CONNECT)/) });
});

it("survives rubbish, halves of lines, 10 kB of one, Latin-1 and false numerics", async () => {
  const told: unknown[] = [];
  const rubbish = [
    ":srv 0",
    "01 bot :Wel",
    "come\r\n\0\x01\xff",
    `${"x".repeat(10_000)}\r\n`,
    ":srv 001\r\n:srv 433\n",
    "999 :\r\n:srv 005 ",
  ];
  const last = Buffer.from(":\r\n:ada!a@b PRIVMSG bot :caf\xe9\r\n", "latin1");
  const port = await listen(say(...rubbish, Buffer.from([0, 255, 13, 10]), last));
  const server = { host: "127.0.0.1", port, tls: false };
  let hear: (text: string | undefined) => void = () => {};
  const heard = new Promise((resolve) => {
    hear = resolve;
  });
  const onError = (error: unknown) => told.push(error);
  const session = createSession(
    { server, nick: "bot", onError },
    ({ command, params }) => void (command === "PRIVMSG" && hear(params[1])),
  );
  await session.start();
  expect(await heard).toBe("café");
  expect([session.nick, told]).toEqual(["bot", []]);
  await session.stop(AbortSignal.abort());
});
