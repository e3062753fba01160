// The list of 5,000 accounts by systemProvider, short and long, beside a bare look for a .nofinger in each of their homes.
// Medians of rounds in turn, and ratios round by round. Run: npx -y pnpm@10 bench
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBuilt, median, repeat } from "./support.mjs";

const { systemProvider } = await import(findBuilt("finger-server").href);

const MANY = 5000;
const ROUNDS = 9;
const AT_A_TIME = 32;

const folder = mkdtempSync(join(tmpdir(), "finger-bench-"));
const passwd = join(folder, "passwd");
try {
  makeAccounts();
  /** @type {number[][]} */
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measure());
  const [bare = [], ...ours] = [0, 1, 2, 3].map((side) => rounds.map((times) => Number(times[side])));
  console.log(`\n${MANY} accounts, Node ${process.versions.node}: a bare look takes ${median(bare).toFixed(0)} ms`);
  for (const [index, what] of ["the short list", "the same again", "the long list"].entries()) {
    const times = ours[index] ?? [];
    const ratio = median(times.map((time, round) => time / Number(bare[round])));
    console.log(`  ${what.padEnd(15)} ${median(times).toFixed(0).padStart(5)} ms, ${ratio.toFixed(2)} times as long`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

function makeAccounts() {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const lines = Array.from({ length: MANY }, (_, index) => {
    const home = join(folder, `user${index}`);
    mkdirSync(home);
    writeFileSync(join(home, ".plan"), "Tea at four\n");
    return `user${index}:x:${uid}:${gid}:User ${index}:${home}:/bin/sh\n`;
  });
  writeFileSync(passwd, lines.join(""));
  writeFileSync(join(folder, "utmp"), toBootRecord());
}

/** One record of utmp(5), as of a machine that was started and where nobody is on: who reads it asks no other. */
function toBootRecord() {
  const record = Buffer.alloc(384);
  record.writeInt16LE(2);
  record.write("~", 8);
  record.write("reboot", 44);
  record.writeInt32LE(Math.floor(Date.now() / 1000), 340);
  return record;
}

async function measure() {
  const [utmp, lastlog] = [join(folder, "utmp"), join(folder, "lastlog")];
  const places = { passwd, mail: folder, utmp, lastlog, terminals: folder };
  const provider = systemProvider({ minUid: 0, list: "all", places });
  const verbose = { verbose: true };
  return [
    await time(lookAtEach, MANY),
    await time(() => provider.list(), MANY),
    await time(() => provider.list(), MANY),
    await time(() => provider.list(verbose), MANY),
  ];
}

/**
 * @param {() => Promise<readonly unknown[]>} work
 * @param {number} expected
 */
async function time(work, expected) {
  const start = performance.now();
  const { length } = await work();
  if (length !== expected) throw new Error(`${length} accounts were listed, not ${expected}.`);
  return performance.now() - start;
}

/** Who has no .nofinger. */
async function lookAtEach() {
  const homes = (await readFile(passwd, "utf8")).trimEnd().split("\n").map(toHome);
  /** @type {string[]} */
  const shown = [];
  await repeat(homes.length, AT_A_TIME, async () => {
    const home = homes.pop() ?? "";
    if (!(await hides(home))) shown.push(home);
  });
  return shown;
}

/** @param {string} line */
function toHome(line) {
  return line.split(":")[5] ?? "";
}

/** @param {string} home */
async function hides(home) {
  try {
    await (await open(join(home, ".nofinger"))).close();
    return true;
  } catch {
    return false;
  }
}
