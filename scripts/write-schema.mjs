// Writes the JSON Schema of the config into its package, from what the server checks: for one who has changed that.
import { rmSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { build } from "tsup";
import { run } from "./run.mjs";

const SCHEMA = "packages/finger-server/finger.config.schema.json";
const outDir = "node_modules/.cache/write-schema";
await build({
  config: false,
  silent: true,
  entry: { module: "packages/finger-server/src/node/config/json-schema.ts" },
  outDir,
  format: "esm",
  outExtension: () => ({ js: ".mjs" }),
  noExternal: [/./],
  external: ["ioredis"],
  esbuildOptions: (options) => {
    options.conditions = ["finger-source"];
  },
});
const { toJsonSchema } = await import(pathToFileURL(`${outDir}/module.mjs`).href);
writeFileSync(SCHEMA, JSON.stringify(toJsonSchema(), undefined, 2));
rmSync(outDir, { recursive: true });
run("biome", "format", "--write", SCHEMA);
