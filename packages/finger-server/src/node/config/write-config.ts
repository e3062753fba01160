import { randomUUID } from "node:crypto";
import { chown, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { ApplicationDescription } from "../application/description.js";
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
    await replaceFile(resolve(path), written);
  } catch (cause) {
    throw toConfigError(path, `it cannot be written: ${explainSystemError(cause)}`, cause);
  }
}

/** Who reads meanwhile reads the one or the other; when it resolves, the file outlives the machine. */
async function replaceFile(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  const draft = join(folder, `.${basename(path)}.${randomUUID()}`);
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await keepOwner(draft, path);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

/** Root may write for a server that is not. */
async function keepOwner(draft: string, path: string): Promise<void> {
  const before = await stat(path).catch(() => undefined);
  if (process.getuid?.() === 0 && before !== undefined && before.uid !== 0) await chown(draft, before.uid, before.gid);
}

/** A name is on the disk when its folder is (fsync(2)). Windows cannot do that, and does not need to. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
