import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Gives a command to a tmux of one's own, and resolves to what it prints, without the blanks behind it. */
export type Tmux = (...argv: readonly string[]) => Promise<string>;

/** Makes a tmux whose socket is in a folder, and whose programs write UTF-8 and see nothing of the terminal of the test. */
export function createTmux(folder: string, config: string): Tmux {
  const { NO_COLOR: _, FINGER: __, TMUX: ___, ...own } = process.env;
  const env = { ...own, TMUX_TMPDIR: folder, LC_ALL: "C.UTF-8" };
  return async (...argv) => {
    const { stdout } = await promisify(execFile)("tmux", ["-L", "finger", "-f", config, "-u", ...argv], { env });
    return stdout.trimEnd();
  };
}
