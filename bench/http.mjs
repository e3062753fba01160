// The handler of finger-adapters-http in Express, beside a route of Express that sends the same bytes as a constant. Both serve
// at the same time, and are asked in turn; what counts is the processor time that each of them takes.
import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import express from "express";
import { findBuilt, median, repeat } from "./support.mjs";

const ROUNDS = 7;
const REQUESTS = 4000;
const CONCURRENCY = 50;
const FORMS = { page: "text/html", JSON: "application/json", text: "text/plain" };

findBuilt("adapters-http");
if (process.argv[2] === undefined) await main();
else await serve(process.argv[2]);

async function main() {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const ours = await start("ours");
  for (const [form, accept] of Object.entries(FORMS)) {
    const constant = await start(await ask(ours.port, accept, agent));
    for (const { port } of [ours, constant]) await repeat(REQUESTS, CONCURRENCY, () => ask(port, accept, agent));
    /** @type {number[][]} */
    const pairs = [];
    for (let round = 0; round < ROUNDS; round++) {
      pairs.push([await measure(ours, accept, agent), await measure(constant, accept, agent)]);
    }
    const [a, b] = [0, 1].map((side) => median(pairs.map((pair) => Number(pair[side]))));
    const ratio = median(pairs.map(([mine = 0, its = 1]) => mine / its));
    const times = `${a?.toFixed(0)} and ${b?.toFixed(0)} µs a request`;
    console.log(`${form}: ${ratio.toFixed(2)} times the processor time of a constant in Express, ${times}`);
    constant.child.disconnect();
  }
  ours.child.disconnect();
  agent.destroy();
}

/** @param {string} what - `ours`, or the text of the constant. */
async function start(what) {
  const child = fork(fileURLToPath(import.meta.url), [what]);
  const [port] = await once(child, "message");
  return { child, port: Number(port) };
}

/**
 * @param {{ child: import("node:child_process").ChildProcess, port: number }} server
 * @param {string} accept
 * @param {Agent} agent
 */
async function measure({ child, port }, accept, agent) {
  const before = await usage(child);
  await repeat(REQUESTS, CONCURRENCY, () => ask(port, accept, agent));
  return ((await usage(child)) - before) / REQUESTS;
}

/** @param {import("node:child_process").ChildProcess} child */
async function usage(child) {
  child.send("usage");
  const [time] = await once(child, "message");
  return Number(time);
}

/**
 * @param {number} port
 * @param {string} accept
 * @param {Agent} agent
 * @returns {Promise<string>}
 */
async function ask(port, accept, agent) {
  const [response] = await once(get({ port, agent, path: "/finger/alice", headers: { accept } }), "response");
  return text(response);
}

/** @param {string} what */
async function serve(what) {
  const app = express();
  if (what === "ours") {
    const { finger } = await import("finger-adapters-http");
    const { memoryProvider } = await import("finger-server");
    const provider = memoryProvider({
      alice: { name: "Alice Liddell", status: "Happy and well", plan: "To the moon.\n" },
    });
    app.use("/finger", finger({ provider }));
  } else {
    app.get("/finger/:login", (_, response) => void response.send(what));
  }
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.on("disconnect", () => process.exit());
  process.send?.(/** @type {import("node:net").AddressInfo} */ (server.address()).port);
}
