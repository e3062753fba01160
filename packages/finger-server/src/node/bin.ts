import { main } from "./command/main.js";

/** Runs the command in this process; SIGINT and SIGTERM end it in order. */
export async function run(version: string): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  process.exitCode = await main(process.argv.slice(2), {
    version,
    env: process.env,
    signal: stop.signal,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
}
