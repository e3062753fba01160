import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { createFingerServer, type Limits, type ListenOptions, memoryProvider, type QueryEvent } from "finger-server";
import { afterEach, describe, expect, it } from "vitest";
import { freshPath } from "../support/programs.js";
import { makeCertificate } from "./support/certificate.js";
import { describePeer, hasCommand } from "./support/peer.js";

const closing: Array<() => unknown> = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/**
 * Starts HAProxy in front of a place, to listen at others too; resolves to the path that it listens at, and the one where it
 * tells of itself.
 */
async function startProxy(
  place: string,
  serverOptions: string,
  ...binds: readonly string[]
): Promise<{ front: string; stats: string }> {
  const folder = mkdtempSync(join(tmpdir(), "finger-haproxy-"));
  const [front, stats] = [join(folder, "front.sock"), join(folder, "stats.sock")];
  const config = `
global
  stats socket ${stats}
defaults
  mode tcp
  timeout connect 2s
  timeout client 5s
  timeout server 5s
listen finger
  bind unix@${front}
  ${binds.map((bind) => `bind ${bind}`).join("\n  ")}
  unique-id-format %ci-%cp
  server one ${place} check inter 50ms ${serverOptions}
`;
  writeFileSync(join(folder, "haproxy.cfg"), config);
  const child: ChildProcess = spawn("haproxy", ["-db", "-f", join(folder, "haproxy.cfg")], { stdio: "ignore" });
  closing.push(async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
    rmSync(folder, { recursive: true });
  });
  await expect
    .poll(
      () =>
        ask(front, "").then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true);
  return { front, stats };
}

/** Sends bytes to a Unix socket and closes that side; resolves to all that comes back. */
async function ask(path: string, bytes: string): Promise<string> {
  return talk(connect({ path, allowHalfOpen: true }), bytes);
}

async function talk(socket: Duplex, bytes: string): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.end(bytes);
  await once(socket, "end");
  return text;
}

/** A port of 127.0.0.1 that nobody listens at. */
async function findPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Asks from an address that is neither HAProxy's nor the server's; resolves to the address and port that it asked from. */
async function askFromAfar(port: number, bytes: string): Promise<{ from: string; text: string }> {
  const socket = connect({ port, host: "127.0.0.1", localAddress: "127.0.0.5", allowHalfOpen: true });
  await once(socket, "connect");
  const from = `${socket.localAddress} ${socket.localPort}`;
  return { from, text: await talk(socket, bytes) };
}

/** How many health checks HAProxy has made and what it thinks of the server: the status, and the reason of it. */
async function readHealth(stats: string): Promise<{ status: string; check: string }> {
  const [header = "", ...rows] = (await ask(stats, "show stat\n")).trim().split("\n");
  const names = header.replace("# ", "").split(",");
  const row = rows.map((line) => line.split(",")).find(([, name]) => name === "one") ?? [];
  const read = (name: string) => row[names.indexOf(name)] ?? "";
  return { status: read("status"), check: read("check_status") };
}

describePeer("HAProxy", hasCommand("haproxy"), "apt-get install haproxy", () => {
  async function serve() {
    const events: QueryEvent[] = [];
    const errors: unknown[] = [];
    const server = createFingerServer({
      provider: memoryProvider({ alice: "Happy and well" }),
      limits: { perPeer: false, rate: false },
      onQuery: (event) => events.push(event),
      onError: (error) => errors.push(error),
    });
    closing.push(() => server.close({ drain: 0 }));
    return { port: (await server.listen({ port: 0 })).port, events, errors };
  }

  it("passes queries on, and its health checks are no queries", async () => {
    const { port, events, errors } = await serve();
    const { front, stats } = await startProxy(`127.0.0.1:${port}`, "");
    await expect.poll(() => readHealth(stats)).toEqual({ status: "UP", check: "L4OK" });
    expect(await ask(front, "alice\r\n")).toBe("Happy and well\r\n");
    expect(await ask(front, "/W alice\r\nbob\r\n")).toBe("Happy and well\r\n");
    await expect.poll(() => events.map(({ query }) => query)).toEqual(["alice", "/W alice"]);
    expect(errors).toEqual([]);
  });

  it.each(["send-proxy", "send-proxy-v2", "send-proxy check-send-proxy", "send-proxy-v2 check-send-proxy"])(
    "with %s is told that this is no PROXY port, and never gets a list",
    async (options) => {
      const { port, events, errors } = await serve();
      const { front } = await startProxy(`127.0.0.1:${port}`, options);
      expect(await ask(front, "\r\n")).toBe("This is a finger server; it does not speak PROXY.\r\n");
      await expect.poll(() => events.length).toBeGreaterThan(0);
      expect(new Set(events.map(({ kind, outcome }) => `${kind} ${outcome}`))).toEqual(new Set(["invalid invalid"]));
      expect(errors).toEqual([]);
    },
  );

  describe("in front of a port that speaks PROXY", () => {
    async function serveProxied(options: ListenOptions = {}, limits: Limits = {}) {
      const events: QueryEvent[] = [];
      const errors: unknown[] = [];
      const server = createFingerServer({
        provider: (name, { peer }) => (name === "me" ? `${peer.address} ${peer.port}` : undefined),
        limits: { perPeer: false, rate: false, ...limits },
        onQuery: (event) => events.push(event),
        onError: (error) => errors.push(error),
      });
      closing.push(() => server.close({ drain: 0 }));
      const { port, path } = await server.listen({ port: 0, proxyProtocol: ["127.0.0.1"], ...options });
      return { place: path === undefined ? `127.0.0.1:${port}` : `unix@${path}`, port, events, errors };
    }

    const OPTIONS: ReadonlyArray<readonly [options: string, why: string]> = [
      ["send-proxy", "version 1"],
      ["send-proxy check-send-proxy", "version 1, checks as well"],
      ["send-proxy-v2", "version 2"],
      ["send-proxy-v2 check-send-proxy", "version 2, checks as well"],
      ["send-proxy-v2 check-send-proxy proxy-v2-options crc32c", "a checksum"],
      ["send-proxy-v2 check-send-proxy proxy-v2-options crc32c,unique-id,ssl", "all that it has to tell"],
    ];

    describe.each<readonly [way: string, where: () => ListenOptions]>([
      ["TCP", () => ({ port: 0 })],
      ["a Unix socket", () => ({ path: freshPath() })],
    ])("over %s", (_, where) => {
      it.each(OPTIONS)(
        "with %s brings the address of who asks, and checks that nobody hears of: %s",
        async (options) => {
          const { place, events, errors } = await serveProxied(where());
          const port = await findPort();
          const { front, stats } = await startProxy(place, options, `127.0.0.1:${port}`);
          await expect.poll(() => readHealth(stats)).toEqual({ status: "UP", check: "L4OK" });
          const { from, text } = await askFromAfar(port, "me\r\n");
          expect(text).toBe(`${from}\r\n`);
          // Who comes to HAProxy by a Unix socket has no address, and speaks for the proxy where it cannot say so.
          expect(await ask(front, "me\r\n")).toMatch(/^(?:127\.0\.0\.1 \d+|undefined undefined)\r\n$/);
          await expect
            .poll(() => events.map(({ query, outcome }) => `${query} ${outcome}`))
            .toEqual(["me answered", "me answered"]);
          expect(`${events[0]?.peer.address} ${events[0]?.peer.port}`).toBe(from);
          expect(errors).toEqual([]);
        },
      );
    });

    it("that ends TLS itself tells of it, and brings the address all the same", async () => {
      const { key, cert } = makeCertificate("localhost");
      const bundle = freshPath();
      writeFileSync(bundle, `${readFileSync(cert)}${readFileSync(key)}`);
      const { place, errors } = await serveProxied();
      const port = await findPort();
      await startProxy(place, "send-proxy-v2-ssl-cn", `127.0.0.1:${port} ssl crt ${bundle}`);
      const options = { port, host: "127.0.0.1", localAddress: "127.0.0.5", ca: readFileSync(cert) };
      const socket = connectTls({ ...options, servername: "localhost" });
      await once(socket, "secureConnect");
      const from = `${socket.localAddress} ${socket.localPort}`;
      expect(await talk(socket, "me\r\n")).toBe(`${from}\r\n`);
      expect(errors).toEqual([]);
    });

    it.each([["send-proxy"], ["send-proxy-v2"]])(
      "with %s brings TLS to a port that speaks it behind the header",
      async (options) => {
        const { key, cert } = makeCertificate("localhost");
        const tls = { key: readFileSync(key), cert: readFileSync(cert) };
        // Who leaves in the middle of a TLS handshake, as the first to try whether HAProxy is there, is noticed that late.
        const { place, errors } = await serveProxied({ tls }, { queryTime: 500 });
        const port = await findPort();
        await startProxy(place, options, `127.0.0.1:${port}`);
        const socket = connectTls({
          ...{ port, host: "127.0.0.1", localAddress: "127.0.0.5", ca: readFileSync(cert), servername: "localhost" },
        });
        await once(socket, "secureConnect");
        const from = `${socket.localAddress} ${socket.localPort}`;
        expect(await talk(socket, "me\r\n")).toBe(`${from}\r\n`);
        expect(errors).toEqual([]);
      },
    );

    it("without send-proxy gets no answer, and the operator hears why", async () => {
      const { place, events, errors } = await serveProxied();
      const port = await findPort();
      await startProxy(place, "", `127.0.0.1:${port}`);
      expect((await askFromAfar(port, "me\r\n")).text).toBe("");
      expect(errors).toMatchObject([{ code: "ERR_FINGER_PROXY", message: expect.stringContaining("send-proxy-v2") }]);
      expect(events).toEqual([]);
    });
  });
});
