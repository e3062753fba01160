import { chmod, chown, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Account, PLACES, writeMachine } from "./made-up-machine.js";
import { withMounts } from "./mounts.js";
import { type RunningServer, type RunOptions, startServer } from "./server-command.js";

/** A machine where homes belong to whose they are; its files lie in a folder, and over the real ones for programs there. */
export interface SystemMachine {
  readonly folder: string;
  /** The home of an account, on this machine and on the real one. */
  home(login: string): string;
  /** The command that runs another one there. */
  at(argv: readonly string[]): readonly string[];
  /** Starts the server there, which has no limits. */
  serve(args: readonly string[], options?: RunOptions): Promise<RunningServer>;
  remove(): Promise<void>;
}

/**
 * Makes it; for that root has to be real.
 *
 * @param others - What else lies over the real places, by those.
 */
export async function makeSystemMachine(
  accounts: readonly Account[],
  others: Readonly<Record<string, string>> = {},
): Promise<SystemMachine> {
  const folder = await mkdtemp(join(tmpdir(), "finger-system-"));
  await chmod(folder, 0o755);
  await writeMachine(folder, accounts);
  await giveHomes(folder);
  const places = Object.fromEntries(Object.entries(PLACES).map(([name, place]) => [place, join(folder, name)]));
  const at = (argv: readonly string[]) => withMounts({ ...places, ...others }, argv);
  return {
    folder,
    home: (login) => join(folder, "home", login),
    at,
    serve: (args, options) =>
      startServer(["--system", "--port", "0", ...NO_LIMITS, ...args], { before: at([]), ...options }),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** Gives the homes that passwd(5) names, and what is in them, to their accounts. */
export async function giveHomes(folder: string): Promise<void> {
  const lines = (await readFile(join(folder, "passwd"), "utf8")).trimEnd().split("\n");
  for (const line of lines) {
    const [, , uid, , , directory = ""] = line.split(":");
    const names = await readdir(directory);
    for (const path of [directory, ...names.map((name) => join(directory, name))]) {
      await chown(path, Number(uid), Number(uid));
    }
  }
}

const NO_LIMITS = ["rate", "per-peer", "connections", "answer-bytes"].flatMap((name) => ["--limit", `${name}=off`]);
