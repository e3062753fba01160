import { isAbsolute, resolve } from "node:path";

/**
 * Where the home of an account is, by its field in passwd(5); `undefined` when that leads nowhere, or to what is nobody's
 * own, such as the folder of all.
 *
 * @example toHomePath("/home/ftp/./alice/") // "/home/ftp/alice"
 */
export function toHomePath(directory: string): string | undefined {
  if (!isAbsolute(directory) || directory.includes("\0") || directory.split("/").includes("..")) return undefined;
  const path = resolve(directory);
  return NOBODYS.has(path) ? undefined : path;
}

const NOBODYS: ReadonlySet<string> = new Set(["/", "/nonexistent", "/dev/null"]);
