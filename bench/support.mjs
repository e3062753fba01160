// What the benchmarks share: what they measure, bare sockets of Node to compare with, and how their figures are put together.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, createServer } from "node:net";

/**
 * Finds what is published of a package, or ends this process.
 *
 * @param {string} folder - Its folder in `packages`.
 */
export function findBuilt(folder) {
  const entry = new URL(`../packages/${folder}/dist/index.js`, import.meta.url);
  if (existsSync(entry)) return entry;
  console.error("The packages are not built; run: npx -y pnpm@10 build");
  process.exit(1);
}

/** @param {readonly number[]} values */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/**
 * Does something so many times, so many at a time.
 *
 * @param {number} count
 * @param {number} atATime
 * @param {() => Promise<unknown>} act
 */
export async function repeat(count, atATime, act) {
  let left = count;
  const work = async () => {
    while (left-- > 0) await act();
  };
  await Promise.all(Array.from({ length: atATime }, work));
}

/**
 * Asks over a bare socket, reads to the end, and closes.
 *
 * @param {number} port
 * @returns {Promise<string>}
 */
export function askBare(port) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const pieces = [];
    const socket = connect(port, "127.0.0.1");
    socket.on("error", reject).on("data", (piece) => pieces.push(piece));
    socket.on("close", () => resolve(Buffer.concat(pieces).toString()));
    socket.write("alice\r\n");
  });
}

/**
 * Serves a constant to the first bytes of every connection, with no limit and no parsing. Resolves to the port.
 *
 * @param {string} text
 */
export async function serveBare(text) {
  const answer = Buffer.from(text);
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(answer));
  }).listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
  await once(server, "listening");
  return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
}
