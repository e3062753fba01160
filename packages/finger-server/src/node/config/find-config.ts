import { type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { FingerError } from "finger-protocol";
import { explainSystemError, toConfigError } from "./config-error.js";

const MODULES = ["ts", "mjs", "js"];
const DATA = ["json", "yaml", "yml", "toml"];

/** What a config is called where none is named. */
const CONFIG_NAMES: readonly string[] = [...MODULES, ...DATA, ...DATA.map((ending) => `${ending}.age`)].map(
  (ending) => `finger.config.${ending}`,
);

/**
 * The path of the config in a folder, if there is one.
 *
 * @throws `FingerError` `ERR_FINGER_CONFIG` when there are several, or the folder cannot be looked into.
 */
export function findConfig(folder: string): string | undefined {
  const [found, other, ...rest] = CONFIG_NAMES.map((name) => join(folder, name)).filter(isThere);
  if (other === undefined) {
    if (found !== undefined) assertOwn(found, folder);
    return found;
  }
  const what = `There are ${rest.length + 2} configs: ${[found, other, ...rest].join(", ")}`;
  throw new FingerError("ERR_FINGER_CONFIG", `${what}. Keep one of them, or say which one counts.`);
}

/** What nobody has named may be code, and is run by who happens to be in that folder: it has to be theirs, or root's. */
function assertOwn(path: string, folder: string): void {
  const self = process.getuid?.();
  if (self === undefined) return;
  const strange = [folder, path].find((place) => isStrange(statSync(place), self));
  if (strange === undefined) return;
  const why = `${strange} belongs to somebody else, or others can write to it`;
  throw toConfigError(path, `${why}. Name it with --config if you mean it`);
}

function isStrange({ uid, mode }: Stats, self: number): boolean {
  return (uid !== 0 && uid !== self) || (mode & WRITABLE_BY_ALL) !== 0;
}

const WRITABLE_BY_ALL = 0o002;

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw toConfigError(path, `it cannot be read: ${explainSystemError(error)}`, error);
  }
}
