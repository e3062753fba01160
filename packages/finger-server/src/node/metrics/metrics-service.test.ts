import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { buildModule } from "../../../../../tests/support/module.js";
import { freshPath } from "../../../../../tests/support/programs.js";
import { listenWith } from "../../../../../tests/support/sockets.js";
import { counter } from "./families.js";
import { createMetricsService, type MetricsService, type MetricsServiceOptions } from "./metrics-service.js";
import type { Health } from "./pages.js";
import type { Snapshot } from "./snapshot.js";

const SOURCE = fileURLToPath(new URL("metrics-service.ts", import.meta.url));

const services: MetricsService[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.stop(AbortSignal.abort());
});

function make(options: Partial<MetricsServiceOptions> = {}) {
  const errors: unknown[] = [];
  const service = createMetricsService({
    address: { port: 0 },
    snapshot: () => [counter("a_total", "Things.", 3)],
    isHealthy: () => ({ ok: true }),
    onError: (error) => errors.push(error),
    ...options,
  });
  services.push(service);
  return { service, errors };
}

async function start(options?: Partial<MetricsServiceOptions>) {
  const made = make(options);
  await made.service.start();
  return { ...made, ...place(made.service) };
}

function place({ address }: MetricsService) {
  const port = address?.port ?? 0;
  const base = `http://127.0.0.1:${port}`;
  return { port, get: (path: string, init?: RequestInit) => fetch(`${base}${path}`, init) };
}

/** The whole of what comes back for these bytes. */
async function send(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes);
  return text(socket);
}

/** A connection that is there for the server, too: what came behind it has been answered. */
async function hold(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  await once(socket, "connect");
  await send(port, "GET /health HTTP/1.0\r\n\r\n");
  return socket;
}

const HEALTHY = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";

describe("a metrics service", () => {
  it("gives metrics to Prometheus", async () => {
    const { get } = await start();
    const response = await get("/metrics?x=1");
    expect([response.status, response.headers.get("content-type")]).toEqual([
      200,
      "text/plain; version=0.0.4; charset=utf-8",
    ]);
    expect(await response.text()).toBe("# HELP a_total Things.\n# TYPE a_total counter\na_total 3\n");
  });

  it.each<[health: Health, status: number, body: string]>([
    [{ ok: true }, 200, "ok\n"],
    [{ ok: false, reason: "the store is away" }, 503, "the store is away\n"],
    [{ ok: false }, 503, "not healthy\n"],
    [{ ok: false, reason: "a\nb\u001b" }, 503, "a\\u{a}b\\u{1b}\n"],
  ])("tells of the health %j with %d and %j", async (health, status, body) => {
    const { get } = await start({ isHealthy: () => health });
    const response = await get("/health");
    expect([response.status, await response.text()]).toEqual([status, body]);
  });

  it.each([
    ["GET", "/", 404, "There are /metrics and /health here, and nothing else.\n", null],
    ["GET", "/metrics/", 404, "There are /metrics and /health here, and nothing else.\n", null],
    ["POST", "/elsewhere", 404, "There are /metrics and /health here, and nothing else.\n", null],
    ["POST", "/metrics", 405, "This can be asked for with GET and HEAD alone.\n", "GET, HEAD"],
    ["OPTIONS", "/health", 405, "This can be asked for with GET and HEAD alone.\n", "GET, HEAD"],
    ["HEAD", "/health", 200, "", null],
    ["HEAD", "/metrics", 200, "", null],
  ])("answers %s %s with %d and %j", async (method, path, status, body, allow) => {
    const { get } = await start();
    const response = await get(path, { method });
    expect([response.status, await response.text(), response.headers.get("allow")]).toEqual([status, body, allow]);
    expect(response.headers.get("connection")).toBe("close");
    expect(response.headers.has("server")).toBe(false);
  });

  it("says that it could not tell, and why to the one who hears of errors", async () => {
    const error = new Error("no");
    const { get, errors } = await start({
      snapshot: () => Promise.reject(error),
      isHealthy: () => {
        throw error;
      },
    });
    for (const path of ["/metrics", "/health"]) {
      const response = await get(path);
      expect([response.status, await response.text()]).toEqual([500, "This could not be told; the log says why.\n"]);
    }
    expect(errors).toEqual([error, error]);
  });

  it("listens when it is prepared, and is healthy when it is started", async () => {
    const { service } = make();
    expect(service.address).toBeUndefined();
    await service.prepare?.();
    const { port, get } = place(service);
    const before = await get("/health");
    expect([before.status, await before.text(), service.address]).toEqual([
      503,
      "starting\n",
      { host: "127.0.0.1", port, path: undefined },
    ]);
    await service.start();
    expect([(await get("/health")).status, service.address?.port]).toEqual([200, port]);
  });

  it("starts again when it was stopped, and stops when it was only prepared", async () => {
    const { service } = make();
    await service.stop();
    await service.prepare?.();
    await service.stop();
    await service.start();
    expect((await place(service).get("/health")).status).toBe(200);
    await service.stop();
    expect(service.address).toBeUndefined();
  });

  it("listens at a Unix socket, also where a dead server left one", async () => {
    const path = freshPath();
    const leave = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
    await once(spawn(process.execPath, ["-e", leave]), "exit");
    expect(existsSync(path)).toBe(true);
    const { service } = await start({ address: { path } });
    expect(service.address).toEqual({ host: "", port: 0, path });
    const socket = connect(path);
    socket.write(HEALTHY);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 [\s\S]*\r\n\r\nok\n$/);
    await service.stop();
    expect(existsSync(path)).toBe(false);
  });

  it("listens at a socket that was inherited", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const program = `${freshPath()}.mjs`;
    writeFileSync(
      program,
      `import { createMetricsService } from ${JSON.stringify(await buildModule(SOURCE))};
       const [snapshot, isHealthy, onError] = [() => [], () => ({ ok: true }), console.error];
       const service = createMetricsService({ address: { fd: 3 }, snapshot, isHealthy, onError });
       await service.start();
       console.log(service.address.port);`,
    );
    const { fd } = (other as unknown as { readonly _handle: { readonly fd: number } })._handle;
    const child = spawn(process.execPath, [program], { stdio: ["ignore", "pipe", "inherit", fd] });
    const [line] = await once(child.stdout as NodeJS.ReadableStream, "data");
    const { port } = other.address() as AddressInfo;
    expect(Number(line)).toBe(port);
    other.close(); // the child has it alone now
    await once(other, "close");
    expect(await send(port, HEALTHY)).toMatch(/^HTTP\/1.1 200 /);
    child.kill();
    await once(child, "exit");
  });
});

describe("a metrics service rejects", () => {
  it("a port that is taken", async () => {
    const { port } = await listenWith(() => {});
    const { service } = make({ address: { port } });
    const code = "ERR_FINGER_LISTEN";
    const message = expect.stringMatching(`^Cannot listen on 127.0.0.1, port ${port}: .* listens there\\. Stop it, or`);
    await expect(service.prepare?.()).rejects.toMatchObject({ code, message });
    expect(service.address).toBeUndefined();
  });

  it("a path that is taken, and takes it when it is free", async () => {
    const path = freshPath();
    const other = createServer().listen(path);
    await once(other, "listening");
    const { service } = make({ address: { path } });
    await expect(service.prepare?.()).rejects.toMatchObject({ code: "ERR_FINGER_LISTEN" });
    other.close();
    await once(other, "close");
    await service.start();
    expect(service.address?.path).toBe(path);
  });

  it("to start for nobody", async () => {
    const { service } = make();
    await expect(service.start(AbortSignal.abort())).rejects.toMatchObject({ code: "ERR_FINGER_ABORTED" });
    expect(service.address).toBeUndefined();
  });
});

describe("the peers of a metrics service", () => {
  it("cannot hold its end back by asking nothing, or half of something", async () => {
    const { service, port } = await start();
    const idle = await hold(port);
    const half = await hold(port);
    half.write("GET /heal");
    await service.stop();
    for (const socket of [idle, half]) expect(socket.destroyed || (await once(socket.resume(), "close"))).toBeTruthy();
  });

  it("are still answered when they have asked, unless it has to end at once", async () => {
    for (const isHurried of [false, true]) {
      let tell: (snapshot: Snapshot) => void = () => {};
      let hasAsked: (value: unknown) => void = () => {};
      const asked = new Promise((resolve) => {
        hasAsked = resolve;
      });
      const { service, get } = await start({
        snapshot: () => {
          hasAsked(undefined);
          return new Promise((resolve) => {
            tell = resolve;
          });
        },
      });
      const answer = get("/metrics").then(
        ({ status }) => status,
        () => "cut",
      );
      await asked;
      const hurry = new AbortController();
      const stopped = service.stop(hurry.signal);
      if (isHurried) hurry.abort();
      else tell([]);
      await stopped;
      expect(await answer).toBe(isHurried ? "cut" : 200);
    }
  });

  it("are thirty-two at a time", async () => {
    const { port } = await start();
    const held = Array.from({ length: 32 }, () => connect(port, "127.0.0.1"));
    await Promise.all(held.map((socket) => once(socket, "connect")));
    expect(await send(port, HEALTHY).catch(() => "")).toBe("");
    for (const socket of held) socket.destroy();
  });

  it.each([
    ["asks twice at once", HEALTHY + HEALTHY, /^HTTP\/1.1 200 (?![\s\S]*HTTP)/],
    ["speaks finger", "alice\r\n", /^HTTP\/1.1 400 /],
    ["has much to say", `GET /health HTTP/1.1\r\nX: ${"x".repeat(9000)}\r\n\r\n`, /^HTTP\/1.1 431 /],
    ["would have a tunnel", "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", /^$/],
  ])("get one answer when one %s", async (_, bytes, answer) => {
    const { port } = await start();
    expect(await send(port, bytes)).toMatch(answer);
  });
});
