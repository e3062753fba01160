import type * as z from "zod/mini";

/** Takes a schema only when what it lets through is what is wanted; a key in one of them alone does not compile. */
export function exactly<Wanted, T extends z.ZodMiniType>(
  schema: T & (Same<Plain<z.output<T>>, Plain<Wanted>> extends true ? unknown : "the keys or their types differ"),
): z.ZodMiniType<Wanted> {
  return schema as z.ZodMiniType<Wanted>;
}

type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;

/** What may be read is what may be written: only the types of the values count. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [Name in keyof T]: Plain<T[Name]> }
    : T;
