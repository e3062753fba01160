import { FingerError } from "finger-protocol";
import { assertWhole } from "../assert-whole.js";
import { toLoginKey } from "../users/login.js";
import { quote } from "../users/mistakes.js";
import { type Calls, createCalls } from "./calls.js";
import type {
  DeleteOptions,
  HistoryOptions,
  PutOptions,
  StatusNotice,
  StatusStore,
  StoredStatus,
} from "./status-store.js";

/** Where a store keeps its statuses: what is left of a store when all that holds for each of them is taken away. */
export interface StoreBackend {
  readonly name: string;
  /** The latest status, expired or not. */
  read(login: string): Promise<StoredStatus | undefined>;
  /**
   * Puts what `amend` makes of the latest status in its place, and on top of the history; `undefined` takes all away.
   * Nobody else changes it meanwhile, or `amend` is called again. What it throws is passed on, and nothing changes.
   */
  change(login: string, amend: Amend): Promise<void>;
  list(prefix: string): AsyncIterable<StoredStatus>;
  history(login: string): Promise<readonly StoredStatus[]>;
  /** Begins nothing when the signal is aborted already. */
  watch(signal: AbortSignal): AsyncIterable<StatusNotice>;
  /** Is called once, when nothing of the above is under way any more, and all that was watched has ended. */
  close(): Promise<void>;
}

/** Makes another status of the latest. */
export type Amend = (latest: StoredStatus | undefined) => StoredStatus | undefined;

/**
 * Makes a store of a backend: what may be put, what has expired, who comes first, and what is left of a store that is closed
 * are the same in all of them.
 */
export function createStore(backend: StoreBackend): StatusStore {
  const calls = createCalls(backend.name);
  let closed: Promise<void> | undefined;
  return {
    name: backend.name,
    get: (login) =>
      calls.run(async () => {
        const status = await backend.read(toKey(login));
        return isTold(status) ? status : undefined;
      }),
    put: (login, text, options) => calls.run(() => put(backend, login, text, options)),
    delete: (login, options) => calls.run(() => remove(backend, login, options)),
    async *list(prefix = "") {
      const statuses = inCalls(calls, backend.list(prefix.normalize("NFC")));
      for await (const status of statuses) if (isTold(status)) yield status;
    },
    history: (login) => calls.run(async () => backend.history(toKey(login))),
    watch: (signal) => backend.watch(AbortSignal.any([signal, calls.closed])),
    [Symbol.asyncDispose]() {
      closed ??= calls.close().then(() => backend.close());
      return closed;
    },
  };
}

async function put(
  backend: StoreBackend,
  login: string,
  text: string,
  options: PutOptions = {},
): Promise<StoredStatus> {
  const status = toStatus(toKey(login), text, options);
  await backend.change(status.login, (latest) => {
    if (options.ifRev !== undefined) assertRev(status.login, latest, options.ifRev);
    return status;
  });
  return status;
}

async function remove(backend: StoreBackend, login: string, { ifRev }: DeleteOptions = {}): Promise<boolean> {
  const key = toKey(login);
  let wasTold = false;
  await backend.change(key, (latest) => {
    if (ifRev !== undefined) assertRev(key, latest, ifRev);
    wasTold = isTold(latest);
    return undefined;
  });
  return wasTold;
}

/** Each step is a call of its own: who is slow to take the next keeps no store from being closed. */
async function* inCalls<T>(calls: Calls, source: AsyncIterable<T>): AsyncGenerator<T, void> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await calls.run(() => iterator.next());
      if (done) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** The statuses of a login with one more, the latest first; at most `most` are kept. */
export function addStatus(history: readonly StoredStatus[], status: StoredStatus, most: number): StoredStatus[] {
  return [status, ...history.slice(0, most - 1)];
}

/** @throws `RangeError` when it is no positive whole number. */
export function resolveHistory({ history = 100 }: HistoryOptions): number {
  assertWhole("history", history);
  return history;
}

/** Whether anybody is told of a status now. */
export function isTold(status: StoredStatus | undefined): status is StoredStatus {
  return status !== undefined && (status.expires === undefined || status.expires.getTime() > Date.now());
}

function toKey(login: string): string {
  if (typeof login !== "string") throw new TypeError(`A login is a text, not ${String(login)}.`);
  const key = toLoginKey(toWellFormed(login));
  const bytes = new TextEncoder().encode(key).length;
  if (bytes >= 1 && bytes <= LONGEST_LOGIN) return key;
  throw new RangeError(`A login has 1 to ${LONGEST_LOGIN} bytes; ${quote(login)} has ${bytes}.`);
}

function toStatus(login: string, text: string, { ttl }: PutOptions): StoredStatus {
  if (typeof text !== "string") throw new TypeError(`The status of ${quote(login)} is no text, but ${String(text)}.`);
  if (text.length > LONGEST_TEXT) {
    const what = `has ${text.length} characters; ${LONGEST_TEXT} is the most that is kept`;
    throw new RangeError(`The status of ${quote(login)} ${what}.`);
  }
  const at = new Date();
  const status = { login, text: toWellFormed(text), at, rev: crypto.randomUUID() };
  return ttl === undefined ? status : { ...status, expires: toExpiry(at, ttl) };
}

/** With U+FFFD for each half of a surrogate pair: it is no character, and no UTF-8. */
function toWellFormed(text: string): string {
  return UTF_8.decode(new TextEncoder().encode(text));
}

function toExpiry(at: Date, ttl: number): Date {
  const expires = new Date(at.getTime() + Math.floor(ttl));
  if (ttl >= 1 && !Number.isNaN(expires.getTime())) return expires;
  throw new RangeError(`ttl must be a number of milliseconds from 1, but is ${String(ttl)}.`);
}

function assertRev(login: string, latest: StoredStatus | undefined, wanted: string | null): void {
  const rev = isTold(latest) ? latest.rev : null;
  if (rev === wanted) return;
  const what = rev === null ? "there is none any more" : wanted === null ? "there is one already" : "it is another now";
  throw new FingerError("ERR_FINGER_CONFLICT", `The status of ${quote(login)} has changed: ${what}. Read it again.`);
}

/** The longest login, in bytes: so that it is a file's name, too, whatever is in it. */
export const LONGEST_LOGIN = 255;
/** In UTF-16 units. A status is a few lines; what is longer is a file, and belongs into one. */
const LONGEST_TEXT = 65_536;
const UTF_8 = new TextDecoder("utf-8", { ignoreBOM: true });
