import { FingerError } from "finger-protocol";
import type { Service } from "../../service/service.js";
import { within } from "../../within.js";
import type { ApplicationDescription, PluginDescription } from "./description.js";
import type { Part, Parts } from "./parts.js";
import { loadPlugin, type PluginContext, type PluginParts } from "./plugin.js";

/** Makes, or keeps, what plug-ins add. */
export async function takePlugins(
  { plugins = {}, store }: ApplicationDescription,
  parts: Parts,
  context: PluginContext,
  folder: string,
): Promise<ReadonlyArray<Part<PluginParts>>> {
  const taken: Array<Part<PluginParts>> = [];
  for (const [name, description] of Object.entries(plugins)) {
    const full = `plug-in ${name}`;
    const part = await parts.take(full, [description, store], async () => {
      const value = await makeParts(name, description, context, folder);
      return { value, service: toNamed(full, value.service) };
    });
    taken.push(part);
  }
  return taken;
}

async function makeParts(
  name: string,
  description: PluginDescription,
  context: PluginContext,
  folder: string,
): Promise<PluginParts> {
  const plugin = await loadPlugin(name, description, folder);
  try {
    const make = async () => plugin(description.options, context);
    return toParts(await within(PATIENCE, undefined, make));
  } catch (cause) {
    if (FingerError.is(cause) && cause.code !== "ERR_FINGER_TIMEOUT") throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FingerError("ERR_FINGER_CONFIG", `The plug-in ${name} cannot be made: ${why}`, { cause });
  }
}

/** How long a plug-in may take to make its parts, in milliseconds. */
const PATIENCE = 10_000;

/** @throws `TypeError` for what is no part. */
function toParts(given: unknown): PluginParts {
  const { provider, service } = Object(given) as Partial<Record<keyof PluginParts, unknown>>;
  const isProvider = typeof provider === "function" || has(provider, "lookup");
  if (provider !== undefined && !isProvider) throw new TypeError("its provider is neither a function nor has a lookup");
  if (service !== undefined && !(has(service, "start") && has(service, "stop"))) {
    throw new TypeError("its service has no start and stop");
  }
  return { provider, service } as PluginParts;
}

function has(value: unknown, method: string): boolean {
  return typeof (Object(value) as Record<string, unknown>)[method] === "function";
}

/** A service under another name; none is one that does nothing. */
function toNamed(name: string, service: Service | undefined): Service {
  return {
    name,
    prepare: async (signal) => service?.prepare?.(signal),
    start: async (signal) => service?.start(signal),
    stop: async (signal) => service?.stop(signal),
  };
}
