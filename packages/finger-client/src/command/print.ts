import { ReplyDecoder, sanitize } from "finger-protocol";
import { dial } from "../node/dial.js";
import { resolveStreamOptions } from "../options.js";
import { send, toRequest } from "../request.js";
import type { CommandLine } from "./command-line.js";
import { reportCut } from "./exit-code.js";
import type { CommandIO } from "./io.js";
import { toOptions } from "./lookup-options.js";
import { watchForScript } from "./script.js";
import { createTextPrinter, type Printer } from "./text-printer.js";

/** Looks a target up, and prints its reply as it comes. Resolves to the exit code. */
export async function print(target: string, line: CommandLine, io: CommandIO): Promise<number> {
  if (line.form === "json") return (await import("./print-json.js")).printJson(target, line, io);
  return printText(target, line, io);
}

async function printText(target: string, line: CommandLine, io: CommandIO): Promise<number> {
  const options = resolveStreamOptions(toOptions(line));
  const toShown = line.ascii ? (await import("./ascii.js")).toAscii : undefined;
  const request = toRequest(target, options);
  const way = line.verbose ? (await import("../way.js")).toWay(request, options, dial) : dial;
  const lookup = send(request, options, way);
  const watch = watchForScript(target, io);
  const printer =
    line.form === "raw" ? createRawPrinter(io, watch) : createTextPrinter(target, line, io, watch, toShown);
  try {
    await lookup.follow((bytes) => printer.push(bytes));
  } finally {
    printer.end();
  }
  return lookup.isCut ? reportCut(target, line, io) : 0;
}

function createRawPrinter({ out }: CommandIO, watch: (text: string) => void): Printer {
  const decoder = new ReplyDecoder();
  return {
    push: (bytes) => {
      out(bytes);
      watch(sanitize(decoder.push(bytes)));
    },
    end: () => {},
  };
}
