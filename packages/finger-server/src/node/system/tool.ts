import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { SEARCH_PATH } from "./search-path.js";

/**
 * Runs a tool of the machine, and resolves to what it prints, a character for each byte; `undefined` when the tool is not
 * there. It has no shell, writes times in UTC, and is ended when it takes too long.
 *
 * @throws When it fails.
 */
export async function runTool(command: string, args: readonly string[], timeout: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      ...{ timeout, env: ENVIRONMENT, cwd: "/" },
      ...{ encoding: "latin1", maxBuffer: MOST, killSignal: "SIGKILL" },
    });
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Nothing of ours: a pager, or a language, would change what is printed. */
const ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: SEARCH_PATH,
  LC_ALL: "C",
  TZ: "UTC",
  SYSTEMD_COLORS: "0",
  SYSTEMD_PAGER: "",
};
const MOST = 16 * 1024 * 1024;
