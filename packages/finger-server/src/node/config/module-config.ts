import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { FingerError } from "finger-protocol";
import { explainSystemError, toConfigError } from "./config-error.js";
import { hidePasswords } from "./hide-passwords.js";
import { importModule } from "./import-module.js";

const MODULE = /\.(?:[cm]?js|ts)$/;

/** Whether the ending of a path stands for a module. */
export function isModule(path: string): boolean {
  return MODULE.test(path);
}

/**
 * Gives what a module exports by default or, when that is a function, what it gives. A module that has changed is read anew; its own
 * imports are not.
 *
 * @param path - Absolute.
 * @throws `FingerError` `ERR_FINGER_CONFIG`; its `cause` is what was thrown.
 */
export async function readModule(path: string): Promise<unknown> {
  const version = await readVersion(path);
  const exports = await load(path, version);
  if (!("default" in exports)) {
    throw toConfigError(path, "the module exports nothing by default; write export default { users: ... }");
  }
  try {
    const exported = await exports["default"];
    return typeof exported === "function" ? await exported() : exported;
  } catch (cause) {
    throw toConfigError(path, `its function failed: ${toMessage(cause)}`, cause);
  }
}

/** What changes when the file does. */
async function readVersion(path: string): Promise<string> {
  try {
    const { mtimeNs, size } = await stat(path, { bigint: true });
    return `${mtimeNs}-${size}`;
  } catch (cause) {
    throw toConfigError(path, `it cannot be read: ${explainSystemError(cause)}`, cause);
  }
}

type Exports = Readonly<Record<string, unknown>>;

/** What was loaded last of each path: what has not changed is not loaded again, for what is loaded stays in memory. */
const LOADED = new Map<string, { readonly version: string; readonly exports: Exports }>();

async function load(path: string, version: string): Promise<Exports> {
  const known = LOADED.get(path);
  if (known?.version === version) return known.exports;
  const exports = await loadAnew(path, version);
  LOADED.set(path, { version, exports });
  return exports;
}

async function loadAnew(path: string, version: string): Promise<Exports> {
  // CommonJS is remembered by its path alone.
  delete createRequire(path).cache[path];
  try {
    if (path.endsWith(".ts") && !hasTypeScript()) return await loadByJiti(path);
    return await importModule(`${pathToFileURL(path).href}?v=${version}`);
  } catch (cause) {
    if (FingerError.is(cause)) throw cause;
    throw toConfigError(`${path}${toPlace(cause)}`, `it cannot be loaded: ${toMessage(cause)}`, cause);
  }
}

/** From 22.18 on Node leaves types out by itself. */
function hasTypeScript(): boolean {
  return Boolean((process.features as { readonly typescript?: unknown }).typescript);
}

async function loadByJiti(path: string): Promise<Exports> {
  const { createJiti } = await findJiti(path);
  // Neither memory of jiti would see that the file has changed, or let go of what it was.
  return createJiti(path, { moduleCache: false, fsCache: false, interopDefault: false }).import<Exports>(path);
}

/** It is installed by who needs it: with the config, or beside this package. */
async function findJiti(path: string): Promise<typeof import("jiti")> {
  try {
    return createRequire(path)("jiti");
  } catch {
    try {
      return await import("jiti");
    } catch (cause) {
      const what = `Node ${process.versions.node} reads no TypeScript, and the package jiti is not there`;
      const remedy = "use Node 22.18 or newer, write JavaScript, or install it beside finger-server: npm install jiti";
      throw toConfigError(path, `${what}; ${remedy}`, cause);
    }
  }
}

function toMessage(error: unknown): string {
  const { message = String(error) } = Object(error) as Partial<Error>;
  const [line = ""] = hidePasswords(message).split("\n");
  return line.replace(/\.$/, "");
}

/** For some mistakes Node puts the line before the stack. */
function toPlace(error: unknown): string {
  const line = /^[^\n]*:(\d+)\n/.exec(String((Object(error) as Partial<Error>).stack))?.[1];
  return error instanceof SyntaxError && line !== undefined ? `, line ${line}` : "";
}
