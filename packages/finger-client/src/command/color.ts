import type { CommandLine } from "./command-line.js";
import type { CommandIO } from "./io.js";

/** Whether what is ours is shown in colours: on a terminal that can, unless somebody minds. */
export function isColored({ color }: CommandLine, { env, isTerminal }: CommandIO): boolean {
  if (color === "always" || color === "never") return color === "always";
  return !env["NO_COLOR"] && env["TERM"] !== "dumb" && isTerminal("out");
}
