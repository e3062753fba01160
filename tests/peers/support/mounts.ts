import { spawnSync } from "node:child_process";

/** Servers that change who they are need more than the root of a user namespace, who is alone in it. */
export const IS_ROOT: boolean = process.getuid?.() === 0;

/** Makes mounts of our own: as root outright, otherwise as root of a user namespace. */
const UNSHARE = IS_ROOT ? ["-m"] : ["-rm"];

/** Tells whether this machine lets us make them. */
export function canMount(): boolean {
  return spawnSync("unshare", [...UNSHARE, "mount", "-t", "tmpfs", "tmpfs", "/run"]).status === 0;
}

/** The command that runs another, for which other files and folders lie at the places named. */
export function withMounts(places: Readonly<Record<string, string>>, argv: readonly string[]): readonly string[] {
  const mounts = Object.entries(places).map(([place, path]) => `mount --bind '${path}' '${place}'`);
  return ["unshare", ...UNSHARE, "sh", "-c", ["set -e", ...mounts, 'exec "$@"'].join("\n"), "sh", ...argv];
}
