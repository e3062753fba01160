import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { FingerError } from "finger-protocol";
import { assertWhole, LONGEST_TIME } from "../../assert-whole.js";
import { createChangeFeed } from "../../change-feed.js";
import { type Amend, addStatus, createStore, resolveHistory, type StoreBackend } from "../../store/create-store.js";
import type { HistoryOptions, StatusNotice, StatusStore, StoredStatus } from "../../store/status-store.js";
import { storeError } from "../../store/store-error.js";
import { createTrouble, type Trouble } from "../../trouble.js";
import { createTurns } from "../../turns.js";
import { quote } from "../../users/mistakes.js";
import { warn } from "../../warn.js";
import { PATIENCE, withLock } from "../folder/lock.js";
import { makeFolder, removeFile, replaceFile } from "../folder/replace-file.js";
import { isStatusFile, toFileName, toLogin } from "./file-name.js";
import { type FolderWatch, followFolder } from "./folder-watch.js";
import { formatRecord, parseRecord } from "./record.js";

/** How statuses are kept in a folder. */
export interface FileStoreOptions extends HistoryOptions {
  /**
   * How often to look whether something has changed in the folder, in milliseconds. Most changes show at once by the events
   * of the system; those of a network file system show now. @default 5_000
   */
  readonly pollInterval?: number | undefined;
  /**
   * How long to wait for another process that writes there, in milliseconds. One that was killed in another container is
   * taken for dead after ten seconds; all others at once. @default 12_000
   */
  readonly patience?: number | undefined;
  /**
   * Hears of a file that cannot be read, once until it can be; lists leave it out, and who asks for its login is told the
   * same. @default a warning of the process
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * Keeps statuses in a folder: a file for each login, which people can read. A status is on the disk when `put` resolves, so
 * that it outlives a `kill -9` and the loss of power; a file is replaced as a whole or not at all. Several processes of one
 * machine may use the folder at once. For several machines take Redis: on a network file system a machine that stops for
 * ten seconds in the middle of a write may undo that of another.
 *
 * The folder is made when something is put first, for its owner alone. Nothing is read or written before it is asked for.
 *
 * @param path - From the working directory of now.
 * @throws `TypeError` or `RangeError` when an argument is not as it must be.
 *
 * @example
 * ```ts no-run
 * const store = fileStore("/var/lib/finger");
 * await store.put("alice", "Happy and well"); // in /var/lib/finger/alice.json
 * ```
 */
export function fileStore(path: string, options: FileStoreOptions = {}): StatusStore {
  return createStore(fileBackend(path, options));
}

function fileBackend(path: string, options: FileStoreOptions): StoreBackend {
  const { pollInterval = 5_000, patience = PATIENCE, onError = warn } = options;
  if (typeof path !== "string" || path === "")
    throw new TypeError(`The folder must be a path, but is ${String(path)}.`);
  assertWhole("pollInterval", pollInterval, LONGEST_TIME);
  assertWhole("patience", patience, LONGEST_TIME);
  const most = resolveHistory(options);
  const folder = resolve(path);
  const takeTurn = createTurns();
  const feed = createChangeFeed<StatusNotice>();
  const trouble = createTrouble(onError);
  let following: FolderWatch | undefined;

  const onName = (name: string | undefined) => {
    if (name === undefined) feed.publish([{ login: undefined }]);
    else if (isStatusFile(name)) feed.publish([{ login: toLogin(name) }]);
  };

  return {
    name: `file:${folder}`,
    read: async (login) => (await readRecord(folder, toFileName(login)))[0],
    change: (login, amend) =>
      takeTurn(folder, async () => {
        const status = await change(folder, login, amend, { most, patience });
        feed.publish([{ login, rev: status?.rev }]);
      }),
    list: (prefix) => listLatest(folder, prefix, trouble),
    history: (login) => readRecord(folder, toFileName(login)),
    watch(signal) {
      if (!signal.aborted) following ??= followFolder(folder, pollInterval, onName);
      return feed.subscribe(signal);
    },
    close: async () => following?.stop(),
  };
}

async function change(
  folder: string,
  login: string,
  amend: Amend,
  { most, patience }: { readonly most: number; readonly patience: number },
): Promise<StoredStatus | undefined> {
  const name = toFileName(login);
  /** What `amend` throws is no fault of the folder. */
  let refusal: unknown;
  try {
    await makeFolder(folder);
    return await withLock(folder, patience, async (assertHeld) => {
      const history = await readRecord(folder, name);
      let status: StoredStatus | undefined;
      try {
        status = amend(history[0]);
      } catch (error) {
        refusal = error;
        throw error;
      }
      if (status !== undefined) {
        await replaceFile(folder, name, formatRecord(login, addStatus(history, status, most)), assertHeld);
      } else if (history.length > 0) await removeFile(folder, name, assertHeld);
      return status;
    });
  } catch (cause) {
    if (cause === refusal || FingerError.is(cause)) throw cause;
    throw storeError(`Cannot write ${name} in ${folder}`, cause);
  }
}

/** The statuses of a login, the latest first; none when there is no such file. */
async function readRecord(folder: string, name: string): Promise<readonly StoredStatus[]> {
  const path = join(folder, name);
  const text = await readText(path);
  if (text === undefined) return [];
  const statuses = parseRecord(text, path);
  assertAtHome(name, statuses, path);
  return statuses;
}

/** A copy under another name would be a second truth of one login. */
function assertAtHome(name: string, [latest]: readonly StoredStatus[], path: string): void {
  if (latest === undefined || toFileName(latest.login) === name) return;
  const what = `${path} holds the statuses of ${quote(latest.login)}, whose file is ${toFileName(latest.login)}`;
  throw new FingerError("ERR_FINGER_STORE", `${what}; rename the file, or remove it.`);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw storeError(`Cannot read ${path}`, cause);
  }
}

async function* listLatest(folder: string, prefix: string, trouble: Trouble): AsyncGenerator<StoredStatus> {
  for (const name of await listNames(folder)) {
    let latest: StoredStatus | undefined;
    try {
      [latest] = await readRecord(folder, name);
      trouble.end(name);
    } catch (error) {
      if (isShortage(error)) throw error;
      trouble.begin(name, error);
    }
    if (latest?.login.startsWith(prefix)) yield latest;
  }
}

/** Whether it is the process that is short of something: that says nothing of the file, and a list would have holes. */
function isShortage(error: unknown): boolean {
  const { cause } = error as FingerError;
  return SHORTAGES.has((cause as NodeJS.ErrnoException | undefined)?.code);
}

const SHORTAGES: ReadonlySet<string | undefined> = new Set(["EMFILE", "ENFILE", "ENOMEM"]);

async function listNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter(isStatusFile);
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw storeError(`Cannot read the folder ${folder}`, cause);
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}
