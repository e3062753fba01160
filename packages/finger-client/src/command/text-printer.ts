import { ReplyDecoder, sanitize } from "finger-protocol";
import { LineSanitizer } from "../line-sanitizer.js";
import { isColored, PLAIN, paint } from "./color.js";
import type { CommandLine } from "./command-line.js";
import type { CommandIO } from "./io.js";

/** Prints a reply that comes in pieces. */
export interface Printer {
  push(bytes: Uint8Array): void;
  /** The reply is over, or broken off. */
  end(): void;
}

/**
 * Prints a reply as text that is safe to show, line by line; as netkit's finger does, with a heading if there are several.
 *
 * @param watch - Sees what has been printed.
 */
export function createTextPrinter(
  target: string,
  line: CommandLine,
  io: CommandIO,
  watch: (text: string) => void,
  toShown = (text: string): string => text,
): Printer {
  const heading = line.targets.length > 1 ? toHeading(target, line, io) : "";
  const keepsColors = line.color !== undefined && isColored(line, io);
  const decoder = new ReplyDecoder();
  const sanitizer = new LineSanitizer({ color: keepsColors });
  let last = "\n";
  let isBegun = false;
  const show = (text: string) => {
    if (!isBegun) io.out(toShown(heading));
    isBegun = true;
    last = (keepsColors ? text.replace(COLORS, "") : text) || last;
    io.out(toShown(text));
    watch(text);
  };
  return {
    push: (bytes) => {
      const text = sanitizer.push(decoder.push(bytes));
      if (text !== "") show(text);
    },
    end: () => {
      const text = sanitizer.push(decoder.end()) + sanitizer.end();
      if (text !== "") show(text);
      const rest = `${keepsColors ? PLAIN : ""}${last.endsWith("\n") ? "" : "\n"}`;
      if (isBegun && rest !== "") io.out(rest);
    },
  };
}

function toHeading(target: string, line: CommandLine, io: CommandIO): string {
  const heading = `[${sanitize(target)}]`;
  return `${isColored(line, io) ? paint(heading, "bold") : heading}\n`;
}

const COLORS = /\x1b\[[\d;:]*m/g;
