import type { Service } from "../../service/service.js";
import { type Adapter, makeByAdapter } from "./adapters.js";
import type { ApplicationDescription } from "./description.js";
import type { Fixtures } from "./fixtures.js";
import type { Parts } from "./parts.js";
import type { PluginContext } from "./plugin.js";

/** Makes, or keeps, the bot. */
export async function takeBot(
  { irc }: ApplicationDescription,
  parts: Parts,
  { provider, logger }: PluginContext,
  { folder }: Fixtures,
): Promise<readonly Service[]> {
  if (irc === undefined) return [];
  const make = () => makeByAdapter<Service>(ADAPTER, { url: irc, provider, logger }, folder);
  return [await parts.take("irc", irc, make)];
}

const ADAPTER: Adapter = { option: "irc", from: "finger-adapters-irc", name: "createFingerBot" };
