// `finger-server`, with every limit in force, beside a bare `net` server that answers a constant to the first bytes.
// Both serve at the same time, and are asked in turn; what counts is the processor time that each of them takes.
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { askBare, findBuilt, median, repeat, serveBare } from "./support.mjs";

const ROUNDS = 7;
const REQUESTS = 6000;
const IDLE = 1000;

findBuilt("finger-server");
if (process.argv[2] === undefined) await main();
else await serve(process.argv[2]);

async function main() {
  const ours = await start("finger-server");
  const bare = await start("bare");
  try {
    const idle = [await measureIdle(ours), await measureIdle(bare)];
    console.log(
      `memory of an idle connection: ${formatRatio(idle)}, ${idle.map((bytes) => `${(bytes / 1024).toFixed(1)} KiB`).join(" and ")}`,
    );
    for (const concurrency of [50, 500]) {
      for (const server of [ours, bare]) await repeat(REQUESTS, concurrency, () => askBare(server.port));
      /** @type {number[][]} */
      const pairs = [];
      for (let round = 0; round < ROUNDS; round++) {
        pairs.push([await measureLoad(ours, concurrency), await measureLoad(bare, concurrency)]);
      }
      const [a, b] = [0, 1].map((side) => median(pairs.map((pair) => Number(pair[side]))));
      const ratio = median(pairs.map(([mine = 0, its = 1]) => mine / its));
      console.log(
        `${concurrency} at a time: ${ratio.toFixed(2)} times the processor time of bare, ${a?.toFixed(0)} and ${b?.toFixed(0)} µs a request`,
      );
    }
  } finally {
    for (const { child } of [ours, bare]) child.disconnect();
  }
}

/** @param {string} kind */
async function start(kind) {
  const child = fork(fileURLToPath(import.meta.url), [kind], { execArgv: ["--expose-gc"] });
  const [port] = await once(child, "message");
  return { child, port: Number(port) };
}

/** @param {import("node:child_process").ChildProcess} child */
async function usage(child) {
  child.send("usage");
  const [{ cpu, rss }] = await once(child, "message");
  return { cpu: Number(cpu), rss: Number(rss) };
}

/**
 * @param {{ child: import("node:child_process").ChildProcess, port: number }} server
 * @param {number} concurrency
 */
async function measureLoad({ child, port }, concurrency) {
  const before = await usage(child);
  await repeat(REQUESTS, concurrency, () => askBare(port));
  return ((await usage(child)).cpu - before.cpu) / REQUESTS;
}

/** @param {{ child: import("node:child_process").ChildProcess, port: number }} server */
async function measureIdle({ child, port }) {
  const before = await usage(child);
  const sockets = await Promise.all(
    Array.from({ length: IDLE }, async () => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      return socket;
    }),
  );
  const { rss } = await usage(child);
  for (const socket of sockets) socket.destroy();
  return (rss - before.rss) / IDLE;
}

/** @param {readonly number[]} pair */
function formatRatio([a = 0, b = 1]) {
  return `${(a / b).toFixed(2)} times that of bare`;
}

/** @param {string} kind */
async function serve(kind) {
  const port = kind === "bare" ? await serveBare("Happy and well\r\n") : await serveFinger();
  process.on("message", () => {
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: user + system, rss: process.memoryUsage.rss() });
  });
  process.on("disconnect", () => process.exit());
  process.send?.(port);
}

async function serveFinger() {
  const built = findBuilt("finger-server");
  const { createFingerServer, memoryProvider } = await import(built.href);
  const server = createFingerServer({
    provider: memoryProvider({ alice: "Happy and well" }),
    limits: { connections: 100_000, perPeer: 100_000, rate: 1_000_000_000 },
  });
  return (await server.listen({ port: 0 })).port;
}
