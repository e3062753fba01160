// Nanoseconds a query for the decoder, beside bare loops that find the line end and decode the same bytes, in one run.
// Medians of rounds in turn, and ratios round by round. Run: npx -y pnpm@10 bench
import { findBuilt, median } from "./support.mjs";

const { QueryDecoder } = await import(findBuilt("finger-protocol").href);

const QUERIES = ["alice\r\n", "/W alice\r\n", "/W alice@example.org\r\n"];
const ROUNDS = 15;
const CALLS = 300_000;

const textDecoder = new TextDecoder();

/** @type {Record<string, (bytes: Uint8Array) => unknown>} */
const CONTENDERS = {
  "bare, TextDecoder": (bytes) => {
    let end = 0;
    while (bytes[end] !== 0x0a) end++;
    return textDecoder.decode(bytes.subarray(0, end));
  },
  "bare, fromCharCode": (bytes) => {
    let text = "";
    for (let index = 0; bytes[index] !== 0x0a; index++) text += String.fromCharCode(Number(bytes[index]));
    return text;
  },
  QueryDecoder: (bytes) => new QueryDecoder().push(bytes),
};

let used = 0;
for (const query of QUERIES) {
  const bytes = new TextEncoder().encode(query);
  /** @type {Record<string, number[]>} */
  const times = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, work] of Object.entries(CONTENDERS)) times[name] = [...(times[name] ?? []), time(work, bytes)];
  }
  const ours = times["QueryDecoder"] ?? [];
  console.log(`\n${JSON.stringify(query)}, Node ${process.versions.node}`);
  for (const [name, values] of Object.entries(times)) {
    const ratio = median(ours.map((value, round) => value / Number(values[round])));
    const compared = values === ours ? "" : `   QueryDecoder takes ${ratio.toFixed(2)} times as long`;
    console.log(`  ${name.padEnd(20)} ${median(values).toFixed(0).padStart(6)} ns${compared}`);
  }
}
if (used === 0) throw new Error("nothing was decoded");

/**
 * @param {(bytes: Uint8Array) => unknown} work
 * @param {Uint8Array} bytes
 */
function time(work, bytes) {
  const start = process.hrtime.bigint();
  for (let call = 0; call < CALLS; call++) if (work(bytes)) used++;
  return Number(process.hrtime.bigint() - start) / CALLS;
}
