import * as z from "zod/mini";

/** What stands in the JSON Schema of a value beside what its schema says. */
export interface Note {
  /** Its name, by which it is referred to where it stands in several places. */
  readonly id?: string;
  readonly description?: string;
  /** Roughly what is refused otherwise, for an editor to see it. */
  readonly pattern?: string;
}

/** What is known of each schema. */
export const NOTES: z.core.$ZodRegistry<Note> = z.registry<Note>();
