import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { createFingerServer, type FingerServer, type LookupProvider, memoryPair, memoryProvider } from "finger-server";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createFingerServer as createWebServer } from "../web.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "finger-carriers-"));
  for (const name of ["one", "two"]) makeCertificate(name);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A certificate for localhost, good for this test alone. */
function makeCertificate(name: string): void {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const request = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${name} -addext subjectAltName=DNS:localhost`;
  execFileSync("openssl", [...request.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
}

const readPair = (name: string) => ({
  key: readFileSync(join(folder, `${name}.key`)),
  cert: readFileSync(join(folder, `${name}.pem`)),
});

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Sends the pieces, half-closes, and resolves to all that comes back. */
type Ask = (...pieces: readonly string[]) => Promise<string>;

function askWith(open: () => Duplex): Ask {
  return async (...pieces) => {
    const duplex = open();
    let text = "";
    duplex.setEncoding("utf8").on("data", (piece) => {
      text += piece;
    });
    for (const piece of pieces) await new Promise((resolve) => duplex.write(piece, resolve));
    duplex.end();
    await once(duplex, "close");
    return text;
  };
}

/** Each way to reach a server, made for one. */
const CARRIERS: Readonly<Record<string, (server: FingerServer) => Promise<Ask>>> = {
  "TCP over IPv4": async (server) => {
    const { host, port } = await server.listen({ port: 0 });
    return askWith(() => connect({ host, port, allowHalfOpen: true }));
  },
  "TCP over IPv6": async (server) => {
    const { port } = await server.listen({ port: 0, host: "::1" });
    return askWith(() => connect({ host: "::1", port, allowHalfOpen: true }));
  },
  "a Unix socket": async (server) => {
    const path = join(folder, "finger.sock");
    await server.listen({ path });
    return askWith(() => connect({ path, allowHalfOpen: true }));
  },
  TLS: async (server) => {
    const { host, port } = await server.listen({ port: 0, tls: readPair("one") });
    const ca = readPair("one").cert;
    // The option is there, but its type is not.
    const halfOpen: object = { allowHalfOpen: true };
    return askWith(() => connectTls({ host, port, ca, servername: "localhost", ...halfOpen }));
  },
  "a socket of somebody else's server": async (server) => {
    const other = createServer((socket) => void server.handle(socket)).listen(0, "127.0.0.1");
    await once(other, "listening");
    closing.push(async () => other.close());
    const { port } = other.address() as AddressInfo;
    return askWith(() => connect({ host: "127.0.0.1", port, allowHalfOpen: true }));
  },
  "a pair in memory": async (server) => askInMemory(server),
};

function askInMemory(server: FingerServer): Ask {
  return async (...pieces) => {
    const [near, far] = memoryPair();
    const served = server.handle(far);
    const sendAll = async () => {
      const writer = near.writable.getWriter();
      for (const piece of pieces) await writer.write(new TextEncoder().encode(piece));
      await writer.close();
    };
    const [text] = await Promise.all([new Response(near.readable).text(), sendAll()]);
    await served;
    return text;
  };
}

const provider: LookupProvider = {
  ...memoryProvider({ alice: "Happy and well", bob: { name: "Bob", plan: "Sleep." } }),
  async lookup(name) {
    // An answer that takes time, and one that comes in pieces.
    await new Promise((resolve) => setImmediate(resolve));
    if (name === "log") return stream("one\n", "two\n", "x".repeat(200_000));
    return name === "alice" ? "Happy and well" : undefined;
  },
};

async function* stream(...pieces: readonly string[]): AsyncGenerator<string> {
  for (const piece of pieces) yield piece;
}

const QUERIES: ReadonlyArray<readonly [pieces: readonly string[], answer: string, why: string]> = [
  [["alice\r\n"], "Happy and well\r\n", "a query"],
  [["/W ", "alice", "\r\n"], "Happy and well\r\n", "the three pieces of netkit's client"],
  [["alice"], "Happy and well\r\n", "the end of input ends the line, and its answer still arrives"],
  [["alice\r\nbob\r\n"], "Happy and well\r\n", "a second line is not a second query"],
  [["nobody\r\n"], "finger: nobody: no such user.\r\n", "nobody"],
  [["\r\n"], "Login  Name  Status\r\nalice        Happy and well\r\nbob    Bob\r\n", "the list"],
  [["log\r\n"], `one\r\ntwo\r\n${"x".repeat(200_000)}\r\n`, "a stream"],
  [[], "", "nothing asked, nothing said"],
];

describe.each(Object.keys(CARRIERS))("over %s", (name) => {
  it.each(QUERIES)("answers %j: %s", async (pieces, answer) => {
    // A peer that leaves in the middle of a TLS handshake is noticed when its time is over.
    const server = createFingerServer({ provider, limits: { queryTime: 500 } });
    closing.push(() => server.close({ drain: 0 }));
    const ask = await (CARRIERS[name] as (server: FingerServer) => Promise<Ask>)(server);
    expect(await ask(...pieces)).toBe(answer);
  });
});

describe("without Node", () => {
  it.each(QUERIES)("answers %j: %s", async (pieces, answer) => {
    expect(await askInMemory(createWebServer({ provider }))(...pieces)).toBe(answer);
  });

  it("says that it has no sockets to listen on", async () => {
    await expect(createWebServer({ provider }).listen()).rejects.toMatchObject({ code: "ERR_FINGER_LISTEN" });
  });
});

describe("TLS", () => {
  /** The name on the certificate that a new connection is shown. */
  async function seenName(host: string, port: number): Promise<unknown> {
    const socket = connectTls({ host, port, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const { subject } = socket.getPeerCertificate();
    socket.destroy();
    return subject.CN;
  }

  it("takes a new certificate without closing, and keeps the old one when the new is unusable", async () => {
    const server = createFingerServer({ provider });
    closing.push(() => server.close({ drain: 0 }));
    let current: { key: Buffer; cert: Buffer | string } = readPair("one");
    const { host, port, reloadTls } = await server.listen({ port: 0, tls: () => current });
    expect(await seenName(host, port)).toBe("one");
    current = readPair("two");
    await reloadTls();
    expect(await seenName(host, port)).toBe("two");
    current = { ...current, cert: "no certificate" };
    await expect(reloadTls()).rejects.toThrow();
    expect(await seenName(host, port)).toBe("two");
  });

  it("ends a connection that begins no handshake in time", async () => {
    const server = createFingerServer({ provider, limits: { queryTime: 50 } });
    closing.push(() => server.close({ drain: 0 }));
    const { host, port } = await server.listen({ port: 0, tls: readPair("one") });
    const socket = connect(port, host);
    socket.on("error", () => {});
    await once(socket, "close");
  });
});

describe("connections that begin no handshake", () => {
  const knock = async (host: string, port: number) => {
    const socket = connect(port, host);
    socket.on("error", () => {});
    closing.push(async () => socket.destroy());
    await once(socket, "connect");
    return socket;
  };

  it("count as connections of their peer", async () => {
    const server = createFingerServer({ provider, limits: { perPeer: 2 } });
    closing.push(() => server.close({ drain: 0 }));
    const { host, port } = await server.listen({ port: 0, tls: readPair("one") });
    await Promise.all([knock(host, port), knock(host, port)]);
    const third = await knock(host, port);
    await new Promise((resolve) => third.once("close", resolve));
  });

  it("make room for who asks", async () => {
    const server = createFingerServer({ provider, limits: { connections: 2, perPeer: false } });
    closing.push(() => server.close({ drain: 0 }));
    const { host, port } = await server.listen({ port: 0, tls: readPair("one") });
    const held = [await knock(host, port), await knock(host, port)];
    const evicted = new Promise((resolve) => held[0]?.once("close", resolve));
    const ca = readPair("one").cert;
    const ask = askWith(() =>
      connectTls({ host, port, ca, servername: "localhost", ...({ allowHalfOpen: true } as object) }),
    );
    expect(await ask("alice\r\n")).toBe("Happy and well\r\n");
    await evicted;
  });
});

describe("a Unix socket", () => {
  it("takes the place of one that a dead server left, and not of one that answers", async () => {
    const path = join(folder, "stale.sock");
    const leave = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
    try {
      execFileSync(process.execPath, ["-e", leave]);
    } catch {
      // killed, as it should be
    }
    const server = createFingerServer({ provider });
    closing.push(() => server.close({ drain: 0 }));
    expect(await server.listen({ path })).toMatchObject({ host: "", port: 0, path });
    const second = createFingerServer({ provider });
    await expect(second.listen({ path })).rejects.toThrow(/ listens there\. Stop it, or choose another path\.$/);
  });

  it("is no file that is something else", async () => {
    const path = join(folder, "one.pem");
    await expect(createFingerServer({ provider }).listen({ path })).rejects.toMatchObject({
      code: "ERR_FINGER_LISTEN",
    });
    expect(readFileSync(path, "utf8")).toContain("BEGIN CERTIFICATE");
  });
});
