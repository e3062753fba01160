import * as z from "zod/mini";
import { alias } from "../../../wrappers/alias.js";
import { exactly } from "./exactly.js";
import { text } from "./values.js";

const ALIASES_WHY = "it must be the path of a file, or a record with a user for each alias";

export const ALIASES: z.ZodMiniType<string | Readonly<Record<string, string>>> = exactly(
  z.union(
    [
      text("the path of a file of aliases"),
      z.record(z.string(), text("a text: the user that it stands for"), ALIASES_WHY).check(
        z.check(({ value, issues }) => {
          try {
            alias(() => undefined, value);
          } catch (error) {
            issues.push({ code: "custom", message: toClause(error as Error), input: value, continue: true });
          }
        }),
      ),
    ],
    ALIASES_WHY,
  ),
);

/** A sentence as a clause. */
function toClause({ message }: Error): string {
  return `${message.charAt(0).toLowerCase()}${message.slice(1).replace(/\.$/, "")}`;
}
