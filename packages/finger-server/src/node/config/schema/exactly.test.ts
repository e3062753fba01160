import { expect, it } from "vitest";
import * as z from "zod/mini";
import { exactly } from "./exactly.js";

interface Wanted {
  readonly users?: string | undefined;
  readonly ports?: readonly number[] | undefined;
}

const users = z.optional(z.string());
const ports = z.optional(z.array(z.number()));

it("takes a schema of what is wanted, and none of more, of less or of something else", () => {
  const schema = z.strictObject({ users, ports });
  const wanted: z.ZodMiniType<Wanted> = exactly(schema);
  expect(wanted).toBe(schema);

  // @ts-expect-error There is a key more.
  const more: z.ZodMiniType<Wanted> = exactly(z.strictObject({ users, ports, hosts: users }));
  // @ts-expect-error There is a key less.
  const less: z.ZodMiniType<Wanted> = exactly(z.strictObject({ users }));
  // @ts-expect-error A port is a number.
  const other: z.ZodMiniType<Wanted> = exactly(z.strictObject({ users, ports: z.optional(z.array(z.string())) }));
  expect([more, less, other]).not.toContain(wanted);
});
