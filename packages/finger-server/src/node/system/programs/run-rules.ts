import { ReplyDecoder } from "finger-protocol";
import type { RunRules } from "../../program/options.js";
import type { ProgramsRules } from "./options.js";

/** A program that is there, and how it is run. */
export interface FoundProgram extends Pick<RunRules, "title" | "env" | "user"> {
  /** What is run, and its first arguments. */
  readonly command: readonly [program: string, ...words: string[]];
}

/** The rules for one run with these arguments. */
export function toRunRules(rules: ProgramsRules, found: FoundProgram, words: readonly string[]): RunRules {
  const { timeout, maxBytes } = rules;
  const { command, title, env, user } = found;
  const [program, ...first] = command;
  return {
    ...{ title, env, user, timeout, maxBytes },
    owner: "the programs of systemProvider",
    exitAdvice: "run it as its user to see why",
    argv: { program, toWords: () => [...first, ...words] },
    cwd: "/",
    firstByteTimeout: timeout,
    grace: GRACE,
    unknownExitCodes: NONE,
    printedExitCodes: ANY,
    createDecoder: () => new ReplyDecoder(),
  };
}

/** In milliseconds. */
const GRACE = 500;
const NONE: ReadonlySet<number> = new Set();
/** A script has that of its last command, which may be a question that was answered with no. */
const ANY: ReadonlySet<number> = new Set(Array.from({ length: 255 }, (_, index) => index + 1));
