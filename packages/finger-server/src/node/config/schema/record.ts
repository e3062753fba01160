import * as z from "zod/mini";
import { NOTES } from "./notes.js";

/** A key that may be left out. */
export function key<T extends z.ZodMiniType>(description: string, schema: T): z.ZodMiniOptional<T> {
  return needed(description, z.optional(schema));
}

/** A key that must be there. */
export function needed<T extends z.ZodMiniType>(description: string, schema: T): T {
  NOTES.add(schema, { ...NOTES.get(schema), description });
  return schema;
}

/**
 * A record with these keys and no others. zod carries no more than a text: for a key that there is not, that are the keys that
 * there are.
 *
 * @param what - What it must be.
 * @param elsewhere - Keys of other records, with their paths, that may be looked for here.
 */
export function record<Shape extends z.core.$ZodShape>(
  what: string,
  shape: Shape,
  elsewhere: readonly string[] = [],
): z.ZodMiniObject<Shape, z.core.$strict> {
  const names = [...Object.keys(shape), ...elsewhere].join(" ");
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? names : `it must be ${what}`),
  });
}
