import { isAbsolute } from "node:path";
import { assertWhole, LONGEST_TIME } from "../../assert-whole.js";
import { describe } from "../../users/mistakes.js";
import { type Argv, isText, readArgv } from "./argv.js";
import { createUtf8Decoder, type OutputDecoder } from "./output-decoder.js";

/** How a local program is run. */
export interface CommandOptions {
  /**
   * Tells whether the program is run for a name; for another there is no answer. finger(1) would ask the host behind an
   * `@`, for anybody and past the policy for forwarding (RFC 1288 3.2.1), so these have to be allowed by name.
   * @default every name that is not empty and has no `@` in it
   */
  readonly accept?: ((name: string) => boolean) | undefined;
  /** The environment, as a whole: nothing is inherited, not even `PATH`. @default {} */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The directory that the program is run in, an absolute path. @default "/" */
  readonly cwd?: string | undefined;
  /** The user to run as, a number; takes a server that runs as root. Goes with `gid`. @default the user of the server */
  readonly uid?: number | undefined;
  /** The group to run as, a number, and the only one. Goes with `uid`. @default the groups of the server */
  readonly gid?: number | undefined;
  /** Longest run, in milliseconds; `false` lets a program print for as long as somebody reads. @default 10_000 */
  readonly timeout?: number | false | undefined;
  /** Longest wait for the first output, in milliseconds. @default 10_000 */
  readonly firstByteTimeout?: number | undefined;
  /**
   * How long a program that is stopped may tidy up, and how long what one leaves behind may last, in milliseconds, before
   * the kernel ends it. @default 500
   */
  readonly grace?: number | undefined;
  /** Longest answer, in bytes; a line says that the rest is cut off. `false` takes what comes. @default 1_048_576 */
  readonly maxBytes?: number | false | undefined;
  /** How many programs run at a time. @default 4 */
  readonly concurrency?: number | undefined;
  /** How many lookups wait, in order, for one of them to end; those beyond fail at once. @default 64 */
  readonly queue?: number | undefined;
  /**
   * Exit codes from 1 that are no failure; with one of them, or with 0, a program that prints nothing says that the name is
   * not known. @default []
   */
  readonly unknownExitCodes?: readonly number[] | undefined;
}

/** How a program is run; what is off is `Infinity`. */
export interface RunRules {
  /** Whose options they are, for messages. */
  readonly owner: string;
  /** What the program is called in messages. */
  readonly title: string;
  /** What helps against an exit code that is a failure. */
  readonly exitAdvice: string;
  readonly argv: Argv;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly timeout: number;
  readonly firstByteTimeout: number;
  readonly grace: number;
  readonly maxBytes: number;
  readonly unknownExitCodes: ReadonlySet<number>;
  /** The same for a program that has printed something. */
  readonly printedExitCodes: ReadonlySet<number>;
  readonly createDecoder: () => OutputDecoder;
}

/** The options with their defaults: how a program is run, for which names, and how many. */
export interface CommandRules extends RunRules {
  readonly accept: (name: string) => boolean;
  readonly concurrency: number;
  readonly queue: number;
}

/** @throws `TypeError` for an argv that is not safe, or an option of the wrong type; `RangeError` for a number. */
export function resolveCommandOptions(argv: readonly string[], options: CommandOptions): CommandRules {
  const { accept = isPlain, env = {}, cwd = "/", uid, gid, unknownExitCodes = [] } = options;
  const { timeout = 10_000, firstByteTimeout = 10_000, grace = 500 } = options;
  const { maxBytes = 1024 * 1024, concurrency = 4, queue = 64 } = options;
  if (typeof accept !== "function") throw wrong("accept", "a function", accept);
  if (!isText(cwd) || !isAbsolute(cwd)) throw wrong("cwd", "an absolute path", cwd);
  for (const [name, value] of Object.entries({ firstByteTimeout, grace })) assertWhole(name, value, LONGEST_TIME);
  assertWhole("concurrency", concurrency);
  assertFrom("queue", queue, 0, Number.MAX_SAFE_INTEGER);
  for (const code of unknownExitCodes) assertFrom("unknownExitCodes", code, 1, 255);
  const words = readArgv(argv);
  const harmless = new Set(unknownExitCodes);
  return {
    owner: "commandProvider",
    title: words.program,
    exitAdvice: "if that code says that a name is not known, list it in the option unknownExitCodes",
    argv: words,
    ...{ accept, cwd, firstByteTimeout, grace, concurrency, queue },
    env: readEnvironment(env),
    user: readUser(uid, gid),
    timeout: readBound("timeout", timeout, LONGEST_TIME),
    maxBytes: readBound("maxBytes", maxBytes, Number.MAX_SAFE_INTEGER),
    unknownExitCodes: harmless,
    printedExitCodes: harmless,
    createDecoder: createUtf8Decoder,
  };
}

function isPlain(name: string): boolean {
  return name !== "" && !name.includes("@");
}

function readEnvironment(env: Readonly<Record<string, string>>): RunRules["env"] {
  for (const [name, value] of Object.entries(env)) {
    if (isText(value) && isText(name) && name !== "" && !name.includes("=")) continue;
    // The value may be a secret.
    throw new TypeError(
      `The option env must have a string without NUL for each name, but has none for ${describe(name)}.`,
    );
  }
  return { ...env };
}

/** With a uid alone the program would keep the group of the server: root's, most of the time. */
function readUser(uid: number | undefined, gid: number | undefined): RunRules["user"] {
  if (uid === undefined && gid === undefined) return undefined;
  if (uid === undefined || gid === undefined) {
    throw new TypeError("The options uid and gid go together: give both, or neither.");
  }
  for (const [name, value] of Object.entries({ uid, gid })) assertFrom(name, value, 0, 2 ** 32 - 2);
  return { uid, gid };
}

function readBound(name: string, value: number | false, most: number): number {
  if (value === false) return Number.POSITIVE_INFINITY;
  assertWhole(name, value, most);
  return value;
}

function assertFrom(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new RangeError(
    `The option ${name} must be a whole number from ${least} to ${most}, but is ${describe(value)}.`,
  );
}

function wrong(name: string, wanted: string, value: unknown): TypeError {
  return new TypeError(`The option ${name} must be ${wanted}, but is ${describe(value)}.`);
}
