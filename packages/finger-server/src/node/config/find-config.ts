import { statSync } from "node:fs";
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
  if (other === undefined) return found;
  const what = `There are ${rest.length + 2} configs: ${[found, other, ...rest].join(", ")}`;
  throw new FingerError("ERR_FINGER_CONFIG", `${what}. Keep one of them, or say which one counts.`);
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw toConfigError(path, `it cannot be read: ${explainSystemError(error)}`, error);
  }
}
