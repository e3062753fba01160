import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { buildModule } from "../../../../../tests/support/module.js";
import { eventually, freshPath } from "../../../../../tests/support/programs.js";

const here = (file: string) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
const entry = `${freshPath()}.ts`;
writeFileSync(entry, `export * from ${here("worker-metrics.ts")}; export * from ${here("families.ts")};`);
const MODULE = await buildModule(entry);

/**
 * Two workers that have each counted one thing, and one more whenever they are told to; the primary says fifty times a second
 * what all have together.
 */
const PROGRAM = `
  import cluster from "node:cluster";
  import { collectSnapshots, counter, gauge, sendSnapshots } from ${JSON.stringify(MODULE)};
  if (cluster.isPrimary) {
    const collector = collectSnapshots();
    const workers = [cluster.fork(), cluster.fork()];
    process.stdin.on("data", (command) => {
      const [word, number] = String(command).trim().split(" ");
      if (word === "fork") workers.push(cluster.fork());
      else if (word === "kill") workers[number].process.kill("SIGKILL");
      else if (word === "end") process.exit();
      else workers[number].send(word);
    });
    const tell = () => {
      const [things, workers] = ["things_total", "workers"].map(
        (name) => collector.snapshot().find((family) => family.name === name)?.samples[0].value ?? 0,
      );
      process.stdout.write(JSON.stringify({ things, workers }) + "\\n");
    };
    setInterval(tell, 20);
  } else {
    let things = 1;
    process.send({ not: "ours" });
    process.send(null);
    const sender = sendSnapshots(() => [counter("things_total", "", things), gauge("workers", "", "sum", 1)]);
    process.on("message", async (word) => {
      things++;
      if (word === "stop") {
        await sender.stop();
        process.disconnect();
      }
    });
  }`;

/** What all workers have together, as the primary says it. */
interface Told {
  readonly things: number;
  readonly workers: number;
}

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

function start() {
  const path = `${freshPath()}.mjs`;
  writeFileSync(path, PROGRAM);
  const child = spawn(process.execPath, [path], { stdio: ["pipe", "pipe", "inherit"] });
  running.push(child);
  const told: Told[] = [];
  createInterface(child.stdout).on("line", (line) => told.push(JSON.parse(line)));
  const has = (things: number, workers: number) =>
    eventually(() => told.at(-1)?.things === things && told.at(-1)?.workers === workers);
  return { child, told, has, command: (text: string) => child.stdin.write(`${text}\n`) };
}

it("adds up what workers tell, and never goes down when they die or are replaced", async () => {
  const { child, told, has, command } = start();
  await has(2, 2);
  command("count 0");
  await has(3, 2);
  command("kill 0");
  await has(3, 1);
  command("fork");
  await has(4, 2);
  command("stop 1"); // it counts once more, and says so last
  await has(5, 1);
  command("end");
  await once(child, "exit");
  const things = told.map((each) => each.things);
  expect(things).toEqual([...things].sort((a, b) => a - b));
});

it("tells nobody in a process that is no worker, and keeps it no longer", async () => {
  const path = `${freshPath()}.mjs`;
  const code = `import { sendSnapshots } from ${JSON.stringify(MODULE)};
    await sendSnapshots(() => []).stop();
    sendSnapshots(() => []);`;
  writeFileSync(path, code);
  // It has who could hear it, but that is no primary.
  const child = spawn(process.execPath, [path], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  running.push(child);
  const heard: unknown[] = [];
  child.on("message", (message) => heard.push(message));
  expect(await once(child, "close")).toEqual([0, null]);
  expect(heard).toEqual([]);
});
