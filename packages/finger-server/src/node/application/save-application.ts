import type { Application } from "./application.js";
import type { ApplicationOptions } from "./options.js";

/** How an application is saved and loaded. */
export interface PersistenceOptions {
  /** What a file is encrypted with whose path ends in `.age`. It takes the package age-encryption, which you install. */
  readonly passphrase?: string | undefined;
}

/**
 * Saves what an application is made of: as JSON, YAML or TOML, by the ending of the path, and encrypted when `.age` stands
 * behind that, as age(1) does it. It is data, never code; services that were added by hand are no part of it. Relative paths are
 * from the working directory of now, and saved as a whole.
 *
 * The file is for its owner alone, and replaced as a whole or not at all.
 *
 * @throws `FingerError` `ERR_FINGER_CONFIG` when it cannot be written, or there is no passphrase for what is to be encrypted.
 *
 * @example
 * ```ts no-run
 * const application = await createApplication({ users: "/etc/finger/users", listen: 7979 });
 * await saveApplication("finger.json.age", application, { passphrase: "correct horse battery staple" });
 * const same = await loadApplication("finger.json.age", { passphrase: "correct horse battery staple" });
 * ```
 */
export async function saveApplication(
  path: string,
  application: Pick<Application, "describe">,
  options: PersistenceOptions = {},
): Promise<void> {
  const [{ writeConfig }, { resolvePaths }] = await Promise.all([
    import("../config/write-config.js"),
    import("../config/resolve-paths.js"),
  ]);
  await writeConfig(path, resolvePaths(application.describe(), process.cwd()), options);
}

/**
 * Makes an application of a saved description, or of a config file: JSON, YAML or TOML, encrypted or not, or a module that
 * exports it by default. Relative paths are from the folder of the file.
 *
 * @throws `FingerError` `ERR_FINGER_CONFIG` with every mistake; also when the passphrase is wrong, or the file was changed.
 *
 * @example
 * ```ts no-run
 * const application = await loadApplication("/etc/finger/finger.config.yaml");
 * await application.start();
 * ```
 */
export async function loadApplication(
  path: string,
  { passphrase, ...options }: PersistenceOptions & ApplicationOptions = {},
): Promise<Application> {
  const [{ readConfig }, { buildApplication }] = await Promise.all([
    import("../config/read-config.js"),
    import("./application.js"),
  ]);
  return buildApplication(await readConfig(path, { passphrase }), options);
}
