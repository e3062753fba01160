import { readFileSync } from "node:fs";
import { finger, fingerStream } from "finger-client";
import { createScriptedServer } from "finger-client/testing";
import { createFingerServer, memoryProvider } from "finger-server";
import { afterEach, beforeAll, expect, it } from "vitest";
import { type Certificate, makeCertificate } from "./support/certificate.js";
import { runClient } from "./support/client.js";
import { startOpenssl } from "./support/openssl-server.js";
import { describePeer, hasCommand } from "./support/peer.js";

const closing: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

describePeer("openssl", hasCommand("openssl"), "apt-get install openssl", () => {
  let certificate: Certificate;
  /** The environment in which the certificate is trusted. */
  let trusting: Record<string, string>;
  beforeAll(() => {
    certificate = makeCertificate("localhost");
    trusting = { NODE_EXTRA_CA_CERTS: certificate.cert };
  });

  async function serve(...options: string[]) {
    const server = await startOpenssl(certificate, "Happy and well\r\n", ...options);
    closing.push(server.close);
    return server;
  }

  const ANSWERED: ReadonlyArray<readonly [options: string[], args: string[], query: string, why: string]> = [
    [[], [], "alice", "the newest TLS of both"],
    [["-tls1_2"], [], "alice", "the oldest TLS that is still safe"],
    [[], ["-l"], "/W alice", "in the long form"],
    [[], ["-4"], "alice", "addresses of one family"],
  ];
  it.each(ANSWERED)("with %j answers the command with %j and is asked %j: %s", async (options, args, query) => {
    const { port, queries } = await serve(...options);
    const outcome = await runClient(["--tls", ...args, `alice@localhost:${port}`], { env: trusting });
    expect(outcome).toEqual({ code: 0, stdout: "Happy and well\n", stderr: "" });
    expect(queries).toEqual([query]);
  });

  it("answers the library, which trusts whom it is told to and says who it is", async () => {
    const [ca, key] = [readFileSync(certificate.cert), readFileSync(certificate.key)];
    const { port } = await serve("-Verify", "1", "-verify_return_error", "-CAfile", certificate.cert);
    const { text, address } = await finger(`alice@localhost:${port}`, { tls: { ca, cert: ca, key } });
    expect([text, address]).toMatchObject(["Happy and well\n", { port }]);
  });

  it("answers a stream", async () => {
    const { port } = await serve();
    let text = "";
    for await (const piece of fingerStream(`alice@localhost:${port}`, { tls: { ca: readFileSync(certificate.cert) } }))
      text += piece;
    expect(text).toBe("Happy and well\n");
  });

  const REFUSED: ReadonlyArray<
    readonly [why: string, options: string[], host: string, trusts: boolean, message: RegExp]
  > = [
    [
      "nobody whom we trust vouches for it",
      [],
      "localhost",
      false,
      /certificate of localhost, port \d+ is not to be trusted: self-signed/,
    ],
    [
      "it is another host by its certificate",
      [],
      "127.0.0.1",
      true,
      /certificate of 127\.0\.0\.1, port \d+ is not to be trusted: .*does not match/,
    ],
    ["it speaks a TLS that is no longer safe", ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], "localhost", true, /TLS/],
    ["it wants to know who we are", ["-Verify", "1", "-verify_return_error"], "localhost", true, /TLS|certificate/],
  ];
  it.each(REFUSED)("is not asked when %s", async (_why, options, host, trusts, message) => {
    const { port, queries } = await serve(...options);
    const outcome = await runClient(["--tls", `alice@${host}:${port}`], trusts ? { env: trusting } : {});
    expect(outcome).toEqual({ code: 76, stdout: "", stderr: expect.stringMatching(message) });
    expect(outcome.stderr.split("\n")).toHaveLength(2);
    expect(queries).toEqual([]);
  });

  it("is told of in JSON, too, when it is not trusted", async () => {
    const { port } = await serve();
    const { code, stdout } = await runClient(["--tls", "--json", `alice@localhost:${port}`]);
    expect(code).toBe(76);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "ERR_FINGER_TLS" } });
  });

  it("is not the only one: so does our own server, which sends the alert at the end, too", async () => {
    const tls = { key: readFileSync(certificate.key), cert: readFileSync(certificate.cert) };
    const server = createFingerServer({ provider: memoryProvider({ alice: "Happy and well" }) });
    closing.push(() => server.close({ drain: 0 }));
    const { port } = await server.listen({ port: 0, tls });
    const outcome = await runClient(["--tls", `alice@localhost:${port}`], { env: trusting });
    expect(outcome).toEqual({ code: 0, stdout: "Happy and well\n", stderr: "" });
  });
});

const PLAIN: ReadonlyArray<readonly [reply: string, why: string]> = [
  ["Happy and well\r\n", "it answers what it takes for a query"],
  ["", "it closes without a byte"],
];
it.each(PLAIN)("ends with 76 at a server without TLS, and prints nothing of %j: %s", async (reply) => {
  const server = await createScriptedServer(() => reply);
  closing.push(server.close);
  const { code, stdout, stderr } = await runClient(["--tls", "--timeout", "2", server.target("alice")]);
  expect([code, stdout]).toEqual([76, ""]);
  expect(stderr).toMatch(/^finger-client: 127\.0\.0\.1, port \d+ .*TLS.*\n$/);
  expect(server.queries).not.toContain("alice");
});
