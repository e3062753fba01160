import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finger, fingerStream, setStatus } from "finger-client";
import { createScriptedServer, type ScriptedServer } from "finger-client/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { listenWith } from "../support/sockets.js";
import { runClient } from "./support/client.js";
import { canMount } from "./support/mounts.js";
import { describePeer, hasCommand } from "./support/peer.js";
import { type SocksProxy, startMicrosocks } from "./support/socks-proxy.js";

/** A name that stands in the proxy's table of hosts, and in no other. */
const NAME = "wonderland.invalid";
const PASSWORD = "p@ss:w/rd é";

describePeer(
  "microsocks",
  hasCommand("microsocks") && canMount(),
  "apt-get install microsocks util-linux, and the right to unshare(1) its mounts",
  () => {
    let folder: string;
    let open: SocksProxy;
    let locked: SocksProxy;
    let server: ScriptedServer;
    /** A port that nobody listens on. */
    let deadPort: number;
    let mute: Awaited<ReturnType<typeof listenWith>>;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "finger-socks-"));
      writeFileSync(join(folder, "hosts"), `127.0.0.1 localhost ${NAME}\n`);
      open = await startMicrosocks([], join(folder, "hosts"));
      locked = await startMicrosocks(["-u", "alice", "-P", PASSWORD], join(folder, "hosts"));
      server = await createScriptedServer({ alice: "Happy and well\r\n" });
      const dead = await listenWith(() => {});
      dead.server.close();
      deadPort = dead.port;
      mute = await listenWith(() => {});
    });
    afterAll(async () => {
      await Promise.all([open.close(), locked.close(), server.close()]);
      mute.server.close();
      rmSync(folder, { recursive: true });
    });
    const urlOf = ({ port }: { readonly port: number }, login = "") => `socks5://${login}127.0.0.1:${port}`;
    const at = () => `127.0.0.1:${server.port}`;
    const LOGIN = `alice:${encodeURIComponent(PASSWORD)}@`;

    it("looks the name up, and not the client", async () => {
      const place = `${NAME}:${server.port}`;
      const { text, address } = await finger(`alice@${place}`, { proxy: urlOf(open) });
      expect([text, address]).toEqual(["Happy and well\n", undefined]);
      await expect(finger(`alice@${place}`)).rejects.toMatchObject({ code: "ERR_FINGER_RESOLVE" });
    });

    const WAYS: ReadonlyArray<readonly [why: string, proxy: () => string, host: string]> = [
      ["a name", () => urlOf(open), NAME],
      ["an address", () => urlOf(open), "127.0.0.1"],
      ["a proxy that wants a login, with signs that a URL must escape", () => urlOf(locked, LOGIN), NAME],
      ["a login that nobody wants", () => urlOf(open, LOGIN), NAME],
      ["the name that curl has for this", () => urlOf(open).replace("socks5", "socks5h"), NAME],
    ];
    it.each(WAYS)("leads the command there: %s", async (_why, proxy, host) => {
      const outcome = await runClient(["--proxy", proxy(), `alice@${host}:${server.port}`]);
      expect(outcome).toEqual({ code: 0, stdout: "Happy and well\n", stderr: "" });
    });

    it("carries a stream", async () => {
      let text = "";
      for await (const piece of fingerStream(`alice@${NAME}:${server.port}`, { proxy: urlOf(open) })) text += piece;
      expect(text).toBe("Happy and well\n");
    });

    it("carries a status, and closes both ways where the client closed one: nobody knows then whether it is set", async () => {
      let sent = "";
      const setter = await listenWith((socket) => {
        socket.on("data", (chunk) => {
          sent += chunk;
        });
        socket.once("end", () => socket.end("OK\r\n"));
      });
      const target = `alice@${NAME}:${setter.port}`;
      const unknown = {
        code: "ERR_FINGER_IO",
        message: expect.stringContaining("did not say whether the status of alice is set"),
      };
      await expect(setStatus(target, "Out", { proxy: urlOf(open) })).rejects.toMatchObject(unknown);
      await expect.poll(() => sent).toBe("alice\r\nOut\r\n");
      setter.server.close();
    });

    const FAILURES: ReadonlyArray<
      readonly [why: string, proxy: () => string, place: () => string, code: number, error: string, message: RegExp]
    > = [
      [
        "nobody is the proxy",
        () => urlOf({ port: deadPort }),
        () => at(),
        69,
        "PROXY",
        /proxy 127\.0\.0\.1, port \d+ cannot be reached/,
      ],
      [
        "the proxy is no host",
        () => "socks5://no-such-proxy.invalid",
        () => at(),
        69,
        "PROXY",
        /no-such-proxy\.invalid/,
      ],
      ["nobody listens there", () => urlOf(open), () => `127.0.0.1:${deadPort}`, 69, "CONNECT", /proxy cannot reach/],
      ["the proxy knows no such host", () => urlOf(open), () => "unknown.invalid", 69, "PROXY", /unknown\.invalid/],
      ["no password, where one is wanted", () => urlOf(locked), () => at(), 69, "PROXY", /proxy/],
      ["a wrong password", () => urlOf(locked, "alice:wrong@"), () => at(), 69, "PROXY", /[Aa]uthentication failed/],
      ["a proxy that says nothing", () => urlOf(mute), () => at(), 75, "TIMEOUT", /0\.3 s/],
      [
        "a proxy that is a web server's",
        () => "http://127.0.0.1:3128",
        () => at(),
        64,
        "",
        /must be a URL such as socks5:/,
      ],
    ];
    it.each(FAILURES)("says when %s", async (_why, proxy, place, code, error, message) => {
      const outcome = await runClient(["--timeout", "0.3", "--proxy", proxy(), `alice@${place()}`]);
      expect(outcome).toEqual({ code, stdout: "", stderr: expect.stringMatching(message) });
      expect(outcome.stderr.split("\n")).toHaveLength(2);
      expect(outcome.stderr).not.toContain("wrong");
      if (error === "") return;
      const failure = { code: `ERR_FINGER_${error}` };
      await expect(finger(`alice@${place()}`, { timeout: 300, proxy: proxy() })).rejects.toMatchObject(failure);
    });

    it("is no way round: a server that answers through no proxy is not asked", async () => {
      const asked = server.queries.length;
      await runClient(["--proxy", urlOf({ port: deadPort }), `alice@${at()}`]);
      expect(server.queries).toHaveLength(asked);
    });
  },
);
