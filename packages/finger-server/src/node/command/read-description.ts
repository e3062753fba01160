import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ApplicationDescription } from "../application/description.js";
import { checkDescription } from "../config/check.js";
import { findConfig } from "../config/find-config.js";
import { readConfig } from "../config/read-config.js";
import { resolvePaths } from "../config/resolve-paths.js";
import type { CommandValues } from "./command-line.js";
import { applyOptions } from "./describe.js";
import { UsageError } from "./exit-code.js";
import type { CommandIO } from "./io.js";
import { toStateFolder } from "./places.js";

/** What is to be done, by the config file and the options. */
export interface Wanted {
  /** The config file, where there is one. */
  readonly path: string | undefined;
  /** All its paths are absolute. */
  readonly description: ApplicationDescription;
  /** The folder of the statuses, when neither the file nor the options say whom to answer for. */
  readonly ownFolder: string | undefined;
}

/**
 * Reads the config file, and lets the options speak. It may be called again to learn what has changed.
 *
 * @param folder - The working directory that the command was called in.
 */
export async function readWanted(values: CommandValues, { env = {} }: CommandIO, folder: string): Promise<Wanted> {
  const path = values.config ?? findConfig(folder);
  const passphrase = await readPassphrase(values["passphrase-file"]);
  const base = path === undefined ? {} : await readConfig(path, { passphrase, isPart: true });
  const given = resolvePaths(applyOptions(base, values, env), folder);
  const ownFolder = answersForSomebody(given) ? undefined : join(toStateFolder(env), "statuses");
  const whole = ownFolder === undefined ? given : { ...given, store: `file:${ownFolder}` };
  return { path, ownFolder, description: checkWhole(whole, path) };
}

/** What does not go together is a wrong usage when there is no file in which it could be wrong. */
function checkWhole(description: ApplicationDescription, path: string | undefined): ApplicationDescription {
  try {
    return checkDescription(description, path ?? "the options");
  } catch (error) {
    throw path === undefined ? new UsageError((error as Error).message) : error;
  }
}

function answersForSomebody({ users, store, routes, plugins }: ApplicationDescription): boolean {
  return [users, store, routes, plugins].some((source) => source !== undefined);
}

async function readPassphrase(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return (await readFile(path, "utf8")).replace(/\r?\n$/, "");
  } catch (error) {
    throw new UsageError(`--passphrase-file cannot be read: ${(error as Error).message}`);
  }
}
