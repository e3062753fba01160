// The test command: all that must hold before a change lands, in the order in which a fault is cheapest to find.
import { run } from "./run.mjs";

/** @type {ReadonlyArray<readonly [what: string, command: string, ...args: string[]]>} */
const STEPS = [
  ["types", "tsc", "-p", "tsconfig.json"],
  ["lint and format", "biome", "ci", "--error-on-warnings", "."],
  ["build, and the types of the core, which may name nothing of Node", process.execPath, "scripts/build.mjs"],
  ["unused code", "knip"],
  ["sizes", "size-limit"],
  ["packages as they are published", process.execPath, "scripts/check-packages.mjs"],
  ["API reference", "typedoc"],
  ["tests", "vitest", "run"],
];

for (const [what, command, ...args] of STEPS) {
  console.log(`\n=== ${what}`);
  try {
    run(command, ...args);
  } catch (error) {
    console.error(`\nThe step "${what}" failed: ${error instanceof Error ? error.message : error}.`);
    process.exit(1);
  }
}
