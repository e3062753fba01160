import { toExitCode, UsageError } from "./exit-code.js";
import { HELP } from "./help.js";
import { type CommandIO, createOnError } from "./io.js";
import { parseOptions } from "./options.js";
import { serve } from "./serve.js";
import { token } from "./token.js";

/** Runs the command `finger-server`, and resolves to its exit code. */
export async function main(argv: readonly string[], io: CommandIO): Promise<number> {
  try {
    await run(argv, io);
    return 0;
  } catch (error) {
    createOnError(io)(error);
    return toExitCode(error);
  }
}

async function run(argv: readonly string[], io: CommandIO): Promise<void> {
  const options = parseOptions(argv, io.env);
  const [word] = options.words;
  if (options.isHelp) io.out(HELP);
  else if (options.isVersion) io.out(`${io.version}\n`);
  else if (word === "token") await token(options, io);
  else if (word === undefined) await serve(options, io);
  else throw new UsageError(`there is no command ${JSON.stringify(word)}; see --help`);
}
