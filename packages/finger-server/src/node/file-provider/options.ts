import { resolve } from "node:path";
import { assertWhole, LONGEST_TIME } from "../../assert-whole.js";
import { warn } from "../../warn.js";
import type { FollowSettings } from "./follower.js";
import type { UsersFile } from "./read-file.js";

/** How a users file is followed. */
export interface FileProviderOptions {
  /**
   * How often to look whether the file has changed, in milliseconds. Most changes show at once by the events of the
   * system; the rest, such as those of a network file system or behind a link, show now. @default 30_000
   */
  readonly pollInterval?: number | undefined;
  /** Asks the system for events, too. @default true */
  readonly watch?: boolean | undefined;
  /** The most that is read, in bytes; of a directory, all its files together. @default 16 MiB */
  readonly maxBytes?: number | undefined;
  /**
   * Hears why a changed file is not taken, once for each state of it. What `start()`, `reload()` or a question rejects
   * with is not told again. @default a warning of the process
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** All options, checked, with their defaults. */
export interface ResolvedOptions {
  readonly file: UsersFile;
  readonly following: FollowSettings;
  readonly onError: (error: unknown) => void;
}

const DEFAULT_POLL_INTERVAL = 30_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
/** A timer cannot be longer. */

/**
 * Reads the options once. The path is taken from the working directory of now.
 *
 * @throws `TypeError` or `RangeError` when one is not as it must be.
 */
export function resolveOptions(source: string, options: FileProviderOptions): ResolvedOptions {
  const { pollInterval = DEFAULT_POLL_INTERVAL, watch = true, maxBytes = DEFAULT_MAX_BYTES, onError = warn } = options;
  if (typeof source !== "string" || source === "") {
    throw new TypeError(
      `The path of the users file must be a text that is not empty, but is ${JSON.stringify(source)}.`,
    );
  }
  assertWhole("pollInterval", pollInterval, LONGEST_TIME);
  assertWhole("maxBytes", maxBytes);
  if (typeof watch !== "boolean") throw new TypeError(`watch must be true or false, but is ${String(watch)}.`);
  if (typeof onError !== "function") throw new TypeError(`onError must be a function, but is ${String(onError)}.`);
  const path = resolve(source);
  return { file: { path, source, maxBytes }, following: { path, isWatched: watch, pollInterval }, onError };
}
