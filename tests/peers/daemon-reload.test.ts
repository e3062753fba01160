import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { freshPath } from "../support/programs.js";
import { exchange } from "../support/sockets.js";
import { familyOf } from "./support/processes.js";
import { startServer, writeFresh } from "./support/server-command.js";

/** How long it goes on, in milliseconds; longer ones are for a person who looks at the memory. */
const LENGTH = Number(process.env["RELOAD_TEST_MS"] ?? 4_000);
/** Queries a second. */
const RATE = 1_000;
/** SIGHUPs a second. */
const RELOADS = 10;

/** How many reloads there are between two looks at the memory. */
const SAMPLES = 100;

/** Two configurations that differ in all that is alternated: a users file, an alias, a limit, a text. */
interface Variant {
  readonly name: string;
  readonly config: object;
  /** What is asked, and what is answered. */
  readonly answers: Readonly<Record<string, string>>;
}

function toVariant(name: string, aliased: "alice" | "bob"): Variant {
  const [alice, bob] = [`Happy by ${name}`, `Busy by ${name}`];
  const users = writeFresh(`alice: ${alice}\nbob: ${bob}\n`);
  const noSuchUser = `{name} is not of ${name}`;
  const limits = { rate: false, perPeer: false, connections: false, queryBytes: aliased === "alice" ? 512 : 1024 };
  return {
    name,
    config: { users, aliases: { ada: aliased }, texts: { noSuchUser }, limits, listen: 0, log: { level: "warn" } },
    answers: {
      alice: `${alice}\r\n`,
      bob: `${bob}\r\n`,
      ada: `${aliased === "alice" ? alice : bob}\r\n`,
      carol: `carol is not of ${name}\r\n`,
    },
  };
}

describe.each([[[]], [["--workers", "2"]]])("a server %j that is reloaded ten times a second", (workers) => {
  it(
    "loses no query of a thousand a second, and answers by what is configured",
    async () => {
      const variants = [toVariant("first", "alice"), toVariant("second", "bob")];
      const path = writeFresh(JSON.stringify({ ...variants[0]?.config, log: undefined }), ".json");
      const { child, port, ended, log } = await startServer(["--config", path, ...workers]);
      const seen = new Map<string, number>();
      const wrong: string[] = [];
      const names = Object.keys(variants[0]?.answers ?? {});
      const ask = async (turn: number) => {
        const name = names[turn % names.length] ?? "";
        const answer = await exchange(port, [`${name}\r\n`]).catch((error) => String(error));
        const variant = variants.find(({ answers }) => answers[name] === answer)?.name;
        if (variant === undefined) wrong.push(`${name}: ${answer}`);
        else seen.set(variant, (seen.get(variant) ?? 0) + 1);
      };
      const reload = (turn: number) => {
        writeFileSync(`${path}.new`, JSON.stringify(variants[turn % 2]?.config));
        renameSync(`${path}.new`, path);
        child.kill("SIGHUP");
      };

      const memory: string[] = [];
      const asked = await repeat(RATE, LENGTH, ask, (elapsed, turn) => {
        const isTime = elapsed * RELOADS >= turn * 1000;
        if (isTime) reload(turn + 1);
        if (isTime && turn % SAMPLES === 0) memory.push(measure(child.pid ?? 0));
        return isTime;
      });

      expect(wrong.slice(0, 5)).toEqual([]);
      expect((seen.get("first") ?? 0) + (seen.get("second") ?? 0)).toBe(asked);
      // Both have been in force for a good part of the time.
      for (const { name } of variants) expect(seen.get(name), name).toBeGreaterThan(asked / 10);
      for (const [turn, { answers }] of variants.entries()) {
        reload(turn);
        await expect.poll(() => exchange(port, ["ada\r\n"]), { timeout: 10_000 }).toBe(answers["ada"]);
      }
      child.kill("SIGTERM");
      expect(await ended).toMatchObject({ code: 0 });
      expect(log().filter(({ level }) => level !== "info")).toEqual([]);
      if (LENGTH > 60_000) console.info(`${asked} queries; resident memory in MiB: ${memory.join("; ")}`);
    },
    LENGTH * 3 + 30_000,
  );
});

it.each([[[]], [["--workers", "2"]]])("ends, though it was told to open a port just before %j", async (workers) => {
  const [users, first, second] = [writeFresh("alice: Happy and well\n"), `${freshPath()}.s`, `${freshPath()}.s`];
  const path = writeFresh(JSON.stringify({ users, listen: [0, first] }), ".json");
  const { child, ended } = await startServer(["--config", path, ...workers]);
  writeFileSync(path, JSON.stringify({ users, listen: [0, first, second] }));
  child.kill("SIGHUP");
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 0 });
  expect([first, second].filter(existsSync)).toEqual([]);
});

/** Does something that often in a second, without waiting for its end, and resolves to how often when all have ended. */
async function repeat(
  rate: number,
  length: number,
  work: (turn: number) => Promise<void>,
  also: (elapsed: number, turn: number) => boolean,
): Promise<number> {
  const start = performance.now();
  const working = new Set<Promise<void>>();
  let [count, others] = [0, 0];
  for (let elapsed = 0; elapsed < length; elapsed = performance.now() - start) {
    for (; count < (elapsed / 1000) * rate; count++) {
      // Who is behind waits for those before: a machine that cannot do so many does as many as it can.
      if (working.size >= MOST_AT_ONCE) await Promise.race(working);
      const done: Promise<void> = work(count).finally(() => working.delete(done));
      working.add(done);
    }
    if (also(elapsed, others)) others++;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(working);
  return count;
}

const MOST_AT_ONCE = 500;

/** The resident memory of each process, in MiB. */
function measure(pid: number): string {
  const sizes = familyOf(pid).map((each) => /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/status`, "utf8"))?.[1]);
  return sizes.map((size) => Math.round(Number(size) / 1024)).join(" ");
}
