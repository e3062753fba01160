import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import {
  createFingerServer,
  type FingerServerOptions,
  type ListenOptions,
  type Peer,
  type QueryEvent,
} from "finger-server";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { freshPath } from "../../../../tests/support/programs.js";

const closing: Array<() => unknown> = [];
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A server behind proxies on this machine, and what is heard of it. */
async function serve(options: Partial<FingerServerOptions> = {}, where: ListenOptions = {}) {
  const events: QueryEvent[] = [];
  const errors: unknown[] = [];
  const server = createFingerServer({
    provider: (name, { peer }) => (name === "me" ? `${peer.address} ${peer.port}` : undefined),
    onQuery: (event) => events.push(event),
    onError: (error) => errors.push(error),
    ...options,
  });
  closing.push(() => server.close({ drain: 0 }));
  const place = await server.listen({ port: 0, proxyProtocol: ["127.0.0.0/8"], ...where });
  return { ...place, server, events, errors };
}

type Place = { readonly port: number; readonly path?: string | undefined };

/** Connects; what comes back is collected, and a reset is no error. */
async function open({ port, path }: Place, host = "127.0.0.1"): Promise<{ socket: Socket; closed: Promise<string> }> {
  const socket = connect({ ...(path === undefined ? { port, host } : { path }), allowHalfOpen: true, noDelay: true });
  let text = "";
  socket
    .on("error", () => {})
    .on("data", (piece) => {
      text += piece;
    });
  socket.on("end", () => socket.end());
  closing.push(() => socket.destroy());
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(text)));
  await once(socket, "connect");
  return { socket, closed };
}

/** Sends the pieces, one after the other, and resolves to all that comes back. */
async function ask(place: Place, ...pieces: ReadonlyArray<string | Uint8Array>): Promise<string> {
  const { socket, closed } = await open(place);
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(toBytes(piece), resolve));
    // Lets the other side read what is there, so that it sees pieces.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return closed;
}

const toBytes = (piece: string | Uint8Array) => (typeof piece === "string" ? Buffer.from(piece, "latin1") : piece);

const toLine = (address: string, port = 56324) => `PROXY TCP4 ${address} 192.0.2.2 ${port} 79\r\n`;
const LINE = toLine("192.0.2.1");
const SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
const BINARY = `${SIGNATURE}\x21\x11\0\x0c\xc0\0\x02\x01\xc0\0\x02\x02\xdc\x04\0\x4f`;
const BINARY_6 = `${SIGNATURE}\x21\x21\0\x24\x20\x01\x0d\xb8${"\0".repeat(11)}\x01${"\0".repeat(15)}\x01\xdc\x04\0\x4f`;
const MAPPED = `${SIGNATURE}\x21\x21\0\x24${"\0".repeat(10)}\xff\xff\xc0\0\x02\x01${"\0".repeat(15)}\x01\xdc\x04\0\x4f`;
const UNIX = `${SIGNATURE}\x21\x31\0\xd8${"/".repeat(216)}`;
const LOCAL = `${SIGNATURE}\x20\0\0\0`;
const HIM = "192.0.2.1 56324\r\n";

const HEADERS: ReadonlyArray<readonly [header: string, answer: RegExp | string, why: string]> = [
  [LINE, HIM, "version 1"],
  ["PROXY TCP6 2001:DB8::1 ::1 5 79\r\n", "2001:db8::1 5\r\n", "version 1 of IPv6"],
  [BINARY, HIM, "version 2"],
  [BINARY_6, "2001:db8::1 56324\r\n", "version 2 of IPv6"],
  [MAPPED, HIM, "a mapped address is that IPv4 address"],
  [UNIX, /^127\.0\.0\.1 \d+\r\n$/, "a Unix socket at the other side of the proxy"],
  [LOCAL, /^127\.0\.0\.1 \d+\r\n$/, "the proxy asks by itself"],
  ["PROXY UNKNOWN\r\n", /^127\.0\.0\.1 \d+\r\n$/, "the proxy does not know who asks"],
];

/** An address of this machine that is no loopback address. */
const OUTWARD = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === "IPv4" && !address.internal)?.address;

describe("a proxy on another machine", () => {
  it.runIf(OUTWARD !== undefined)("brings nobody who is on this machine, whatever it says", async () => {
    const place = await serve({}, { host: "0.0.0.0", proxyProtocol: [OUTWARD ?? ""] });
    for (const header of [toLine("127.0.0.1"), "PROXY TCP6 ::1 ::1 5 79\r\n", "PROXY UNKNOWN\r\n"]) {
      const { socket, closed } = await open(place, OUTWARD);
      socket.write(`${header}me\r\n`);
      const { localPort } = socket;
      expect(await closed).toBe(`${OUTWARD} ${localPort}\r\n`);
    }
  });
});

describe("a proxy that is known", () => {
  it.each(HEADERS)("with %j brings who is told %s: %s", async (header, answer) => {
    const { errors, ...place } = await serve();
    const expected = typeof answer === "string" ? answer : expect.stringMatching(answer);
    expect(await ask(place, `${header}me\r\n`)).toEqual(expected);
    expect(await ask(place, header, "m", "e\r\n")).toEqual(expected);
    expect(errors).toEqual([]);
  });

  it.each([
    [LINE, "version 1"],
    [BINARY, "version 2"],
  ])("may split %j at any byte: %s", async (header) => {
    const place = await serve({ limits: { rate: false } });
    for (let at = 1; at < header.length; at += 3) {
      expect(await ask(place, header.slice(0, at), `${header.slice(at)}me\r\n`)).toBe(HIM);
    }
    expect(await ask(place, ...header, "me\r\n")).toBe(HIM);
  });

  it("is answered when its side ends right behind the query", async () => {
    const place = await serve();
    const { socket, closed } = await open(place);
    socket.end(`${LINE}me`);
    expect(await closed).toBe(HIM);
  });

  it.each([
    [LINE, "version 1"],
    [BINARY, "version 2"],
  ])("sends one header, and a second one %j is no query: %s", async (second) => {
    const { events, ...place } = await serve();
    expect(await ask(place, `${LINE}${second}me\r\n`)).toBe("This is a finger server; it does not speak PROXY.\r\n");
    await expect
      .poll(() => events)
      .toMatchObject([{ outcome: "invalid", peer: { address: "192.0.2.1", port: 56324 } }]);
  });

  it("tells the peer to whoever hears of queries, and to whoever tells who is welcome", async () => {
    const seen: Peer[] = [];
    const accept = (peer: Peer) => seen.push(peer) < 2;
    const { events, ...place } = await serve({ accept });
    expect(await ask(place, LINE, "me\r\n")).toBe(HIM);
    expect(await ask(place, toLine("198.51.100.7"), "me\r\n")).toBe("");
    await expect
      .poll(() => events.map(({ peer, outcome }) => `${peer.address} ${outcome}`))
      .toEqual(["192.0.2.1 answered", "198.51.100.7 denied"]);
    expect(seen.map(({ address }) => address)).toEqual(["192.0.2.1", "198.51.100.7"]);
  });

  it.each([
    [LINE, "a check of health with a header of version 1"],
    [LOCAL, "one with a header of version 2"],
    ["", "one that only connects"],
  ])("that sends %j and closes is neither answered nor told of: %s", async (header) => {
    const { events, errors, ...place } = await serve();
    for (const end of ["end", "resetAndDestroy"] as const) {
      const { socket, closed } = await open(place);
      if (header !== "") await new Promise((resolve) => socket.write(toBytes(header), resolve));
      socket[end]();
      expect(await closed).toBe("");
    }
    expect(await ask(place, LINE, "me\r\n")).toBe(HIM);
    await expect.poll(() => events.length).toBe(1);
    expect(errors).toEqual([]);
  });

  it.each<readonly [bytes: string, what: string, why: string]>([
    ["me\r\n", 'the connection begins with "m"', "a query without a header"],
    ["\r\n", "the connection ended within it", "a list, whose line end might begin a header"],
    ["PROXY TCP4 192.0.2.1\r\nme\r\n", "there are 1 fields behind TCP4", "a wrong header"],
    [`${SIGNATURE}\x21\x12\0\x0c${"\0".repeat(12)}me\r\n`, "it speaks for datagrams", "UDP"],
    [LINE.slice(0, -1), "the connection ended within it", "half a header"],
  ])("gets no answer to %j, and the operator hears that %s: %s", async (bytes, what) => {
    const { events, errors, ...place } = await serve();
    const { socket, closed } = await open(place);
    socket.end(toBytes(bytes));
    expect(await closed).toBe("");
    await expect
      .poll(() => errors)
      .toMatchObject([
        {
          code: "ERR_FINGER_PROXY",
          message: expect.stringContaining(`The proxy at 127.0.0.1 sent no proper PROXY header: ${what}`),
        },
      ]);
    expect(events).toEqual([]);
  });

  it.each([
    ["", "nothing"],
    [LINE.slice(0, 20), "half a header"],
  ])("has the time of a query to send its header, and not %j: %s", async (bytes) => {
    const { errors, ...place } = await serve({ limits: { queryTime: 100 } });
    const began = performance.now();
    expect(await ask(place, bytes)).toBe("");
    expect(performance.now() - began).toBeGreaterThanOrEqual(100);
    expect(errors).toMatchObject([
      { code: "ERR_FINGER_PROXY", message: expect.stringContaining("it was not there within 100 ms") },
    ]);
  });

  it("has that time for header and query together", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    const { errors, ...place } = await serve({ limits: { queryTime: 1000 } });
    const { socket, closed } = await open(place);
    // Who comes second is answered, so that what the first has sent was read.
    const awaitRead = async () => expect(await ask(place, `${LINE}me\r\n`)).toBe(HIM);
    await awaitRead();
    vi.advanceTimersByTime(700);
    socket.write(`${LINE}m`);
    await awaitRead();
    // A time of its own for the query would be over at 1700.
    vi.advanceTimersByTime(550);
    expect(await closed).toBe("");
    expect(errors).toEqual([]);
  });

  it("is told once of many mistakes", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { errors, ...place } = await serve();
    await Promise.all(Array.from({ length: 20 }, () => ask(place, "me\r\n")));
    expect(errors).toHaveLength(1);
    vi.advanceTimersByTime(1000);
    expect(errors.slice(1)).toMatchObject([{ message: expect.stringContaining("(so did 18 more connections") }]);
  });
});

describe("who is no known proxy", () => {
  it("is turned away without a byte, whatever it sends, and heard of", async () => {
    const { events, errors, ...place } = await serve({}, { proxyProtocol: ["10.0.0.0/8", "2001:db8::/32"] });
    for (const bytes of ["", "me\r\n", `${LINE}me\r\n`, `${BINARY}me\r\n`]) expect(await ask(place, bytes)).toBe("");
    await expect.poll(() => events.length).toBe(4);
    for (const { peer, outcome, query, kind, bytes } of events) {
      expect({ address: peer.address, outcome, query, kind, bytes }).toEqual({
        address: "127.0.0.1",
        outcome: "denied",
        query: "",
        kind: undefined,
        bytes: 0,
      });
    }
    expect(errors).toEqual([]);
  });

  it("takes the place of nobody", async () => {
    const { events, ...place } = await serve({ limits: { connections: 1 } }, { proxyProtocol: ["127.0.0.1"] });
    const { socket, closed } = await open(place);
    socket.write(LINE);
    const stranger = connect({ port: place.port, host: "127.0.0.1", localAddress: "127.0.0.5" });
    stranger.on("error", () => {}).resume();
    await new Promise((resolve) => stranger.once("close", resolve));
    await expect.poll(() => events).toMatchObject([{ outcome: "denied", peer: { address: "127.0.0.5" } }]);
    socket.write("me\r\n");
    expect(await closed).toBe(HIM);
  });

  it("is known by its IPv4 address where both families are listened to", async () => {
    const place = await serve({}, { host: "::", proxyProtocol: ["127.0.0.1/32"] });
    expect(await ask(place, LINE, "me\r\n")).toBe(HIM);
  });
});

describe("a server that closes", () => {
  it("answers whom it let in before, whose header and query are on their way", async () => {
    const { server, events, ...place } = await serve();
    const { socket, closed } = await open(place);
    await ask(place, `${LINE}me\r\n`);
    const over = server.close();
    socket.write(`${LINE}me\r\n`);
    expect(await closed).toBe(HIM);
    await over;
    expect(events.map(({ outcome }) => outcome)).toEqual(["answered", "answered"]);
  });
});

describe("a Unix socket", () => {
  it("has proxies only, which need no network", async () => {
    const { errors, ...place } = await serve({}, { path: freshPath(), proxyProtocol: [] });
    expect(await ask(place, LINE, "me\r\n")).toBe(HIM);
    expect(await ask(place, LOCAL, "me\r\n")).toBe("undefined undefined\r\n");
    expect(await ask(place, "me\r\n")).toBe("");
    expect(errors).toMatchObject([
      { message: expect.stringContaining("A proxy at the Unix socket sent no proper PROXY header") },
    ]);
  });
});

describe("the limits", () => {
  const TOO_MANY = "Too many connections; please try again later.\r\n";

  it("on connections of a peer count those of the header's address, and not of the proxy's", async () => {
    const place = await serve({ limits: { perPeer: 2 } });
    const waiting = await Promise.all(Array.from({ length: 5 }, () => open(place)));
    for (const { socket } of waiting.slice(0, 2)) socket.write(LINE);
    expect(await ask(place, toLine("198.51.100.7"), "me\r\n")).toBe("198.51.100.7 56324\r\n");
    expect(await ask(place, LINE)).toBe(TOO_MANY);
    waiting[0]?.socket.destroy();
    await expect.poll(() => ask(place, `${LINE}me\r\n`)).toBe(HIM);
  });

  it("on queries of a peer count those of the header's address", async () => {
    const place = await serve({ limits: { rate: 6 } });
    expect(await ask(place, LINE, "me\r\n")).toBe(HIM);
    expect(await ask(place, LINE, "me\r\n")).toBe(HIM);
    expect(await ask(place, BINARY, "me\r\n")).toContain("Too many queries from your address");
    expect(await ask(place, toLine("198.51.100.7"), "me\r\n")).toBe("198.51.100.7 56324\r\n");
  });

  it("on all connections let who sends no header make room", async () => {
    const { errors, ...place } = await serve({ limits: { connections: 2 } });
    const [oldest, second] = [await open(place), await open(place)];
    oldest.socket.write("PROXY ");
    await new Promise((resolve) => second.socket.write("PROXY ", resolve));
    expect(await ask(place, LINE, "me\r\n")).toBe(HIM);
    expect(await oldest.closed).toBe("");
    expect(errors).toEqual([]);
  });
});

describe("closing", () => {
  it("sends away who has sent no header yet, and waits for the others", async () => {
    const { promise: answer, resolve: onAnswer } = withResolvers<string>();
    let isAsked = false;
    const { server, errors, ...place } = await serve({
      provider: () => {
        isAsked = true;
        return answer;
      },
    });
    const silent = [await open(place), await open(place)];
    silent[1]?.socket.write(LINE.slice(0, 10));
    const asked = ask(place, `${LINE}me\r\n`);
    await expect.poll(() => isAsked).toBe(true);
    const closed = server.close();
    for (const { closed: gone } of silent) expect(await gone).toBe("");
    onAnswer("Late, but here");
    expect(await asked).toBe("Late, but here\r\n");
    await closed;
    expect(errors).toEqual([]);
  });
});

describe("with TLS", () => {
  let certificate: { key: Buffer; cert: Buffer };
  beforeAll(() => {
    const [key, cert] = [freshPath(), freshPath()];
    const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=finger";
    const args = [...request.split(" "), "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert];
    execFileSync("openssl", args, { stdio: "ignore" });
    certificate = { key: readFileSync(key), cert: readFileSync(cert) };
  });

  const serveTls = (options: Partial<FingerServerOptions> = {}, where: ListenOptions = {}) =>
    serve(options, { tls: () => certificate, ...where });

  /** Makes the segments in which the bytes of the header and the first of TLS are sent. */
  type Cut = (header: Buffer, hello: Buffer) => readonly Buffer[];

  const CUTS: ReadonlyArray<readonly [why: string, cut: Cut]> = [
    ["by itself", (header, hello) => [header, hello]],
    ["together with the ClientHello", (header, hello) => [Buffer.concat([header, hello])]],
    [
      "together with the first byte of the ClientHello",
      (header, hello) => [Buffer.concat([header, hello.subarray(0, 1)]), hello.subarray(1)],
    ],
    [
      "together with half of the ClientHello",
      (header, hello) => [Buffer.concat([header, hello.subarray(0, 100)]), hello.subarray(100)],
    ],
    [
      "in two, the second together with the ClientHello",
      (header, hello) => [header.subarray(0, 9), Buffer.concat([header.subarray(9), hello])],
    ],
  ];

  /** A connection that sends a header before the first bytes of whoever uses it. */
  function carryBehind(socket: Socket, header: string, cut: Cut): Duplex {
    let first: Cut | undefined = cut;
    const duplex = new Duplex({
      read() {},
      async write(chunk: Buffer, _, done) {
        const pieces = first?.(Buffer.from(header, "latin1"), chunk) ?? [chunk];
        first = undefined;
        for (const piece of pieces) {
          await new Promise((resolve) => socket.write(piece, resolve));
          await new Promise((resolve) => setImmediate(resolve));
        }
        done();
      },
      final: (done) => void socket.end(done),
    });
    socket.on("data", (chunk) => duplex.push(chunk)).on("end", () => duplex.push(null));
    return duplex;
  }

  /** Resolves to the answer, which is empty where there is no TLS. */
  async function askTls(place: Place, header: string, cut: Cut): Promise<string> {
    const { socket, closed } = await open(place);
    const carrier = carryBehind(socket, header, cut);
    const secure = connectTls({ socket: carrier, ca: certificate.cert, servername: "localhost" });
    let text = "";
    secure
      .on("error", () => {})
      .on("data", (piece) => {
        text += piece;
      });
    secure.end("me\r\n");
    await closed;
    return text;
  }

  const [, together] = CUTS[1] as (typeof CUTS)[number];

  it.each(CUTS)("the header comes first in clear, %s", async (_, cut) => {
    const { errors, ...place } = await serveTls();
    expect(await askTls(place, LINE, cut)).toBe(HIM);
    expect(await askTls(place, BINARY_6, cut)).toBe("2001:db8::1 56324\r\n");
    expect(await askTls(place, LOCAL, cut)).toMatch(/^127\.0\.0\.1 \d+\r\n$/);
    expect(errors).toEqual([]);
  });

  it("tells many that come at once over a Unix socket apart", async () => {
    const { errors, ...place } = await serveTls({}, { path: freshPath() });
    const addresses = Array.from({ length: 20 }, (_, index) => `192.0.2.${index}`);
    const answers = addresses.map((address) => askTls(place, toLine(address), together));
    expect(await Promise.all(answers)).toEqual(addresses.map((address) => `${address} 56324\r\n`));
    expect(errors).toEqual([]);
  });

  it("a ClientHello without a header is a mistake, and a header without one is none", async () => {
    // A peer that leaves in the middle of a TLS handshake is noticed when its time is over.
    const { events, errors, ...place } = await serveTls({ limits: { queryTime: 300 } });
    const { socket, closed } = await open(place);
    socket.end(LINE);
    expect(await closed).toBe("");
    expect(errors).toEqual([]);
    expect(await askTls(place, "", together)).toBe("");
    expect(errors).toMatchObject([{ message: expect.stringContaining('begins with "\\x16"') }]);
    expect(events).toEqual([]);
  });

  it("who is no known proxy is turned away in clear", async () => {
    const { events, errors, ...place } = await serveTls({}, { proxyProtocol: ["10.0.0.0/8"] });
    expect(await askTls(place, LINE, together)).toBe("");
    await expect.poll(() => events).toMatchObject([{ outcome: "denied", bytes: 0, peer: { address: "127.0.0.1" } }]);
    expect(errors).toEqual([]);
  });

  it("header and handshake have the time of a query together, and end in silence", async () => {
    const { errors, ...place } = await serveTls({ limits: { queryTime: 200 } });
    const began = performance.now();
    expect(await ask(place, LINE)).toBe("");
    expect(performance.now() - began).toBeGreaterThanOrEqual(200);
    expect(errors).toEqual([]);
  });

  it("a handshake counts as a connection of the header's address", async () => {
    const place = await serveTls({ limits: { perPeer: 1 } });
    const { socket, closed } = await open(place);
    await new Promise((resolve) => socket.write(LINE, resolve));
    expect(await askTls(place, toLine("198.51.100.7"), together)).toBe("198.51.100.7 56324\r\n");
    expect(await askTls(place, LINE, together)).toBe("");
    socket.resetAndDestroy();
    await closed;
    await expect.poll(() => askTls(place, LINE, together)).toBe(HIM);
  });

  it("closing ends a handshake, and the connections that were served", async () => {
    const { server, ...place } = await serveTls();
    const { socket, closed } = await open(place);
    await new Promise((resolve) => socket.write(LINE, resolve));
    expect(await askTls(place, toLine("198.51.100.7"), together)).toBe("198.51.100.7 56324\r\n");
    await Promise.all([server.close(), closed]);
  });

  it("the certificate is read again", async () => {
    let reads = 0;
    const tls = () => {
      reads++;
      return certificate;
    };
    const { reloadTls, ...place } = await serveTls({}, { tls });
    await reloadTls();
    expect(reads).toBe(2);
    expect(await askTls(place, LINE, together)).toBe(HIM);
  });
});

describe("what is no list of networks", () => {
  it.each<readonly [proxyProtocol: unknown, error: typeof Error, message: string]>([
    [["10.0.0.0/33"], RangeError, 'proxyProtocol: "10.0.0.0/33" is no network; write one such as 10.0.0.0/8'],
    [["proxy.example.org"], RangeError, 'proxyProtocol: "proxy.example.org" is no network'],
    [[42], RangeError, 'proxyProtocol: "42" is no network'],
    ["10.0.0.0/8", TypeError, 'such as ["10.0.0.0/8"], but is "10.0.0.0/8".'],
    [true, TypeError, 'such as ["10.0.0.0/8"], but is true.'],
    [[], TypeError, 'such as ["10.0.0.0/8"], but is [].'],
  ])("refuses %j", async (proxyProtocol, error, message) => {
    const refused = serve({}, { proxyProtocol: proxyProtocol as string[] });
    await expect(refused).rejects.toThrow(error);
    await expect(refused).rejects.toThrow(message);
  });
});

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
