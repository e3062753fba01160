import * as z from "zod/mini";
import type { PluginDescription } from "../../application/description.js";
import { exactly } from "./exactly.js";
import { key, needed, record } from "./record.js";
import { moduleName } from "./values.js";

export const PLUGIN: z.ZodMiniType<PluginDescription> = exactly(
  record("a record with a module", {
    module: needed("A path that begins with a dot or a slash, or the name of an installed package.", moduleName()),
    options: key("What the module is given; it says what that may be.", z.unknown()),
  }),
);
