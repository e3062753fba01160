import { FingerError, sanitize } from "finger-protocol";
import { nobodyWaits } from "../../nobody-waits.js";
import { prepend, returnAtOnce } from "../../text-stream.js";
import { startTimer } from "../../timer.js";
import type { RunRules } from "./options.js";
import { ProgramOutput } from "./output.js";
import { type ProcessGroup, startGroup } from "./process-group.js";
import { readTexts } from "./texts.js";

/**
 * Runs the program for a name. Resolves when its first output is there, to all that it prints; or, when it ends without
 * any, to `undefined`.
 *
 * @param onGone - Called once, when no process is left of it.
 */
export async function runProgram(
  name: string,
  rules: RunRules,
  signal: AbortSignal,
  onGone: () => void,
): Promise<AsyncGenerator<string, void, undefined> | undefined> {
  const group = await start(name, rules, onGone);
  const output = new ProgramOutput(group, rules.grace);
  const guard = watchOver(output, group, rules, signal);
  const texts = follow(output, group, rules, guard);
  const first = await texts.next();
  if (first.done) return undefined;
  guard.hasBegun();
  return returnAtOnce(prepend(first.value, texts), texts, () => output.stop());
}

/** @throws `FingerError` `ERR_FINGER_PROVIDER` */
async function start(name: string, rules: RunRules, onGone: () => void): Promise<ProcessGroup> {
  try {
    return await startGroup(rules.argv.program, rules.argv.toWords(name), rules, onGone);
  } catch (cause) {
    onGone();
    const code = (cause as NodeJS.ErrnoException).code ?? "an unknown error";
    const advice = START_ADVICE[code] ?? "see the cause";
    throw new FingerError("ERR_FINGER_PROVIDER", `Cannot run ${rules.argv.program} (${code}): ${advice}.`, { cause });
  }
}

const START_ADVICE: Readonly<Record<string, string>> = {
  ENOENT: "install it, or correct its path, that of its interpreter, or the option cwd",
  EACCES: "make it executable for the server, and the option cwd a directory that it may enter",
  EPERM: "only a server that runs as root can run it as another user; see the options uid and gid, or user and group",
  E2BIG: "the name is too long for an argument",
  EAGAIN: "there are too many processes; see the option concurrency",
};

/** What ends a program from outside. */
interface Guard {
  /** The first output is there. */
  hasBegun(): void;
  /** Watches no longer. */
  leave(): void;
}

/** Stops the program when its time is over, or nobody waits for it any more. */
function watchOver(output: ProgramOutput, group: ProcessGroup, rules: RunRules, signal: AbortSignal): Guard {
  const { timeout, firstByteTimeout } = rules;
  const onTime = (error: FingerError) => {
    // Its reader may take longer than the program.
    if (group.exit === undefined) output.stop(error);
  };
  const onAbort = () => {
    leave();
    output.stop(nobodyWaits(signal));
  };
  const whole = startTimer(timeout, onTime, late(rules, "did not end", timeout, "timeout"));
  const hasFirst = firstByteTimeout < timeout;
  const silence = late(rules, "printed nothing", firstByteTimeout, "firstByteTimeout");
  const first = hasFirst ? startTimer(firstByteTimeout, onTime, silence) : undefined;
  const leave = () => {
    clearTimeout(first);
    clearTimeout(whole);
    signal.removeEventListener("abort", onAbort);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  return { hasBegun: () => clearTimeout(first), leave };
}

function late({ title, owner }: RunRules, what: string, ms: number, option: string): FingerError {
  const advice = `see the option ${option} of ${owner}`;
  return new FingerError("ERR_FINGER_TIMEOUT", `${title} ${what} within ${ms} ms and was stopped; ${advice}.`);
}

/** All that the program prints, and at the end of it whether it failed. */
async function* follow(
  output: ProgramOutput,
  group: ProcessGroup,
  rules: RunRules,
  guard: Guard,
): AsyncGenerator<string, void, undefined> {
  let harmless = rules.unknownExitCodes;
  try {
    for await (const text of readTexts(output, rules.maxBytes, rules.createDecoder())) {
      harmless = rules.printedExitCodes;
      yield text;
    }
    if (!output.isStopped) assertSuccess(group, rules, harmless);
  } finally {
    guard.leave();
    output.stop();
  }
}

/** @throws `FingerError` `ERR_FINGER_PROVIDER` */
function assertSuccess(
  { exit, complaint }: ProcessGroup,
  { title, exitAdvice }: RunRules,
  harmless: ReadonlySet<number>,
): void {
  const { code, signal } = exit ?? { code: null, signal: null };
  if (code === 0 || harmless.has(code ?? 0)) return;
  const how = code === null ? `was ended by ${signal}` : `exited with code ${code}`;
  const what = sanitize(new TextDecoder().decode(complaint)).trim().slice(0, MOST_QUOTED);
  const said = what === "" ? "said nothing on stderr" : `said ${JSON.stringify(what)} on stderr`;
  const message = `${title} ${how} and ${said}${code === null ? "" : `; ${exitAdvice}`}.`;
  throw new FingerError("ERR_FINGER_PROVIDER", message);
}

/** How much of stderr an error quotes, in characters. */
const MOST_QUOTED = 200;
