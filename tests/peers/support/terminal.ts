import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CLIENT } from "./client.js";
import { createTmux } from "./tmux.js";

/** A terminal of 80 columns and 24 lines, which tmux draws, where the command runs. */
export interface Terminal {
  /** What it shows, without the blanks behind it; with SGR where there are colours, if those are asked for. */
  read(how?: "colors"): Promise<string>;
  /** What escape sequences set and is no text: titles, modes, tabs, and whether the cursor is seen. */
  readState(): Promise<string>;
  /** Presses a key, such as `C-c`. */
  press(key: string): Promise<void>;
  close(): Promise<void>;
}

/** Runs the command in a new terminal, which shows its exit code at the end. */
export async function openTerminal(args: readonly string[]): Promise<Terminal> {
  const folder = await mkdtemp(join(tmpdir(), "finger-tmux-"));
  const config = join(folder, "tmux.conf");
  await writeFile(config, CONFIG);
  const tmux = createTmux(folder, config);
  // The shell outlives an interrupt, and then keeps the terminal open.
  const script = `trap : INT; "$@"; printf '[exit %s]' $?; exec cat`;
  await tmux("new-session", "-d", "-x", "80", "-y", "24", "sh", "-c", script, "sh", ...CLIENT, ...args);
  return {
    read: async (how) => {
      if (how === undefined) return tmux("capture-pane", "-p");
      // That a colour is the usual one is written out by tmux, behind some changes.
      return (await tmux("capture-pane", "-p", "-e")).replaceAll(/\x1b\[[34]9m/g, "");
    },
    readState: () => tmux("display-message", "-p", STATE),
    press: async (key) => void (await tmux("send-keys", key)),
    close: async () => {
      await tmux("kill-server");
      await rm(folder, { recursive: true });
    },
  };
}

/** Programs may rename their window, as they may in other terminals, and nobody else does. */
const CONFIG = "set -g allow-rename on\nset -g automatic-rename off\n";

const STATE = [
  ...["pane_title", "window_name", "cursor_flag", "insert_flag", "wrap_flag", "origin_flag", "alternate_on"],
  ...["keypad_flag", "keypad_cursor_flag", "mouse_any_flag", "scroll_region_upper", "scroll_region_lower"],
  "pane_tabs",
]
  .map((name) => `${name}=#{${name}}`)
  .join(" ");
