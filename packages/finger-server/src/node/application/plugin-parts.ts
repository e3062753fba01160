import { FingerError } from "finger-protocol";
import type { Service } from "../../service/service.js";
import type { ApplicationDescription, PluginDescription } from "./description.js";
import type { Part, Parts } from "./parts.js";
import { loadPlugin, type PluginContext, type PluginParts } from "./plugin.js";

/** Makes, or keeps, what plug-ins add. */
export async function takePlugins(
  { plugins = {} }: ApplicationDescription,
  parts: Parts,
  context: PluginContext,
): Promise<ReadonlyArray<Part<PluginParts>>> {
  const taken: Array<Part<PluginParts>> = [];
  for (const [name, description] of Object.entries(plugins)) {
    const full = `plug-in ${name}`;
    const part = await parts.take(full, description, async () => {
      const value = await makeParts(name, description, context);
      return { value, service: toNamed(full, value.service) };
    });
    taken.push(part);
  }
  return taken;
}

async function makeParts(name: string, description: PluginDescription, context: PluginContext): Promise<PluginParts> {
  const plugin = await loadPlugin(name, description);
  try {
    return (await plugin(description.options, context)) ?? {};
  } catch (cause) {
    if (FingerError.is(cause)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FingerError("ERR_FINGER_CONFIG", `The plug-in ${name} cannot be made: ${why}`, { cause });
  }
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
