import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFingerServer, memoryProvider, type QueryEvent } from "finger-server";
import { afterEach, expect, it } from "vitest";
import { describePeer, hasCommand } from "./support/peer.js";

const closing: Array<() => unknown> = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Starts HAProxy in front of a port; resolves to the path that it listens at, and the one where it tells of itself. */
async function startProxy(port: number, serverOptions: string): Promise<{ front: string; stats: string }> {
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
  server one 127.0.0.1:${port} check inter 50ms ${serverOptions}
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
  const socket = connect({ path, allowHalfOpen: true });
  await once(socket, "connect");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.end(bytes);
  await once(socket, "end");
  return text;
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
    const { front, stats } = await startProxy(port, "");
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
      const { front } = await startProxy(port, options);
      expect(await ask(front, "\r\n")).toBe("This is a finger server; it does not speak PROXY.\r\n");
      await expect.poll(() => events.length).toBeGreaterThan(0);
      expect(new Set(events.map(({ kind, outcome }) => `${kind} ${outcome}`))).toEqual(new Set(["invalid invalid"]));
      expect(errors).toEqual([]);
    },
  );
});
