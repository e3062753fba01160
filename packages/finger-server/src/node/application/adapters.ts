import { FingerError } from "finger-protocol";
import type { Service } from "../../service/service.js";
import { loadModule } from "./plugin.js";

/** An adapter package, and what of it makes the service of another channel. They are installed by who needs them. */
export interface Adapter {
  /** The key that takes it, for messages. */
  readonly option: string;
  readonly from: string;
  readonly name: string;
}

/**
 * Makes the service of an adapter package.
 *
 * @param folder - Where the package is looked for first.
 * @throws `FingerError` `ERR_FINGER_CONFIG`, with what to install, or what is wrong with the options.
 */
export async function makeByAdapter<Made extends Service>(
  { option, from, name }: Adapter,
  options: object,
  folder: string,
): Promise<Made> {
  const { [name]: create } = await loadModule(from, `What ${option} takes`, folder);
  if (typeof create !== "function") {
    throw new FingerError("ERR_FINGER_CONFIG", `The package ${from} has no ${name}; install a newer one.`);
  }
  try {
    return create(options) as Made;
  } catch (cause) {
    const { message } = cause as Error;
    throw new FingerError("ERR_FINGER_CONFIG", `What ${option} takes cannot be made: ${message}`, { cause });
  }
}
