import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { haveEnded } from "../../support/programs.js";
import { createTmux } from "./tmux.js";

/** An irssi in a terminal of 80 columns and 24 lines, which tmux draws. It puts whatever it hears into one window. */
export interface Irssi {
  /** Types a line. */
  type(line: string): Promise<void>;
  /** What it shows, with SGR where there are colours, if those are asked for. */
  read(how?: "colors"): Promise<string>;
  close(): Promise<void>;
}

/** Starts it, and has it go to a server at 127.0.0.1. */
export async function openIrssi(port: number, nick: string): Promise<Irssi> {
  const folder = await mkdtemp(join(tmpdir(), "finger-irssi-"));
  const tmux = createTmux(folder, "/dev/null");
  await writeFile(join(folder, "config"), CONFIG);
  const args = [`--home=${folder}`, "--connect=127.0.0.1", `--port=${port}`, `--nick=${nick}`];
  await tmux("new-session", "-d", "-x", "80", "-y", "24", "irssi", ...args);
  return {
    async type(line) {
      await tmux("send-keys", "-l", line);
      await tmux("send-keys", "Enter");
    },
    read: (how) => tmux("capture-pane", "-p", ...(how === undefined ? [] : ["-e"])),
    async close() {
      const pid = Number(await tmux("display-message", "-p", "#{pane_pid}"));
      await tmux("kill-server");
      // It writes into its folder until it has gone.
      await haveEnded([pid]);
      await rm(folder, { recursive: true });
    },
  };
}

const CONFIG = `
settings = {
  core = { real_name = "Ada"; user_name = "ada"; };
  "fe-common/core" = { autocreate_query_level = "NONE"; use_status_window = "no"; autocreate_windows = "no"; };
};
`;
