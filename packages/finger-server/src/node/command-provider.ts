import { FingerError } from "finger-protocol";
import type { LookupProvider } from "../provider.js";
import { createTurnstile } from "../turnstile.js";
import { type CommandOptions, type CommandRules, resolveCommandOptions } from "./program/options.js";
import { runProgram } from "./program/run.js";

/**
 * Answers with what a local program prints, as UTF-8, piece by piece as it prints, and no faster than the peer reads. A
 * program that prints nothing does not know the name. What it says on stderr goes into errors, and never to the peer.
 *
 * `argv` is the absolute path of the program and its arguments, one of which is exactly `{name}`: the name, as one argument
 * whatever is in it. There is no shell, the environment is empty, and the input is too. A `--` has to stand before the
 * name, so that no name is taken for an option; a script of your own gets it as `$1`. Beyond that a program is trusted with
 * the name: do not run one that takes an argument for a command, and let `accept` say which names it may see.
 *
 * A program runs in a process group of its own, which is ended as a whole when its time is over, when it has printed more
 * than `maxBytes`, when the peer goes away, and when it has left something behind. Only a process that left the group, by
 * setsid(2), is not found. In a container, run an init that buries the dead. Needs POSIX: there are no groups on Windows.
 *
 * @param argv - The program and its arguments.
 * @throws `TypeError` for an argv that is not safe, or an option of the wrong type; `RangeError` for a number. A lookup
 * rejects with `FingerError` `ERR_FINGER_PROVIDER` when the program cannot be run or fails before it prints anything, and
 * when too many wait; `ERR_FINGER_TIMEOUT` when it takes too long. Once it has printed, the stream rejects with these.
 *
 * @example
 * ```ts
 * createFingerServer({ provider: commandProvider(["/usr/bin/finger", "-l", "--", "{name}"]) });
 * ```
 */
export function commandProvider(argv: readonly string[], options: CommandOptions = {}): LookupProvider {
  const rules = resolveCommandOptions(argv, options);
  const turnstile = createTurnstile(rules.concurrency, rules.queue, () => busy(rules));
  return {
    lookup: async (name, context) => {
      // No argument can hold a NUL, so nobody has such a name.
      if (name.includes("\0") || !rules.accept(name)) return undefined;
      const { signal } = context;
      const leave = await turnstile.enter(signal);
      return runProgram(name, rules, signal, leave);
    },
  };
}

function busy({ concurrency, queue }: CommandRules): FingerError {
  const what = `busy: ${concurrency} programs run, and ${queue} lookups wait for them`;
  const advice = "see the options concurrency and queue of commandProvider";
  return new FingerError("ERR_FINGER_PROVIDER", `The provider is ${what}; ${advice}.`);
}
