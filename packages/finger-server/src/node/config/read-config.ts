import { dirname, resolve } from "node:path";
import type { ApplicationDescription } from "../application/description.js";
import { type CheckOptions, checkDescription } from "./check.js";
import { toConfigError } from "./config-error.js";
import { decrypt, isEncrypted } from "./encrypted.js";
import { type DataFormat, parseData, toDataFormat } from "./formats.js";
import { isModule, readModule } from "./module-config.js";
import { decodeUtf8, readBytes } from "./read-bytes.js";
import { resolvePaths } from "./resolve-paths.js";

/** How a config is read. */
export interface ReadConfigOptions extends CheckOptions {
  /** For a file that ends in `.age`. */
  readonly passphrase?: string | undefined;
}

/**
 * Reads a config: data in JSON, YAML or TOML, encrypted where the path ends in `.age`, or a module that exports it by default.
 * Its paths are made absolute, from the folder of the file.
 *
 * @throws `FingerError` `ERR_FINGER_CONFIG`, with every mistake. Its `cause` is what the system says, if it does.
 */
export async function readConfig(
  path: string,
  { passphrase, isPart }: ReadConfigOptions = {},
): Promise<ApplicationDescription> {
  const file = resolve(path);
  const format = toDataFormat(path);
  if (format === undefined && !isModule(path)) throw noConfig(path);
  const data = format === undefined ? await readModule(file) : await readData(path, format, passphrase);
  return resolvePaths(checkDescription(data, path, { isPart }), dirname(file));
}

async function readData(path: string, format: DataFormat, passphrase: string | undefined): Promise<unknown> {
  const bytes = await readBytes(path);
  const plain = isEncrypted(path) ? await decrypt(bytes, passphrase, path) : bytes;
  return parseData(decodeUtf8(plain, path), format, path);
}

function noConfig(path: string): Error {
  return toConfigError(
    path,
    "its name must end in .json, .yaml, .yml or .toml, with .age behind it or not, in .js or in .ts",
  );
}
