import { spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { type ClientRequest, type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { connect as connectSecure, type TLSSocket, type TlsOptions } from "node:tls";
import { fileURLToPath } from "node:url";
import { FingerError } from "finger-protocol";
import { afterEach, describe, expect, it } from "vitest";
import { makeCertificate } from "../../../../tests/peers/support/certificate.js";
import { listen } from "../../../../tests/support/descriptors.js";
import { buildModule } from "../../../../tests/support/module.js";
import { eventually, freshPath } from "../../../../tests/support/programs.js";
import type { HttpReply, Respond } from "../http/http-reply.js";
import { createHttpService, type HttpReach, type HttpService, httpService } from "./http-service.js";

/** Of a kind that no certificate here is. */
const OTHER_KEY = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });

const services: HttpService[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop(AbortSignal.abort());
});

function make(options: HttpReach = {}, respond: Respond = async () => HELLO, close = () => {}) {
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const service = createHttpService({ respond, close, onError }, { where: { port: 0 }, ...options });
  services.push(service);
  return { service, errors };
}

async function start(...args: Parameters<typeof make>) {
  const made = make(...args);
  await made.service.start();
  return { ...made, port: toPort(made.service) };
}

function toPort({ address }: HttpService): number {
  return address?.port ?? 0;
}

const HELLO: HttpReply = { status: 200, headers: { "content-length": "6" }, body: Buffer.from("hello\n") };
const QUESTION = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

async function get(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/`)).text();
}

/** A connection on which nothing was said yet. */
async function hold(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  await once(socket, "connect");
  return socket;
}

async function toAnswer(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(request.end(), "response");
  return response;
}

/** An answer that is made when somebody says so. */
function createLater() {
  let make = () => {};
  let asked = 0;
  const made = new Promise<void>((resolve) => {
    make = resolve;
  });
  const respond: Respond = async () => {
    asked++;
    await made;
    return HELLO;
  };
  return { respond, make, asked: () => asked };
}

describe("the service of HTTP", () => {
  it("answers from its start on, and has those wait who ask when it is prepared", async () => {
    const { service } = make();
    await service.prepare?.();
    const asked = get(toPort(service));
    const socket = await hold(toPort(service));
    socket.write(QUESTION);
    await service.start();
    expect(await asked).toBe("hello\n");
    expect(String((await once(socket, "data"))[0])).toContain("hello");
  });

  it("tells where it listens while it does", async () => {
    const { service } = make();
    expect([service.name, service.address]).toEqual(["http", undefined]);
    await service.start();
    expect(service.address).toEqual({ host: "127.0.0.1", port: expect.any(Number), path: undefined });
    await service.stop();
    expect(service.address).toBeUndefined();
  });

  it("may start again", async () => {
    const { service } = await start();
    await service.stop();
    await service.start();
    expect(await get(toPort(service))).toBe("hello\n");
  });

  it("stops without an answer for those who waited for its start", async () => {
    const { service } = make();
    await service.prepare?.();
    const socket = await hold(toPort(service));
    socket.write(QUESTION);
    const closed = new Promise((resolve) => socket.on("close", resolve));
    await service.stop();
    await closed;
  });

  it("leaves nothing open when nobody waits for it any more", async () => {
    const { service } = make();
    await expect(service.start(AbortSignal.abort())).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
    expect(service.address).toBeUndefined();
  });

  it("ends a stream of events that is about to be opened when it stops", async () => {
    let give: (user: { readonly login: string }) => void = () => {};
    const asked = new Promise<void>((resolve) => {
      const lookup = () => {
        resolve();
        return new Promise<{ readonly login: string }>((found) => {
          give = found;
        });
      };
      const watch = async function* (signal: AbortSignal) {
        await once(signal, "abort");
        yield { login: undefined };
      };
      services.push(httpService({ provider: { lookup, watch }, where: { port: 0 } }));
    });
    const service = services.at(-1) as HttpService;
    await service.start();
    const heard = fetch(`http://127.0.0.1:${toPort(service)}/events?login=a`).then((response) => response.text());
    await asked;
    const stopped = service.stop();
    give({ login: "a" });
    await stopped;
    expect(await heard).toBe("");
  });

  it("is started once when it is started twice, and stopped when that is under way", async () => {
    const { service } = make();
    const started = Promise.all([service.start(), service.start()]);
    await service.stop();
    await started;
    expect(service.address).toBeUndefined();
  });

  it("answers by other options at the port that is open", async () => {
    const service = httpService({ provider: () => "Before", where: { port: 0 } });
    services.push(service);
    await service.start();
    const port = toPort(service);
    const ask = async () =>
      (await fetch(`http://127.0.0.1:${port}/a.txt`, { headers: { "x-forwarded-for": "192.0.2.9" } })).text();
    expect(await ask()).toBe("Before\n");
    service.update({ provider: (_, { peer }) => `After, for ${peer.address}`, proxies: ["127.0.0.1"] });
    expect(await ask()).toBe("After, for 192.0.2.9\n");
    expect(() => service.update({ provider: () => "Never", base: "x" })).toThrow(TypeError);
    expect(() => service.update({ provider: () => "Never", hsts: 1 })).toThrow(TypeError);
    expect([await ask(), toPort(service)]).toEqual(["After, for 192.0.2.9\n", port]);
  });

  it("answers with what a handler is made of", async () => {
    const service = httpService({ provider: async () => "Happy and well", where: { port: 0 }, name: "web" });
    services.push(service);
    await service.start();
    expect(service.name).toBe("web");
    expect(await (await fetch(`http://127.0.0.1:${toPort(service)}/alice.txt`)).text()).toContain("Happy and well");
  });

  it("tells the one who hears of errors, and not the peer", async () => {
    const { port, errors } = await start({}, () => Promise.reject(new Error("secret")));
    expect(await get(port)).not.toContain("secret");
    expect(errors.map(String)).toEqual(["Error: secret"]);
  });

  it.each<[what: string, why: string, answer: RegExp, bytes: string]>([
    ["no host", "RFC 9112 3.2", /^HTTP\/1.1 400 /, "GET / HTTP/1.1\r\n\r\n"],
    ["a long head", "heads are bounded", /^HTTP\/1.1 431 /, `GET / HTTP/1.1\r\nA: ${"x".repeat(20_000)}\r\n\r\n`],
    ["what is no HTTP", "finger is spoken elsewhere", /^HTTP\/1.1 400 /, "alice\r\n"],
    [
      "two lengths",
      "proxies may take the other",
      /^HTTP\/1.1 400 /,
      `${QUESTION.trimEnd()}${"\r\nContent-Length: 1".repeat(2)}0\r\n\r\n`,
    ],
  ])("refuses %s and closes: %s", async (_, __, answer, bytes) => {
    const { port } = await start();
    const socket = await hold(port);
    socket.write(bytes);
    expect(await text(socket)).toMatch(answer);
  });
});

describe("the service of HTTP, as it stops,", () => {
  it("lets answers finish, and takes no more", async () => {
    const later = createLater();
    const { service, port } = await start({}, later.respond);
    const asked = get(port);
    await eventually(() => later.asked() === 1);
    const stopped = service.stop();
    await expect(hold(port)).rejects.toThrow("ECONNREFUSED");
    later.make();
    expect(await asked).toBe("hello\n");
    await stopped;
  });

  it("closes at once the connections that ask nothing: new ones, and those that have their answers", async () => {
    const { service, port } = await start();
    const [silent, answered] = [await hold(port), await hold(port)];
    answered.write(QUESTION);
    await once(answered, "data");
    const closed = Promise.all([once(silent, "close"), once(answered, "close")]);
    await service.stop();
    await closed;
  });

  it("ends streams that would go on for ever", async () => {
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const endless = async function* () {
      yield "one";
      await ended;
      yield "two";
    };
    const { service, port } = await start(
      {},
      async () => ({ status: 200, headers: {}, body: endless() }),
      () => end(),
    );
    const response = await fetch(`http://127.0.0.1:${port}/`);
    const stopped = service.stop();
    expect(await response.text()).toBe("onetwo");
    await stopped;
  });

  it("cuts what is under way when it has to end at once", async () => {
    const later = createLater();
    const { service, port } = await start({}, later.respond);
    const asked = get(port).catch(() => "cut");
    await eventually(() => later.asked() === 1);
    const controller = new AbortController();
    const stopped = service.stop(controller.signal);
    controller.abort();
    await stopped;
    expect(await asked).toBe("cut");
  });
});

describe("the service of HTTP, of peers that read nothing,", () => {
  it("cuts those for whom there is something", async () => {
    let returned = 0;
    const endless = async function* () {
      try {
        for (;;) yield "x".repeat(1_000_000);
      } finally {
        returned++;
      }
    };
    const { port } = await start({ idle: 100 }, async () => ({ status: 200, headers: {}, body: endless() }));
    const socket = await hold(port);
    socket.pause().write(QUESTION);
    await eventually(() => returned === 1);
    socket.destroy();
  });

  it("leaves those for whom there is nothing, however long that takes", async () => {
    const later = createLater();
    const { port } = await start({ idle: 20 }, later.respond);
    const asked = get(port);
    const silent = new Promise((resolve) => setTimeout(resolve, 200)); // idle is a time of sockets, which no test can set
    await silent;
    later.make();
    expect(await asked).toBe("hello\n");
  });
});

describe("the service of HTTP, at a Unix socket,", () => {
  const getAt = async (socketPath: string) =>
    text(await toAnswer(requestPlain({ socketPath, path: "/", agent: false })));

  it("answers, and is opened by those alone who may", async () => {
    const path = freshPath();
    const { service } = await start({ where: { path, mode: 0o600 } });
    expect(await getAt(path)).toBe("hello\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(service.address).toEqual({ host: "", port: 0, path });
    await service.stop();
    expect(existsSync(path)).toBe(false);
  });

  it("takes the place of a server that died", async () => {
    const path = freshPath();
    const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 9))`;
    spawnSync(process.execPath, ["-e", script]);
    expect(existsSync(path)).toBe(true);
    await start({ where: { path } });
    expect(await getAt(path)).toBe("hello\n");
  });
});

describe("the service of HTTP, in a program of its own,", () => {
  const SOURCE = fileURLToPath(new URL("http-service.ts", import.meta.url));
  const run = async (script: string, stdio: readonly number[] = []) => {
    const program = `import { createHttpService } from ${JSON.stringify(await buildModule(SOURCE))};\n${script}`;
    return spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["pipe", "pipe", "inherit", ...stdio],
    });
  };

  it("answers on a socket that was inherited", async () => {
    const { server, fd } = await listen();
    const body = `{ status: 200, headers: {}, body: Buffer.from("inherited") }`;
    const service = `createHttpService({ respond: async () => (${body}), close() {}, onError: console.error }, { where: { fd: 3 } })`;
    const child = await run(`await ${service}.start(); console.log("ready");`, [fd]);
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(child.stdout as Readable, "data");
    expect(await get(port)).toBe("inherited");
    child.kill();
  });

  it("loads no server when it is imported, and listens on nothing", async () => {
    const child = await run(
      `console.log(process.moduleLoadList.some((name) => / (_http_server|https|tls)$/.test(name)), typeof createHttpService);`,
    );
    expect(await text(child.stdout as Readable)).toBe("false function\n");
  });
});

describe("the service of HTTP says why it cannot listen:", () => {
  it.each<[what: string, toWhere: () => HttpReach["where"] | Promise<HttpReach["where"]>, message: RegExp]>([
    [
      "a port that is taken",
      async () => ({ port: toPort((await start()).service) }),
      /port \d+: another program listens there/,
    ],
    [
      "a path that is taken",
      async () => ({ path: (await start({ where: { path: freshPath() } })).service.address?.path }),
      /choose another path/,
    ],
    ["a file in the way", () => ({ path: toFile() }), /there is a file that is no socket/],
    ["no folder", () => ({ path: `${freshPath()}/a` }), /there is no such folder/],
    ["a long path", () => ({ path: `/tmp/${"x".repeat(200)}` }), /at most \d+ bytes/],
    ["an address of another machine", () => ({ port: 0, host: "192.0.2.1" }), /does not have that address/],
    ["no descriptor", () => ({ fd: 12_345 }), /descriptor 12345: /],
    ["no certificate", () => ({ port: 0, tls: { key: "no" } }), /certificate or key cannot be used/],
    [
      "a key of another kind",
      () => ({ port: 0, tls: { ...readPair(), key: OTHER_KEY } }),
      /the key is of another certificate/,
    ],
    [
      "a certificate that cannot be read",
      () => ({ port: 0, tls: () => Promise.reject(new Error("not there")) }),
      /not there/,
    ],
  ])("%s", async (_, toWhere, message) => {
    const { service } = make({ where: await toWhere() });
    const error = await service.start().catch((error) => error);
    expect(FingerError.is(error) && [error.code, error.message]).toEqual([
      "ERR_FINGER_LISTEN",
      expect.stringMatching(message),
    ]);
    expect(service.address).toBeUndefined();
  });

  const toFile = () => {
    const path = freshPath();
    writeFileSync(path, "");
    return path;
  };
});

it.each<[options: HttpReach, message: string]>([
  [{ hsts: 1 }, "The option hsts is of HTTPS"],
  [{ hsts: -1, where: { tls: {} } }, "The option hsts must be a number of seconds, and is -1."],
  [{ idle: 0 }, "The option idle must be a time in ms, and is 0."],
  [{ where: { mode: 0o600 } }, "The option where.mode is of a Unix socket"],
  [{ where: { proxyProtocol: [] } as object }, "The option where.proxyProtocol is not of HTTP"],
  [{ where: { path: "/a", login: "alice" } as object }, "The option where.login is not of HTTP"],
])("refuses %j: %s", (options, message) => {
  expect(() => createHttpService({ respond: async () => HELLO, close() {}, onError() {} }, options)).toThrow(message);
});

describe("the service of HTTPS", () => {
  const getSecure = (port: number) =>
    toAnswer(requestSecure({ host: "127.0.0.1", port, path: "/", agent: false, rejectUnauthorized: false }));
  const handshake = async (port: number, options: object = {}): Promise<TLSSocket> => {
    const socket = connectSecure({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
    await once(
      socket.on("error", () => {}),
      "secureConnect",
    );
    return socket;
  };

  it("answers, and says that it is to be asked so", async () => {
    const { port } = await start({ where: { port: 0, tls: readPair() }, hsts: 3600 });
    const response = await getSecure(port);
    expect([response.headers["strict-transport-security"], await text(response)]).toEqual(["max-age=3600", "hello\n"]);
  });

  it("speaks HTTP/1.1 and does not offer more", async () => {
    const tls = { ...readPair(), ALPNProtocols: ["h2"] };
    const { port } = await start({ where: { port: 0, tls } });
    const socket = await handshake(port, { ALPNProtocols: ["h2", "http/1.1"] });
    expect(socket.alpnProtocol).toBe("http/1.1");
    socket.destroy();
  });

  it("reads its certificate again, and keeps the old one when that cannot be used", async () => {
    const pairs: TlsOptions[] = [readPair(), readPair(), { key: "no", cert: "no" }];
    const { service, port } = await start({ where: { port: 0, tls: () => pairs.shift() ?? {} } });
    const seen: string[] = [];
    const look = async () => {
      const socket = await handshake(port);
      seen.push(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    };
    await look();
    await service.reloadTls();
    await look();
    await expect(service.reloadTls()).rejects.toThrow();
    await look();
    expect(seen[1]).not.toBe(seen[0]);
    expect(seen[2]).toBe(seen[1]);
  });

  it("reads its certificate again in order", async () => {
    const [first, second, third] = [readPair(), readPair(), readPair()];
    let giveSecond: (pair: TlsOptions) => void = () => {};
    const late = new Promise<TlsOptions>((resolve) => {
      giveSecond = resolve;
    });
    const pairs = [first, late, third];
    const { service, port } = await start({ where: { port: 0, tls: () => pairs.shift() ?? {} } });
    const reloaded = [service.reloadTls(), service.reloadTls()];
    giveSecond(second);
    await Promise.all(reloaded);
    const socket = await handshake(port);
    expect(socket.getPeerCertificate().fingerprint256).toBe(new X509Certificate(third.cert as Buffer).fingerprint256);
    socket.destroy();
  });

  it("has nothing to read again when it is plain", async () => {
    await (await start()).service.reloadTls();
  });

  it("closes on those who speak plain HTTP", async () => {
    const { port } = await start({ where: { port: 0, tls: readPair() } });
    const socket = await hold(port);
    socket.write(QUESTION);
    expect(await text(socket)).not.toContain("hello");
  });

  it("stops at once, whatever handshakes are under way and connections silent", async () => {
    const { service, port } = await start({ where: { port: 0, tls: readPair() } });
    const [silent, halfway] = [await handshake(port), await hold(port)];
    const closed = Promise.all([once(silent, "close"), once(halfway, "close")]);
    await service.stop();
    await closed;
  });

  it("cuts peers that read nothing, too", async () => {
    let returned = 0;
    const endless = async function* () {
      try {
        for (;;) yield "x".repeat(1_000_000);
      } finally {
        returned++;
      }
    };
    const respond: Respond = async () => ({ status: 200, headers: {}, body: endless() });
    const { port } = await start({ where: { port: 0, tls: readPair() }, idle: 100 }, respond);
    const socket = await handshake(port);
    socket.pause().write(QUESTION);
    await eventually(() => returned === 1);
    socket.destroy();
  });

  it("cuts what is under way when it has to end at once", async () => {
    const later = createLater();
    const { service, port } = await start({ where: { port: 0, tls: readPair() } }, later.respond);
    const socket = await handshake(port);
    socket.write(QUESTION);
    await eventually(() => later.asked() === 1);
    const closed = once(socket, "close");
    await service.stop(AbortSignal.abort());
    await closed;
  });
});

function readPair(): TlsOptions {
  const { key, cert } = makeCertificate("localhost");
  return { key: readFileSync(key), cert: readFileSync(cert) };
}
