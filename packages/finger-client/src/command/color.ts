import type { CommandIO } from "./io.js";

/** Whether a terminal is there that shows colours, and nobody minds them. */
export function isColorful({ env, isTerminal }: CommandIO): boolean {
  return !env["NO_COLOR"] && env["TERM"] !== "dumb" && isTerminal("out");
}
