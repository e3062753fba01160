import { main } from "./command.js";

/** Runs the command in this process; SIGINT ends the lookup. */
export async function run(version: string): Promise<void> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  // A reader that has seen enough, such as head(1), closes the pipe: no failure of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  process.exitCode = await main(process.argv.slice(2), {
    version,
    signal: stop.signal,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
}
