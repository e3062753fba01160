import * as z from "zod/mini";
import { DESCRIPTION } from "./schema/description.js";
import { NOTES } from "./schema/notes.js";

/** The JSON Schema (draft 2020-12) of a config file, for editors. It is made at build time: nothing that runs imports this. */
export function toJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(DESCRIPTION, { metadata: NOTES, override: leaveOutUsual });
  return { $schema, $id: ID, title: "The config of finger-server", ...schema };
}

/** Where it can be found by its version, as part of the package. */
const ID = "https://unpkg.com/finger-server/finger.config.schema.json";

/** That names are texts, and whole numbers are whole, goes without saying. */
function leaveOutUsual({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  delete jsonSchema.propertyNames;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
