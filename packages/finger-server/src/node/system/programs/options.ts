import { isAbsolute } from "node:path";
import { FingerError } from "finger-protocol";
import { assertWhole, LONGEST_TIME } from "../../../assert-whole.js";
import { describe } from "../../../users/mistakes.js";
import { warn } from "../../../warn.js";
import { MOST_ID } from "../accounts/account.js";

/** Which programs answer in place of the records, and how they are run: never as root. */
export interface SystemPrograms {
  /**
   * The folder with `list`, `luser` and `nouser`, those of them that there are: an absolute path. It and they have to be root's
   * or the server's own, and nobody else's to write to. @default none is run
   */
  readonly folder?: string | undefined;
  /**
   * The user whom those of the folder run as, a name or a number, but never root. Another than the server's own takes a server
   * that stays root. @default the user of the server
   */
  readonly user?: string | number | undefined;
  /** The group that they run as, and the only one when a user or a group is given. @default that of the user */
  readonly group?: string | number | undefined;
  /**
   * Whether `~/.efingerd` of a user is run, as that user and in the user's home. Takes a server that stays root, which one that is
   * told to become another user does not, on Linux, with setpriv(1) of util-linux and the env(1) of coreutils. @default false
   */
  readonly home?: boolean | undefined;
  /** Longest run, in milliseconds. @default 10_000 */
  readonly timeout?: number | undefined;
  /** Longest answer, in bytes; a line says that the rest is cut off. @default 65_536 */
  readonly maxBytes?: number | undefined;
  /** How many of the folder run at a time, and how many of users, of which each user has one. @default 4 */
  readonly concurrency?: number | undefined;
  /** How many lookups wait for one of either; those beyond fail at once. @default 64 */
  readonly queue?: number | undefined;
}

/** What the accounts have decided already. */
export interface ProgramsOptions extends SystemPrograms {
  /** Programs of users with a lower number are not run; root's never are. @default 1_000 */
  readonly minUid?: number | undefined;
  /** Hears of programs that are not run, or that fail, once while it lasts. @default a warning of the process */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** The options with their defaults. */
export interface ProgramsRules {
  readonly folder: string | undefined;
  readonly user: string | number | undefined;
  readonly group: string | number | undefined;
  readonly home: boolean;
  readonly minUid: number;
  readonly timeout: number;
  readonly maxBytes: number;
  readonly concurrency: number;
  readonly queue: number;
  readonly onError: (error: unknown) => void;
}

/**
 * @throws `TypeError` or `RangeError` for an option that is wrong; `FingerError` `ERR_FINGER_CONFIG` for `home` where it cannot
 * be.
 */
export function resolveProgramsOptions(options: ProgramsOptions): ProgramsRules {
  const { folder, user, group, home = false, minUid = 1_000, onError = warn } = options;
  const { timeout = 10_000, maxBytes = 64 * 1024, concurrency = 4, queue = 64 } = options;
  if (folder !== undefined && !(typeof folder === "string" && isAbsolute(folder) && !folder.includes("\0"))) {
    throw new TypeError(`The option folder must be an absolute path, but is ${describe(folder)}.`);
  }
  if (typeof home !== "boolean") throw new TypeError(`The option home must be a boolean, but is ${describe(home)}.`);
  assertWhole("minUid", minUid, MOST_ID, 0);
  assertWhole("timeout", timeout, LONGEST_TIME);
  for (const [name, value] of Object.entries({ maxBytes, concurrency })) assertWhole(name, value);
  assertWhole("queue", queue, Number.MAX_SAFE_INTEGER, 0);
  if (home) assertCanBecomeOthers();
  return { folder, user, group, home, minUid, timeout, maxBytes, concurrency, queue, onError };
}

function assertCanBecomeOthers(): void {
  const wish = "The option home is to run ~/.efingerd as its user";
  if (process.platform !== "linux") {
    throw new FingerError(
      "ERR_FINGER_CONFIG",
      `${wish}, which takes setpriv(1) of Linux; this is ${process.platform}.`,
    );
  }
  if (process.geteuid?.() !== 0) {
    const remedy = "Start it as root, and without the options user and group, or leave out the option home";
    throw new FingerError("ERR_FINGER_CONFIG", `${wish}, which only a server that runs as root can. ${remedy}.`);
  }
}
