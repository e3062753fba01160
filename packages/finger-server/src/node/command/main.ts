import { nearest } from "../../users/nearest.js";
import { parseCommandLine } from "./command-line.js";
import { toExitCode, UsageError } from "./exit-code.js";
import { isInterrupted } from "./interrupted.js";
import { type CommandIO, createOnError } from "./io.js";

/** Runs the command `finger-server`, and resolves to its exit code. */
export async function main(argv: readonly string[], io: CommandIO): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    // Who is told to stop while it starts does as it is told.
    if (isInterrupted(error, io.signal)) return 0;
    createOnError(io)(error);
    if (argv.includes("--debug")) io.err(`${(error as Error | undefined)?.stack ?? String(error)}\n`);
    return toExitCode(error);
  }
}

async function run(argv: readonly string[], io: CommandIO): Promise<number> {
  const line = parseCommandLine(argv);
  const { words, values } = line;
  const [word] = words;
  if (values.help === true) io.out((await import("./help.js")).formatHelp());
  else if (values.version === true) io.out(`${io.version}\n`);
  else if (word === undefined) return (await loadParts()).serve(argv, values, io);
  else if (word === "token") await (await loadParts()).token(line, io);
  else if (word === "status" || word === "stop" || word === "reload") return (await loadParts()).control(line, io);
  else throw unknownCommand(word);
  return 0;
}

/** All that takes long to load, and that a question for help does without. */
function loadParts(): Promise<typeof import("./parts.js")> {
  return import("./parts.js");
}

function unknownCommand(word: string): UsageError {
  const meant = nearest(word, ["status", "stop", "reload", "token"]);
  const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
  return new UsageError(`there is no command ${JSON.stringify(word)}${hint}; see --help`);
}
