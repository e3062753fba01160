import type { FingerUser } from "finger-protocol";
import { createChangeFeed } from "../../change-feed.js";
import type { LookupContext, LookupProvider, UserChange } from "../../provider.js";
import { toLoginKey } from "../../users/login.js";
import { type FileProviderOptions, resolveOptions } from "./options.js";
import { findChanges } from "./user-set.js";
import { createUsersService } from "./users-service.js";

export type { FileProviderOptions } from "./options.js";

/** A provider that follows a users file. It is a service, too; nobody needs to start it. */
export interface FileProvider extends LookupProvider, AsyncDisposable {
  /** `users file` and its path. */
  readonly name: string;
  lookup(name: string, context?: LookupContext): Promise<FingerUser | undefined>;
  list(context?: LookupContext): Promise<readonly FingerUser[]>;
  watch(signal: AbortSignal): AsyncIterable<UserChange>;
  /**
   * Reads the file and follows it, as the first question does; resolves when there is a good set.
   *
   * @throws `FingerError` `ERR_FINGER_USERS_FILE` when there is none. The file is followed all the same, until `stop()`:
   * once it is mended there are answers.
   */
  start(): Promise<void>;
  /** Follows the file no longer; resolves when nothing is open. The last good set goes on to answer. */
  stop(): Promise<void>;
  /**
   * Reads the file now, even if it seems to be as it was.
   *
   * @throws `FingerError` `ERR_FINGER_USERS_FILE` when it cannot be read; the last good set stays.
   */
  reload(): Promise<void>;
}

/**
 * Answers from a users file, and reads it again when it changes. The ending of its name tells what is in it:
 * - `.json`, `.yaml` or `.yml`: an object with a status or a record for each login, or a list of records. Dates are
 *   texts such as `2026-01-31T12:00:00Z`, UTC if they have no zone. Unknown fields are mistakes. YAML of more than some
 *   thousand users takes long to read; JSON does not.
 * - anything else: `login: status` on each line, as `parseUsersFile` reads it.
 * - a directory: a file for each user, whose name is the login: `alice` or `alice.txt` with a status, `alice.json` or
 *   `alice.yaml` with a record. Hidden files and the backups of editors are left out; links must stay inside.
 *
 * A set is taken whole or not at all. A file with a mistake, without a byte, or none at all, leaves the last good set in
 * place, and is told to `onError` with the number of each bad line. While there is no good set yet, questions are rejected
 * with that. Change a file by writing another and renaming it: one that is written in place is read when it has not
 * changed for a fifth of a second, and after a second at the latest, be it complete or not.
 *
 * Nothing is read before the first question, and nothing keeps the process alive.
 *
 * @param path - From the working directory of now.
 * @throws `TypeError` or `RangeError` when an option is not as it must be.
 *
 * @example
 * ```ts no-run
 * const users = fileProvider("/etc/finger/users", { onError: console.error });
 * await users.start();
 * await createFingerServer({ provider: users }).listen();
 * ```
 */
export function fileProvider(path: string, options: FileProviderOptions = {}): FileProvider {
  const feed = createChangeFeed();
  const service = createUsersService(resolveOptions(path, options), (set, before) => {
    if (before !== undefined) feed.publish(findChanges(before, set).map((login) => ({ login })));
  });
  const find = async (name: string) => (await service.first()).byLogin.get(toLoginKey(name));
  return {
    name: `users file ${path}`,
    lookup(name) {
      const set = service.current();
      return set === undefined ? find(name) : Promise.resolve(set.byLogin.get(toLoginKey(name)));
    },
    list: async () => (service.current() ?? (await service.first())).users,
    watch(signal) {
      service.follow();
      return feed.subscribe(signal);
    },
    start: service.start,
    stop: service.stop,
    reload: service.reload,
    [Symbol.asyncDispose]: service.stop,
  };
}
