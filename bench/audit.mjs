// `finger-server` with its audit log, in JSON to a file, beside the same server without: the processor time that each takes.
// The daemon's modules are no part of the library's entry, so they are built here. Run: npx -y pnpm@10 bench
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsup";
import { askBare, median, repeat } from "./support.mjs";

const ROUNDS = 9;
const REQUESTS = 6000;
const AT_A_TIME = 50;

const [kind = "main", folder = ""] = process.argv.slice(2);
if (kind === "main") await main();
else await serve(kind, folder);

async function main() {
  const place = mkdtempSync(join(tmpdir(), "finger-bench-"));
  await buildServer(place);
  const servers = [await start("audit", place), await start("plain", place)];
  try {
    for (const { port } of servers) await repeat(REQUESTS, AT_A_TIME, () => askBare(port));
    /** @type {number[][]} */
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      const times = [];
      for (const server of servers) times.push(await measureLoad(server));
      rounds.push(times);
    }
    const ratio = median(rounds.map(([audit = 0, plain = 1]) => audit / plain));
    const [audit, plain] = [0, 1].map((side) => median(rounds.map((times) => Number(times[side]))).toFixed(0));
    console.log(`with the audit log ${ratio.toFixed(2)} times the processor time, ${audit} and ${plain} µs a request`);
  } finally {
    for (const { child } of servers) child.disconnect();
    rmSync(place, { recursive: true });
  }
}

/** @param {string} place */
async function buildServer(place) {
  const sources = new URL("../packages/finger-server/src/", import.meta.url);
  const from = (/** @type {string} */ file) => JSON.stringify(fileURLToPath(new URL(file, sources)));
  const entry = join(place, "module.ts");
  writeFileSync(
    entry,
    `export { createFingerServer, memoryProvider } from ${from("index.ts")};
     export { createAuditLog } from ${from("node/log/audit-log.ts")};`,
  );
  await build({
    config: false,
    silent: true,
    entry: [entry],
    outDir: place,
    format: "esm",
    outExtension: () => ({ js: ".mjs" }),
    noExternal: [/./],
    esbuildOptions: (options) => {
      options.conditions = ["finger-source"];
    },
  });
}

/**
 * @param {string} kind
 * @param {string} place
 */
async function start(kind, place) {
  const child = fork(fileURLToPath(import.meta.url), [kind, place]);
  const [port] = await once(child, "message");
  return { child, port: Number(port) };
}

/** @param {{ child: import("node:child_process").ChildProcess, port: number }} server */
async function measureLoad({ child, port }) {
  const before = await usage(child);
  await repeat(REQUESTS, AT_A_TIME, () => askBare(port));
  return ((await usage(child)) - before) / REQUESTS;
}

/** @param {import("node:child_process").ChildProcess} child */
async function usage(child) {
  child.send("usage");
  const [time] = await once(child, "message");
  return Number(time);
}

/**
 * @param {string} kind
 * @param {string} place
 */
async function serve(kind, place) {
  const { createAuditLog, createFingerServer, memoryProvider } = await import(
    pathToFileURL(join(place, "module.mjs")).href
  );
  const log = openSync(join(place, "audit.log"), "a");
  const audit = createAuditLog({ format: "json", write: (/** @type {string} */ text) => writeSync(log, text) });
  const server = createFingerServer({
    provider: memoryProvider({ alice: "Happy and well" }),
    limits: { connections: 100_000, perPeer: 100_000, rate: 1_000_000_000 },
    onQuery: kind === "audit" ? audit.query : undefined,
  });
  const { port } = await server.listen({ port: 0 });
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.on("disconnect", () => process.exit());
  process.send?.(port);
}
