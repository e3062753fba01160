import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { FingerError } from "finger-protocol";
import { within } from "../../within.js";
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
  /** Where its packages are looked for: the folder of the config file, or else the one that the command was called in. */
  readonly folder: string;
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
 * @param passed - The names of the sockets that were passed to it. @default that is not known
 */
export async function readWanted(
  values: CommandValues,
  { env = {}, signal }: CommandIO,
  folder: string,
  passed?: readonly string[],
): Promise<Wanted> {
  const path = values.config === undefined ? findConfig(folder) : resolve(folder, values.config);
  const passphrase = await readPassphrase(values["passphrase-file"], folder);
  const base = path === undefined ? {} : await readInTime(path, passphrase, signal);
  const given = resolvePaths(applyOptions(base, values, env), folder);
  const ownFolder = answersForSomebody(given) ? undefined : join(toStateFolder(env), "statuses");
  const whole = ownFolder === undefined ? given : { ...given, store: `file:${ownFolder}` };
  const description = checkWhole(whole, path, passed);
  return { folder: path === undefined ? folder : dirname(path), path, ownFolder, description };
}

/** How long a config may take that is a program, in milliseconds. */
const PATIENCE = 10_000;

async function readInTime(
  path: string,
  passphrase: string | undefined,
  signal: AbortSignal,
): Promise<ApplicationDescription> {
  try {
    return await within(PATIENCE, signal, () => readConfig(path, { passphrase, isPart: true }));
  } catch (cause) {
    if (!FingerError.is(cause) || cause.code !== "ERR_FINGER_TIMEOUT") throw cause;
    const why = `what it exports was not there after ${PATIENCE / 1000} seconds`;
    throw new FingerError("ERR_FINGER_CONFIG", `${path} cannot be read: ${why}.`, { cause });
  }
}

/** What does not go together is a wrong usage when there is no file in which it could be wrong. */
function checkWhole(
  description: ApplicationDescription,
  path: string | undefined,
  passed: readonly string[] | undefined,
): ApplicationDescription {
  try {
    return checkDescription(description, path ?? "the options", { passed });
  } catch (error) {
    throw path === undefined ? new UsageError((error as Error).message) : error;
  }
}

function answersForSomebody({ users, system, store, routes, plugins }: ApplicationDescription): boolean {
  return [users, system || undefined, store, routes, plugins].some((source) => source !== undefined);
}

async function readPassphrase(path: string | undefined, folder: string): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return (await readFile(resolve(folder, path), "utf8")).replace(/\r?\n$/, "");
  } catch (cause) {
    throw new FingerError("ERR_FINGER_CONFIG", `The passphrase file cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}
