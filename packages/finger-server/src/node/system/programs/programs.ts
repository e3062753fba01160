import type { LookupContext } from "../../../provider.js";
import { createTrouble } from "../../../trouble.js";
import { createTurnstile } from "../../../turnstile.js";
import type { RunRules } from "../../program/options.js";
import { runProgram } from "../../program/run.js";
import type { Account } from "../accounts/account.js";
import { createFolder, type FolderProgramName } from "./folder-program.js";
import { findHomeProgram } from "./home-program.js";
import { type ProgramsOptions, resolveProgramsOptions } from "./options.js";
import { type FoundProgram, toRunRules } from "./run-rules.js";
import { createUserTurnstiles, tooMany } from "./user-turnstiles.js";
import { toPlainName, toWords } from "./words.js";

/** What a program prints: piece by piece, as it comes; or nothing. */
export type Printed = AsyncIterable<string> | "";

/** Who asks. */
export type ProgramContext = Pick<LookupContext, "peer" | "signal">;

/**
 * Programs that answer in place of the records, as those of efingerd(8) do. Each method resolves to `undefined` when there is
 * no program for it.
 *
 * A program gets the arguments of efingerd: "(null)", which there is the name that ident tells, and nobody asks ident here; the
 * address of the peer, or "(null)" when it has none; and, but for `list`, the login. Of these a peer chooses the name that
 * `nouser` gets: letters, digits and "._:-", with "_" for all else, and never "-" at its beginning. What is printed on stderr is
 * for the operator, and an exit code says nothing of a program that has printed.
 *
 * They reject with `FingerError` `ERR_FINGER_PROVIDER` when too many wait, and when a program of the folder cannot be run or
 * fails without a word; with `ERR_FINGER_TIMEOUT` when it takes too long. Once something is printed, the stream rejects.
 */
export interface Programs {
  /** Who is on: what `list` prints. */
  list(context: ProgramContext): Promise<Printed | undefined>;
  /** What `~/.efingerd` of an account prints; without one, what `luser` prints. */
  user(account: Account, context: ProgramContext): Promise<Printed | undefined>;
  /** What `nouser` prints of a name that is nobody's, or of whom nothing is told. */
  nobody(name: string, context: ProgramContext): Promise<Printed | undefined>;
}

/**
 * Finds programs, and runs them as `commandProvider` does: without a shell, without input, with nothing of ours, and in a
 * process group that is ended as a whole. Those of the folder and those of users do not wait for each other.
 *
 * @throws `TypeError` or `RangeError` for an option that is wrong; `FingerError` `ERR_FINGER_CONFIG` for programs of users where
 * none can be run as its user.
 */
export function createPrograms(options: ProgramsOptions = {}): Programs {
  const rules = resolveProgramsOptions(options);
  const { concurrency, queue, home, minUid } = rules;
  const trouble = createTrouble(rules.onError);
  const folder = createFolder(rules);
  const forFolder = createTurnstile(concurrency, queue, () => tooMany("programs of the folder run"));
  const forUsers = createTurnstile(concurrency, queue, () => tooMany("programs of users run"));
  const forEachUser = createUserTurnstiles();

  async function runOfFolder(
    name: FolderProgramName,
    words: readonly string[] | undefined,
    signal: AbortSignal,
  ): Promise<Printed | undefined> {
    const program = words && (await folder.find(name));
    if (program === undefined || words === undefined) return undefined;
    const leave = await forFolder.enter(signal);
    return (await runProgram("", toRunRules(rules, program, words), signal, leave)) ?? "";
  }

  async function runOfUser(
    { uid, login }: Account,
    program: FoundProgram,
    words: readonly string[],
    signal: AbortSignal,
  ) {
    const leaveOwn = await forEachUser.enter(uid, signal);
    const leave = await forUsers.enter(signal).catch((error: unknown) => {
      leaveOwn();
      throw error;
    });
    const onGone = () => {
      leave();
      leaveOwn();
    };
    return tryProgram(login, toRunRules(rules, program, words), signal, onGone);
  }

  /** The user's mistakes are not the server's: the peer gets nothing, as of efingerd, and the operator is told once. */
  async function tryProgram(login: string, run: RunRules, signal: AbortSignal, onGone: () => void) {
    try {
      const printed = await runProgram("", run, signal, onGone);
      trouble.end(login);
      return printed ?? "";
    } catch (error) {
      if (signal.aborted) throw error;
      trouble.begin(login, error);
      return "";
    }
  }

  return {
    list: ({ peer, signal }) => runOfFolder("list", toWords(peer), signal),
    async user(account, { peer, signal }) {
      const words = toWords(peer, account.login);
      const program = home && words !== undefined ? await findHomeProgram(account, minUid) : undefined;
      if (words === undefined || program === undefined) return runOfFolder("luser", words, signal);
      if (!("doubt" in program)) return runOfUser(account, program, words, signal);
      trouble.begin(account.login, program.doubt);
      return runOfFolder("luser", words, signal);
    },
    nobody: (name, { peer, signal }) => runOfFolder("nouser", toWords(peer, toPlainName(name)), signal),
  };
}
