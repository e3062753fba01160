// Two workers of `runWorkers` beside one process that serves the same. Both are asked in turn; what counts is the processor time
// a request of all of their processes, and whether both workers get their part.
import { fork } from "node:child_process";
import cluster from "node:cluster";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { askBare, findBuilt, median, repeat } from "./support.mjs";

const ROUNDS = 7;
const REQUESTS = 6000;
const WORKERS = 2;

findBuilt("finger-server");
if (process.argv[2] === undefined) await main();
else await serveWith(process.argv[2]);

async function main() {
  const one = await start("one");
  const many = await start("many");
  try {
    for (const concurrency of [4, 50, 500]) {
      for (const server of [one, many]) await repeat(REQUESTS, concurrency, () => askBare(server.port));
      /** @type {{ cpu: number[], answers: number[] }[][]} */
      const pairs = [];
      for (let round = 0; round < ROUNDS; round++) {
        pairs.push([await measureLoad(many, concurrency), await measureLoad(one, concurrency)]);
      }
      console.log(`${concurrency} at a time: ${formatPairs(pairs)}`);
    }
  } finally {
    for (const { child } of [one, many]) child.disconnect();
  }
}

/** @param {{ cpu: number[], answers: number[] }[][]} pairs */
function formatPairs(pairs) {
  const cpu = pairs.map((pair) => pair.map((side) => sum(side.cpu) / REQUESTS));
  const ratio = median(cpu.map(([many = 0, one = 1]) => many / one));
  const [many, one] = [0, 1].map((side) => median(cpu.map((pair) => Number(pair[side]))));
  const parts = Array.from({ length: WORKERS }, (_, index) => sum(pairs.map(([side]) => side?.answers[index] ?? 0)));
  const spread = parts.map((part) => `${((100 * part) / sum(parts)).toFixed(0)} %`).join(" and ");
  return `${ratio.toFixed(2)} times the processor time of one process, ${many?.toFixed(0)} and ${one?.toFixed(0)} µs a request; the workers answered ${spread}`;
}

/** @param {readonly number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** @param {string} kind */
async function start(kind) {
  const child = fork(fileURLToPath(import.meta.url), [kind]);
  const [port] = await once(child, "message");
  return { child, port: Number(port) };
}

/**
 * What each process took and did, in the order of their start.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<{ cpu: number, answers: number }[]>}
 */
async function usage(child) {
  child.send("usage");
  const [report] = await once(child, "message");
  return report;
}

/**
 * @param {{ child: import("node:child_process").ChildProcess, port: number }} server
 * @param {number} concurrency
 */
async function measureLoad({ child, port }, concurrency) {
  const before = await usage(child);
  await repeat(REQUESTS, concurrency, () => askBare(port));
  const after = await usage(child);
  const cpu = after.map((process, index) => process.cpu - (before[index]?.cpu ?? 0));
  const answers = after.map((process, index) => process.answers - (before[index]?.answers ?? 0));
  return { cpu, answers };
}

/** @param {string} kind */
async function serveWith(kind) {
  const built = findBuilt("finger-server");
  const { createFingerServer, runWorkers } = await import(built.href);
  let answers = 0;
  const report = () => ({ cpu: sum(Object.values(process.cpuUsage())), answers });

  const serve = async () => {
    const provider = () => {
      answers++;
      return "Happy and well";
    };
    const limits = { connections: 100_000, perPeer: 100_000, rate: 1_000_000_000 };
    const server = createFingerServer({ provider, limits });
    const { port } = await server.listen({ port: 0 });
    process.on("message", (message) => message === "usage" && process.send?.([report()]));
    process.send?.(port);
    return server;
  };

  if (kind === "one") {
    await serve();
    process.on("disconnect", () => process.exit());
  } else {
    if (cluster.isPrimary) lead(report);
    await runWorkers(WORKERS, serve);
  }
}

/**
 * Speaks for the workers with who measures: tells the port when all listen, and what all of them took.
 *
 * @param {() => { cpu: number, answers: number }} report
 */
function lead(report) {
  /** @type {import("node:cluster").Worker[]} */
  const workers = [];
  cluster.on("message", (worker, message) => {
    if (typeof message !== "number") return;
    workers.push(worker);
    if (workers.length === WORKERS) process.send?.(message);
  });
  process.on("message", async () => {
    const reports = await Promise.all(workers.map(ask));
    process.send?.([...reports, { ...report(), answers: 0 }]);
  });
  process.on("disconnect", () => process.exit());
}

/**
 * @param {import("node:cluster").Worker} worker
 * @returns {Promise<unknown>}
 */
function ask(worker) {
  return new Promise((resolve) => {
    /** @param {unknown} message */
    const hear = (message) => {
      if (!Array.isArray(message)) return;
      worker.off("message", hear);
      resolve(message[0]);
    };
    worker.on("message", hear);
    worker.send("usage");
  });
}
