import { main } from "./command/main.js";
import { isPeerOnStderr } from "./is-peer-on-stderr.js";
import { dieOf, watchTerminal } from "./terminal.js";

/** Runs the command in this process. SIGINT and SIGTERM end it in order, and at once when another comes. */
export async function run(version: string): Promise<void> {
  const [stop, force] = [new AbortController(), new AbortController()];
  const end = () => (stop.signal.aborted ? force : stop).abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
  // A SIGHUP tells of a closed terminal, too: who is read there has nobody any more.
  const isTerminalGone = watchTerminal();
  process.on("SIGHUP", () => isTerminalGone() && stop.abort());
  // Who reads may end first, and is no reason to.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  const isMute = process.argv.includes("--inetd") && isPeerOnStderr();
  process.exitCode = await main(process.argv.slice(2), {
    version,
    env: process.env,
    signal: stop.signal,
    force: force.signal,
    onSignal: (signal, listener) => {
      process.on(signal, () => void ((signal === "SIGHUP" && isTerminalGone()) || listener()));
    },
    isTerminal: process.stderr.isTTY === true,
    out: (text) => process.stdout.write(text),
    err: isMute ? () => {} : (text) => process.stderr.write(text),
  });
  // Node would abort: it could not set back a terminal that is gone.
  if (isTerminalGone()) dieOf("SIGHUP");
  // A second signal has ended all that was waited for; what is left must not keep the process.
  if (force.signal.aborted) process.exit();
}
