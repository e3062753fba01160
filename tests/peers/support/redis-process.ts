import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { build } from "tsup";
import { freshPath } from "../../support/programs.js";
import { repository } from "./network.js";

/** Builds the store as one file, ioredis in it. Resolves to its path. */
export async function buildRedisStore(): Promise<string> {
  const outDir = freshPath();
  await build({
    config: false,
    silent: true,
    entry: { store: repository("packages/finger-server/src/redis/index.ts") },
    outDir,
    format: "cjs", // ioredis is, and cannot be put into a module
    outExtension: () => ({ js: ".cjs" }),
    noExternal: [/./],
    esbuildOptions: (options) => {
      options.conditions = ["finger-source"];
    },
  });
  return join(outDir, "store.cjs");
}

/** Runs a script that has `redisStore`, and resolves to what it prints when it ends by itself. */
export async function runScript(path: string, body: string): Promise<string> {
  const script = `const { redisStore } = require(${JSON.stringify(path)}); (async () => { ${body} })();`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"], timeout: 10_000 });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  const [code, signal] = await once(child, "close");
  return code === 0 ? printed : `${printed}ended with ${signal ?? code}`;
}
