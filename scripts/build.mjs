// Builds every package: tsup writes the JavaScript, tsc the declarations.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";

for (const folder of readdirSync("packages")) rmSync(`packages/${folder}/dist`, { recursive: true, force: true });
run("tsup", ["--config", "tsup.config.ts"]);
run("tsc", ["-b", "tsconfig.build.json"]);

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error) console.error(`${command} cannot be started (${error.message}); run: npx -y pnpm@10 install`);
  if (status !== 0) process.exit(status ?? 1);
}
