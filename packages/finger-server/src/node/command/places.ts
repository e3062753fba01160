import { homedir } from "node:os";
import { join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where files are when nobody says: of a system for root, of a person for others (XDG Base Directory Specification). */

/** The folder of what is to last. systemd says where, by `StateDirectory=` (systemd.exec(5)). */
export function toStateFolder(env: Environment, isRoot: boolean = process.getuid?.() === 0): string {
  const { STATE_DIRECTORY: given, XDG_STATE_HOME: state } = env;
  // It may name several folders.
  if (given !== undefined && given !== "") return given.split(":")[0] ?? given;
  if (isRoot) return "/var/lib/finger-server";
  return join(toAbsolute(state) ?? join(homedir(), ".local", "state"), "finger-server");
}

/** The pidfile of a daemon. */
export function toDefaultPidfile(env: Environment, isRoot: boolean = process.getuid?.() === 0): string {
  if (isRoot) return "/run/finger-server/finger-server.pid";
  const folder = toAbsolute(env["XDG_RUNTIME_DIR"]);
  return join(folder ?? toStateFolder(env, isRoot), "finger-server.pid");
}

/** The log of a daemon. */
export function toDefaultLogfile(env: Environment, isRoot: boolean = process.getuid?.() === 0): string {
  return isRoot ? "/var/log/finger-server.log" : join(toStateFolder(env, isRoot), "finger-server.log");
}

/** Relative paths are invalid there, and ignored. */
function toAbsolute(path: string | undefined): string | undefined {
  return path?.startsWith("/") ? path : undefined;
}
