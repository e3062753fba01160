import type { CommandLine } from "./command-line.js";
import { report } from "./exit-code.js";
import type { CommandIO } from "./io.js";
import { print } from "./print.js";

/** Runs the command `finger-client`, and resolves to its exit code. */
export async function main(argv: readonly string[], io: CommandIO): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    return report(error, io);
  }
}

/** Here and below: what is not asked for every day is loaded when it is, for to load it takes longer than a lookup. */
async function run(argv: readonly string[], io: CommandIO): Promise<number> {
  const defaults = io.env["FINGER"];
  if (!defaults && argv.length === 1 && !argv[0]?.startsWith("-")) return print(argv[0] ?? "", { targets: argv }, io);
  const { parseCommandLine } = await import("./command-line.js");
  return act(parseCommandLine(argv, defaults), io);
}

async function act(line: CommandLine, io: CommandIO): Promise<number> {
  const { help, version, completion, set, targets, form, force, watch } = line;
  if (help || version || completion !== undefined) {
    const { formatHelp, formatCompletion } = await import("./about.js");
    if (help) io.out(formatHelp());
    else io.out(version ? `${io.version()}\n` : formatCompletion(completion ?? ""));
    return 0;
  }
  if (set !== undefined) return (await import("./set.js")).set(set, line, io);
  const [target] = targets;
  if (target === undefined) throw new TypeError("name a target, such as alice@host; see --help");
  if (form === "raw" && !force && io.isTerminal("out"))
    throw new TypeError("what a server sends could command this terminal: pipe it, leave --raw out, or add --force");
  if (watch !== undefined) return (await import("./watch.js")).watch(watch, line, io);
  if (targets.length > 1) return (await import("./print-all.js")).printAll(line, io, print);
  return print(target, line, io);
}
