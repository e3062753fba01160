import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { redisStore } from "finger-server/redis";
import { findFreePort } from "./free-port.js";
import { repository } from "./network.js";

/** A client of ioredis. */
export type Client = Exclude<Parameters<typeof redisStore>[0], string>;

/** A Redis of the test's own: it may be killed, and started again with the same data. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Starts it; resolves when it takes commands. */
  start(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** Stops it without a word, as a machine that hangs does. */
  pause(): void;
  resume(): void;
  /** Ends it, and takes its data away. */
  close(): Promise<void>;
}

/** What tells Redis to write down each change before it acknowledges it. */
const DURABLE: readonly string[] = ["--appendonly", "yes", "--appendfsync", "always"];

/** Starts Redis on a free port, with an empty folder for its data. */
export async function startRedis(options: readonly string[] = DURABLE): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "finger-redis-"));
  const port = await findFreePort();
  const place = ["--bind", "127.0.0.1", "--port", `${port}`, "--dir", folder, "--save", ""];
  let child: ChildProcess;
  const start = async () => {
    child = spawn("redis-server", [...place, ...options], { stdio: ["ignore", "pipe", "ignore"] });
    await untilReady(child);
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    start,
    kill,
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    async close() {
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Makes a client of the ioredis that the store uses, which is a package of finger-server's, and not of the tests. */
export function createRedisClient(url: string, options: object = {}): Client {
  const require = createRequire(repository("packages/finger-server/package.json"));
  const { Redis } = require(PACKAGE) as { Redis: new (url: string, options: object) => Client };
  const client = new Redis(url, options);
  client.on("error", () => {}); // a Redis that is killed is what the tests are about
  return client;
}

const PACKAGE: string = "ioredis";

async function untilReady({ stdout }: ChildProcess): Promise<void> {
  let log = "";
  for await (const chunk of stdout ?? []) {
    log += chunk;
    if (log.includes("Ready to accept connections")) break;
  }
  if (!log.includes("Ready to accept connections")) throw new Error(`redis-server does not start: ${log}`);
}
