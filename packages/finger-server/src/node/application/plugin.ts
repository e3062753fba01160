import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { FingerError } from "finger-protocol";
import type { Logger } from "../../logger.js";
import type { LookupFunction, LookupProvider } from "../../provider.js";
import type { Service } from "../../service/service.js";
import type { StatusStore } from "../../store/status-store.js";
import { importModule } from "../config/import-module.js";
import { isMissingModule } from "../missing-module.js";
import type { PluginDescription } from "./description.js";

/**
 * What the module of a plug-in exports by default. It makes its parts, and begins nothing: that is for the `start` of its
 * service. It is asked anew when its description has changed.
 *
 * @param options - What its description says; to be checked.
 *
 * @example
 * ```ts
 * import type { Plugin } from "finger-server";
 *
 * const plugin: Plugin = async () => ({ provider: (name) => (name === "time" ? new Date().toISOString() : undefined) });
 * ```
 */
export type Plugin = (options: unknown, context: PluginContext) => PluginParts | Promise<PluginParts>;

/** What a plug-in has of its application. */
export interface PluginContext {
  /** All answers of the application, for another channel to give. Questions wait until it has started. */
  readonly provider: Required<LookupProvider>;
  /** Where statuses are kept, if they are. */
  readonly store: StatusStore | undefined;
  readonly logger: Logger;
}

/** What a plug-in adds to its application. */
export interface PluginParts {
  /** Is asked for who is not known otherwise. */
  readonly provider?: LookupProvider | LookupFunction | undefined;
  /** Runs as long as the application does, under the name that the plug-in has in the description. */
  readonly service?: Service | undefined;
}

/**
 * Loads the module of a plug-in.
 *
 * @throws `FingerError` `ERR_FINGER_CONFIG` when there is none, or it exports no function by default.
 */
export async function loadPlugin(name: string, { module }: PluginDescription, folder: string): Promise<Plugin> {
  const { default: plugin } = await loadModule(module, `The plug-in ${name}`, folder);
  if (typeof plugin === "function") return plugin as Plugin;
  const what = `The plug-in ${name} exports no function by default (${module})`;
  throw new FingerError("ERR_FINGER_CONFIG", `${what}; see the type Plugin of finger-server.`);
}

/**
 * Loads a module by its path, or a package by its name: as it is installed in a folder, or else beside this one.
 *
 * @param who - Whose it is, for the message.
 */
export async function loadModule(
  module: string,
  who: string,
  folder: string,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await importModule(findModule(module, folder));
  } catch (cause) {
    const { message } = cause as Error;
    const remedy = isMissingModule(cause) && !isPath(module) ? `; install it: npm install ${module}` : "";
    throw new FingerError("ERR_FINGER_CONFIG", `${who} cannot be loaded: ${message}${remedy}`, { cause });
  }
}

function findModule(module: string, folder: string): string {
  if (isPath(module)) return pathToFileURL(resolve(module)).href;
  try {
    return pathToFileURL(createRequire(join(folder, "finger.config.js")).resolve(module)).href;
  } catch {
    return module;
  }
}

function isPath(module: string): boolean {
  return /^\.{0,2}\//.test(module);
}
