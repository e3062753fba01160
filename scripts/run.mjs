import { spawnSync } from "node:child_process";
import { delimiter, resolve } from "node:path";

/** The tools of the workspace are found whether or not pnpm started the script. */
const env = { ...process.env, PATH: [resolve("node_modules/.bin"), process.env["PATH"]].join(delimiter) };

/**
 * Runs a tool and shows what it prints.
 *
 * @param {string} command
 * @param {...string} args
 * @throws {Error} that says why, when it fails or cannot be started.
 */
export function run(command, ...args) {
  const { status, signal, error } = spawnSync(command, args, { stdio: "inherit", env });
  if (error) throw new Error(`${command} cannot be started (${error.message}); run: npx -y pnpm@10 install`);
  if (status !== 0) throw new Error(`${command} ended with ${signal ?? `exit code ${status}`}`);
}
