import type { UserChange } from "../provider.js";

/** What somebody said of themselves. */
export interface StoredStatus {
  readonly login: string;
  readonly text: string;
  /** When it was set. */
  readonly at: Date;
  /** From when on nobody is told of it any more; without it, it stays. */
  readonly expires?: Date | undefined;
  /** Tells it from all other statuses that the store has had or will have. Compare it for equality, and no more. */
  readonly rev: string;
}

/** How a status is put. */
export interface PutOptions {
  /**
   * Puts it only in the place of the status with this revision; `null` only where there is none. @default in the place of
   * whatever there is
   */
  readonly ifRev?: string | null | undefined;
  /** How long it is told, in milliseconds; fractions are dropped. @default as long as it stays */
  readonly ttl?: number | undefined;
}

/** What is deleted. */
export interface DeleteOptions {
  /** Deletes only the status with this revision. @default whatever there is */
  readonly ifRev?: string | undefined;
}

/** A hint that a status has changed. It may come late, twice, or be of something that has changed again. */
export interface StatusNotice extends UserChange {
  /** Whose; `undefined` when it may be anybody's: notices may have been missed, so list again. */
  readonly login: string | undefined;
  /** The status that there is now; without it there is none, or the store does not tell. */
  readonly rev?: string | undefined;
}

/**
 * Keeps the statuses of users: on one machine or for many servers, and over restarts.
 *
 * What is put is kept when `put` resolves, as safely as the store can. A status that has expired is not there any more, for
 * all but `history`. Logins are compared in normal form C, in upper and lower case as they are, and have at most 255 bytes
 * of UTF-8. All methods reject with a `FingerError` `ERR_FINGER_STORE` when the store cannot be read or written, and then
 * nothing has changed; `put` and `delete` reject with `ERR_FINGER_IO` when nobody knows whether it has.
 *
 * Disposing of a store closes it: what has begun is done, what is watched ends, and what is asked later is rejected with
 * `ERR_FINGER_STORE`.
 */
export interface StatusStore extends AsyncDisposable {
  /** What it is and where, for messages: `file:/var/lib/finger`. */
  readonly name: string;
  get(login: string): Promise<StoredStatus | undefined>;
  /**
   * Puts a status in the place of another, which is kept in the history. Of several that are put at once with the same
   * `ifRev` one alone is taken.
   *
   * @throws `FingerError` `ERR_FINGER_CONFLICT` when `ifRev` is not there any more, `RangeError` or `TypeError` for what
   * can be no login, text or time.
   */
  put(login: string, text: string, options?: PutOptions): Promise<StoredStatus>;
  /**
   * Forgets a login, its history too. Resolves to whether it had a status; one that had expired counts for none.
   *
   * @throws `FingerError` `ERR_FINGER_CONFLICT` when `ifRev` is not there any more.
   */
  delete(login: string, options?: DeleteOptions): Promise<boolean>;
  /** Yields the statuses of all logins that begin with `prefix`, each login once, in no order. @default of all logins */
  list(prefix?: string): AsyncIterable<StoredStatus>;
  /** Resolves to what a login had, the latest first, the present one included, as many as the store keeps. */
  history(login: string): Promise<readonly StoredStatus[]>;
  /** Yields hints of what changes from now on, by whomever, until `signal` is aborted. */
  watch(signal: AbortSignal): AsyncIterable<StatusNotice>;
}

/** What all stores of ours can be told. */
export interface HistoryOptions {
  /** How many statuses of a login are kept, the present one included. @default 100 */
  readonly history?: number | undefined;
}
