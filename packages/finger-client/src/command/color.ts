import type { CommandLine } from "./command-line.js";
import type { CommandIO } from "./io.js";

/** How a text of ours can look. */
export type Look = "bold" | "red" | "green";

/** A text as it looks in SGR (ECMA-48 8.3.117). */
export function paint(text: string, look: Look): string {
  return `\x1b[${CODES[look]}m${text}${PLAIN}`;
}

/** Ends every look. */
export const PLAIN = "\x1b[0m";
const CODES: Readonly<Record<Look, number>> = { bold: 1, red: 31, green: 32 };

/** Whether what is ours is shown in colours: on a terminal that can, unless somebody minds. */
export function isColored({ color }: CommandLine, { env, isTerminal }: CommandIO): boolean {
  if (color === "always" || color === "never") return color === "always";
  return !env["NO_COLOR"] && env["TERM"] !== "dumb" && isTerminal("out");
}
