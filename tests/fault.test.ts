import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { repository } from "./peers/support/network.js";
import { freshPath } from "./support/programs.js";

/** Runs the built command with a plug-in whose timer throws, until it ends; or until it has said something, and is ended. */
async function runFaulty(argv: readonly string[] = [], until?: string) {
  const [plugin, config] = [`${freshPath()}.mjs`, `${freshPath()}.json`];
  const start = 'start: async () => void setTimeout(() => { throw new Error("nobody catches this"); })';
  writeFileSync(plugin, `export default () => ({ service: { name: "faulty", ${start}, stop: async () => {} } });`);
  writeFileSync(
    config,
    JSON.stringify({ listen: 0, store: `file:${freshPath()}`, plugins: { faulty: { module: plugin } } }),
  );
  const command = repository("packages/finger-server/bin/finger-server.cjs");
  const child = spawn(process.execPath, [command, "--config", config, ...argv], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
    if (until !== undefined && said.includes(until)) child.kill("SIGTERM");
  });
  const [code] = await once(child, "close");
  return { code, said };
}

it("ends with 70, and without a stack, when something is thrown that nobody catches", async () => {
  const { code, said } = await runFaulty();
  expect(code).toBe(70);
  expect(said).toContain('"level":"error","msg":"nobody catches this"');
  expect(said).not.toContain(".mjs:");
});

it("tells the same of a worker", async () => {
  const { said } = await runFaulty(["--workers", "2"], "nobody catches this");
  expect(said).toContain('"level":"error","msg":"nobody catches this"');
  expect(said).not.toContain(".mjs:");
  expect(said).not.toContain("cannot come");
});

it("shows where that was with --debug", async () => {
  const { code, said } = await runFaulty(["--debug"]);
  expect(code).toBe(70);
  expect(said).toContain(".mjs:");
});

it("does not wait for ever for a config that never comes", async () => {
  const path = `${freshPath()}.mjs`;
  writeFileSync(path, "export default () => new Promise(() => {});");
  const command = repository("packages/finger-server/bin/finger-server.cjs");
  const child = spawn(process.execPath, [command, "--config", path, "--check"], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  const why = "what it exports was not there after 10 seconds";
  expect([code, said]).toEqual([78, `finger-server: ${path} cannot be read: ${why}.\n`]);
});
