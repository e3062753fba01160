// `finger-client` beside bare `net` sockets, against one server that answers a constant to the first bytes. First whole
// processes, from start to end; then many lookups in one process, by the processor time that they take.
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { askBare, findBuilt, median, repeat, serveBare } from "./support.mjs";

const STARTS = 31;
const ROUNDS = 7;
const LOOKUPS = 10_000;
const AT_A_TIME = 200;
/** What the published package has for its bin. */
const COMMAND = fileURLToPath(new URL("../packages/finger-client/dist/command/finger-client.cjs", import.meta.url));

findBuilt("finger-client");
const [kind = "main", port = ""] = process.argv.slice(2);
if (kind === "main") await main();
else if (kind === "server") await serve();
else await lookUpMany(kind, Number(port));

async function main() {
  const server = fork(fileURLToPath(import.meta.url), ["server"]);
  const [place] = await once(server, "message");
  try {
    measureStarts(Number(place));
    await measureLookups(String(place));
  } finally {
    server.disconnect();
  }
}

/** @param {number} place */
function measureStarts(place) {
  const bare = `require("node:net").connect(${place},"127.0.0.1").on("data",d=>process.stdout.write(d)).write("alice\\r\\n")`;
  const runs = [
    ["-e", "0"],
    ["-e", bare],
    [COMMAND, `alice@127.0.0.1:${place}`],
  ];
  const times = runs.map(() => /** @type {number[]} */ ([]));
  for (let round = -1; round < STARTS; round++) {
    for (const [index, args] of runs.entries()) {
      const time = measureRun(args);
      if (round >= 0) times[index]?.push(time); // the first round fills the caches of the system
    }
  }
  const [nothing = [], sockets = [], command = []] = times;
  const show = (/** @type {readonly number[]} */ all) => `${ratio(all, nothing)} times \`node -e 0\``;
  console.log(`a local lookup as a process: ${show(command)}; a bare socket script: ${show(sockets)}`);
}

/** @param {readonly string[]} args */
function measureRun(args) {
  // This variable makes every start of Node 20 read certificates for 100 ms.
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const before = performance.now();
  const { status } = spawnSync(process.execPath, args, { env });
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}`);
  return performance.now() - before;
}

/** @param {string} place */
async function measureLookups(place) {
  /** @type {{ time: number, growth: number }[][]} */
  const pairs = [];
  for (let round = 0; round < ROUNDS; round++) {
    pairs.push([await measureProcess("finger-client", place), await measureProcess("bare", place)]);
  }
  const [ours = [], bare = []] = [0, 1].map((side) => pairs.map((pair) => Number(pair[side]?.time)));
  const growth = median(pairs.map(([mine]) => Number(mine?.growth)));
  console.log(
    `${LOOKUPS} lookups, ${AT_A_TIME} at a time: ${ratio(ours, bare)} times the processor time of bare sockets, ${median(ours).toFixed(0)} and ${median(bare).toFixed(0)} µs each`,
  );
  console.log(`the heap grows by ${growth.toFixed(0)} bytes a lookup`);
}

/**
 * @param {string} kind
 * @param {string} place
 */
async function measureProcess(kind, place) {
  const child = fork(fileURLToPath(import.meta.url), [kind, place], { execArgv: ["--expose-gc"] });
  const [{ time, growth }] = await once(child, "message");
  child.disconnect();
  return { time: Number(time), growth: Number(growth) };
}

/**
 * @param {string} kind
 * @param {number} place
 */
async function lookUpMany(kind, place) {
  const lookUp = kind === "bare" ? () => askBare(place) : await ourLookup(place);
  await repeat(2000, AT_A_TIME, lookUp);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const { user, system } = process.cpuUsage();
  await repeat(LOOKUPS, AT_A_TIME, lookUp);
  const after = process.cpuUsage();
  globalThis.gc?.();
  const growth = (process.memoryUsage().heapUsed - before) / LOOKUPS;
  process.send?.({ time: (after.user - user + after.system - system) / LOOKUPS, growth });
}

/** @param {number} place */
async function ourLookup(place) {
  const { finger } = await import(findBuilt("finger-client").href);
  return () => finger(`alice@127.0.0.1:${place}`);
}

async function serve() {
  const port = await serveBare("Login: alice          \t\t\tName: Alice Liddell\r\nHappy and well\r\n");
  process.on("disconnect", () => process.exit());
  process.send?.(port);
}

/**
 * @param {readonly number[]} all
 * @param {readonly number[]} base
 */
function ratio(all, base) {
  return median(all.map((value, index) => value / Number(base[index]))).toFixed(2);
}
