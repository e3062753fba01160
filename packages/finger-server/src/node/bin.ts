import { FingerError } from "finger-protocol";
import { EXIT } from "./command/exit-code.js";
import { main } from "./command/main.js";
import { isPeerOnStderr } from "./is-peer-on-stderr.js";
import { isAwaitingSystem, leave } from "./leave.js";
import { takeSignal } from "./signals.js";
import { dieOf, findTerminal } from "./terminal.js";

/** Runs the command in this process. SIGINT and SIGTERM end it in order, and at once when another comes. */
export async function run(version: string): Promise<void> {
  const [stop, force] = [new AbortController(), new AbortController()];
  const end = () => {
    if (!stop.signal.aborted) return stop.abort(new FingerError("ERR_FINGER_ABORTED", "It was interrupted."));
    force.abort();
    // Whatever it is that is still waited for.
    setTimeout(() => leave(), LAST_WORDS).unref();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
  // From the beginning: to end would be wrong, and Node would let itself be debugged.
  const boxes = { SIGHUP: takeSignal("SIGHUP"), SIGUSR1: takeSignal("SIGUSR1") };
  // A SIGHUP tells of a closed terminal, too.
  const terminal = findTerminal();
  process.on("SIGHUP", () => terminal.isMissed() && stop.abort());
  // Who reads may end first, and is no reason to.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
  // Of what nobody has brought to an end, such as a promise that nothing keeps, it is all that is left.
  process.exitCode = EXIT.software;
  const isMute = process.argv.includes("--inetd") && isPeerOnStderr();
  const err = (text: string) => void (isMute || process.stderr.write(text));
  const onUnfinished = () => void err("finger-server: it waits for what cannot come, and ends\n");
  process.once("beforeExit", onUnfinished);
  process.exitCode = await main(process.argv.slice(2), {
    version,
    env: process.env,
    signal: stop.signal,
    force: force.signal,
    onSignal: (signal, listener) => boxes[signal].listen(() => void (terminal.isMissed() || listener())),
    isTerminal: process.stderr.isTTY === true,
    ignoreTerminal: terminal.ignore,
    out: (text) => process.stdout.write(text),
    err,
  });
  process.off("beforeExit", onUnfinished);
  // Node would abort: it could not set back a terminal that is gone.
  if (terminal.isGone()) dieOf("SIGHUP");
  // What is left is nobody's any more.
  if (stop.signal.aborted) return leave();
  setTimeout(() => isAwaitingSystem() && leave(), LAST_WORDS).unref();
}

/** How long it may take to end when it has to end at once, in milliseconds. */
const LAST_WORDS = 3_000;
