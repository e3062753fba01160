import { readFileSync } from "node:fs";
import { connect, type Server, type Socket } from "node:net";
import { inspect } from "node:util";
import { type FingerOptions, finger, fingerStream } from "finger-client";
import { createFingerServer, type FingerServer, memoryProvider } from "finger-server";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { makeCertificate } from "../../../../tests/peers/support/certificate.js";
import { listenWith } from "../../../../tests/support/sockets.js";

let ca: Buffer;
let server: FingerServer;
let port: number;
let plainPort: number;
beforeAll(async () => {
  const { key, cert } = makeCertificate("localhost");
  ca = readFileSync(cert);
  server = createFingerServer({ provider: memoryProvider({ alice: "Happy and well" }), limits: { rate: 1_000_000 } });
  port = (await server.listen({ port: 0, tls: () => ({ key: readFileSync(key), cert: ca }) })).port;
  plainPort = (await server.listen({ port: 0 })).port;
});
afterAll(() => server.close());

const open: Server[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

describe("TLS", () => {
  it("is spoken when it is asked for", async () => {
    const { text, address } = await finger(`alice@localhost:${port}`, { tls: { ca } });
    expect([text, address?.port]).toEqual(["Happy and well\n", port]);
    expect((await fingerStream(`alice@localhost:${port}`, { tls: { ca } }).next()).value).toBe("Happy and well\n");
  });

  const REFUSED: ReadonlyArray<readonly [host: string, options: () => FingerOptions, message: string, why: string]> = [
    ["localhost", () => ({ tls: true }), "is not to be trusted: self-signed certificate", "nobody known has signed it"],
    ["127.0.0.1", () => ({ tls: { ca } }), "is not to be trusted", "it is for another name"],
    [
      "localhost",
      () => ({ tls: { ca, servername: "plan.example" } }),
      "is not to be trusted",
      "it is for another name",
    ],
    ["localhost", () => ({ tls: { ca }, port: plainPort }), "speaks no TLS", "nothing falls back to plain text"],
  ];

  it.each(REFUSED)("of %s with %o is refused: %s: %s", async (host, options, message) => {
    const asked = finger(`alice@${host}`, { port, timeout: 2000, ...options() });
    await expect(asked).rejects.toMatchObject({ code: "ERR_FINGER_TLS", message: expect.stringContaining(message) });
  });

  it("is refused by a server that hangs up on it", async () => {
    const hangUp = await listenWith((socket) => socket.once("data", () => socket.end()));
    open.push(hangUp.server);
    const asked = finger(`alice@localhost:${hangUp.port}`, { tls: true, family: 4 });
    await expect(asked).rejects.toMatchObject({ code: "ERR_FINGER_TLS" });
  });

  it("leaves what is wrong with the way there as it is", async () => {
    const gone = await listenWith(() => {});
    gone.server.close();
    const asked = finger(`alice@127.0.0.1:${gone.port}`, { tls: true });
    await expect(asked).rejects.toMatchObject({ code: "ERR_FINGER_CONNECT" });
  });
});

/** A SOCKS5 proxy (RFC 1928) that knows one host, and notes what it is asked for. */
async function proxy(reply: number): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const { port: proxyPort, server: proxyServer } = await listenWith((socket) => {
    socket.once("data", () => {
      socket.write(Uint8Array.of(5, 0));
      socket.once("data", (request: Buffer) => serve(socket, request));
    });
  });
  const serve = (socket: Socket, request: Buffer) => {
    const length = request[4] as number;
    const host = request.subarray(5, 5 + length).toString();
    const wanted = request.readUInt16BE(5 + length);
    asked.push(`${host}:${wanted}`);
    if (reply !== 0) return void socket.end(Uint8Array.of(5, reply, 0, 1, 0, 0, 0, 0, 0, 0));
    const far = connect(wanted, "127.0.0.1", () => {
      socket.write(Uint8Array.of(5, 0, 0, 1, 127, 0, 0, 1, 0, 0));
      socket.pipe(far).pipe(socket);
    });
    return far.on("error", () => socket.destroy());
  };
  open.push(proxyServer);
  return { url: `socks5://127.0.0.1:${proxyPort}`, asked };
}

describe("a proxy", () => {
  it("is told the name, and looks it up itself", async () => {
    const { url, asked } = await proxy(0);
    const { text, address } = await finger(`alice@plan.invalid:${plainPort}`, { proxy: url });
    expect([text, address, asked]).toEqual(["Happy and well\n", undefined, [`plan.invalid:${plainPort}`]]);
  });

  it("carries TLS", async () => {
    const { url } = await proxy(0);
    expect((await finger(`alice@localhost:${port}`, { proxy: url, tls: { ca } })).text).toBe("Happy and well\n");
  });

  it.each([
    [5, "ERR_FINGER_CONNECT", "nobody listens there"],
    [4, "ERR_FINGER_CONNECT", "there is no way to the host"],
    [2, "ERR_FINGER_PROXY", "its rules are against it"],
  ])("that answers %i is an %s: %s", async (reply, code) => {
    const { url } = await proxy(reply);
    const asked = finger("alice@plan.invalid", { proxy: url });
    await expect(asked).rejects.toMatchObject({ code, message: expect.stringContaining("plan.invalid, port 79") });
  });

  it("keeps its password out of all that is said", async () => {
    const { url } = await proxy(2);
    const secret = url.replace("//", "//alice:s3cret@");
    const error = await finger("alice@plan.invalid", { proxy: secret }).catch((failure: unknown) => failure);
    expect(inspect(error)).not.toContain("s3cret");
    for (const wrong of ["alice:s3cret@h:1080", "socks5:alice:s3cret@h", "socks5://a%zz:s3cret@h"]) {
      await expect(finger("alice@plan.invalid", { proxy: wrong })).rejects.toThrow(/^The option proxy (?!.*s3cret)/);
    }
  });

  it("is not connected to when the lookup is aborted before", async () => {
    const { url, asked } = await proxy(0);
    const stop = new AbortController();
    const lookup = finger("alice@plan.invalid", { proxy: url, signal: stop.signal });
    stop.abort();
    await expect(lookup).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
    expect((await finger(`alice@localhost:${plainPort}`, { proxy: url })).text).toBe("Happy and well\n");
    expect(asked).toEqual([`localhost:${plainPort}`]);
  });

  it("that is not there is ERR_FINGER_PROXY", async () => {
    const gone = await listenWith(() => {});
    gone.server.close();
    const asked = finger("alice@plan.invalid", { proxy: `socks5://127.0.0.1:${gone.port}` });
    await expect(asked).rejects.toMatchObject({ code: "ERR_FINGER_PROXY" });
  });

  it("that says nothing is left when patience ends", async () => {
    let left: Promise<unknown> | undefined;
    const silent = await listenWith((socket) => {
      left = new Promise((resolve) => socket.once("end", resolve));
      socket.resume();
    });
    open.push(silent.server);
    const asked = finger("alice@plan.invalid", { proxy: `socks5://127.0.0.1:${silent.port}`, timeout: 50 });
    await expect(asked).rejects.toMatchObject({ code: "ERR_FINGER_TIMEOUT" });
    await expect.poll(() => left !== undefined).toBe(true);
    silent.server.close();
    await left;
  });
});
