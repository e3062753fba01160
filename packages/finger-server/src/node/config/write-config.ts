import { basename, resolve } from "node:path";
import type { ApplicationDescription } from "../application/description.js";
import { replaceSecret } from "../folder/replace-file.js";
import { checkDescription } from "./check.js";
import { explainSystemError, toConfigError } from "./config-error.js";
import { encrypt, isEncrypted } from "./encrypted.js";
import { formatData, toDataFormat } from "./formats.js";

/** How a config is written. */
export interface WriteConfigOptions {
  /** For a file that ends in `.age`, and needed there. */
  readonly passphrase?: string | undefined;
}

/**
 * Writes a description, so that {@link readConfig} reads it: in JSON, YAML or TOML, as the path ends, and encrypted when it ends in
 * `.age`. The file is for its owner alone, and replaces another one as a whole.
 *
 * @throws `FingerError` `ERR_FINGER_CONFIG` when the description is wrong, or cannot be written.
 */
export async function writeConfig(
  path: string,
  description: ApplicationDescription,
  { passphrase }: WriteConfigOptions = {},
): Promise<void> {
  const format = toDataFormat(path);
  if (format === undefined) {
    throw toConfigError(path, "its name must end in .json, .yaml, .yml or .toml, with .age behind it or not");
  }
  const isSecret = isEncrypted(path);
  if (isSecret && !passphrase) throw toConfigError(path, "it is to be encrypted; give a passphrase");
  if (!isSecret && passphrase) throw toConfigError(path, `it would not be encrypted; call it ${basename(path)}.age`);
  const text = await formatData(checkDescription(description, path), format, path);
  const written = isSecret ? await encrypt(text, passphrase ?? "", path) : text;
  try {
    await replaceSecret(resolve(path), written);
  } catch (cause) {
    throw toConfigError(path, `it cannot be written: ${explainSystemError(cause)}`, cause);
  }
}
