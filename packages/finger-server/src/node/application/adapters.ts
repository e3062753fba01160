import { FingerError } from "finger-protocol";
import type { Service } from "../../service/service.js";
import type { ApplicationDescription } from "./description.js";
import type { Fixtures } from "./fixtures.js";
import type { Parts } from "./parts.js";
import { toSinglePlace } from "./places.js";
import { loadModule, type PluginContext } from "./plugin.js";

/** What an adapter package exports for the daemon: it makes the service of another channel. */
type CreateAdapter = (options: Readonly<Record<string, unknown>>) => Service;

/** Makes, or keeps, the services of the adapter packages that a description wants. They are installed by who needs them. */
export async function takeAdapters(
  { http, irc }: ApplicationDescription,
  parts: Parts,
  { provider, logger }: PluginContext,
  { sockets, folder }: Fixtures,
): Promise<readonly Service[]> {
  const take = (option: string, description: unknown, name: string, from: string, given: object) => {
    return parts.take(option, description, async () => {
      const create = await loadAdapter(option, from, name, folder);
      return create({ ...given, provider, logger });
    });
  };
  const services: Service[] = [];
  const where = toSinglePlace("http", http, sockets);
  if (where !== undefined) services.push(await take("http", where, "httpService", "finger-adapters-http", { where }));
  if (irc !== undefined) services.push(await take("irc", irc, "createFingerBot", "finger-adapters-irc", { url: irc }));
  return services;
}

/** @throws `FingerError` `ERR_FINGER_CONFIG`, with what to install. */
async function loadAdapter(option: string, from: string, name: string, folder: string): Promise<CreateAdapter> {
  const { [name]: create } = await loadModule(from, `What ${option} takes`, folder);
  if (typeof create === "function") return create as CreateAdapter;
  throw new FingerError("ERR_FINGER_CONFIG", `The package ${from} has no ${name}; install a newer one.`);
}
