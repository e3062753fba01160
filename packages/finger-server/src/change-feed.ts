import type { UserChange } from "./provider.js";

/** Tells many subscribers who has changed. */
export interface ChangeFeed<Change extends UserChange> {
  publish(changes: ReadonlyArray<Change | UserChange>): void;
  /**
   * Yields each change that is published from now on, until `signal` is aborted.
   *
   * @param onLeave - Hears once that it is over: it was aborted, or its reader has left.
   */
  subscribe(signal: AbortSignal, onLeave?: () => void): AsyncIterableIterator<Change | UserChange>;
}

/** Somebody who does not keep up is told, instead of more logins than these, that anybody may have changed. */
const MOST_PENDING = 1000;

/** Makes a feed that nobody has subscribed to yet. */
export function createChangeFeed<Change extends UserChange = UserChange>(): ChangeFeed<Change> {
  const inboxes = new Set<Inbox<Change | UserChange>>();
  return {
    publish(changes) {
      for (const inbox of inboxes) inbox.put(changes);
    },
    subscribe(signal, onLeave) {
      const inbox = createInbox<Change | UserChange>();
      const leave = () => {
        signal.removeEventListener("abort", leave);
        if (!inboxes.delete(inbox)) return;
        inbox.close();
        onLeave?.();
      };
      signal.addEventListener("abort", leave);
      inboxes.add(inbox);
      if (signal.aborted) leave();
      return toIterator(inbox, leave);
    },
  };
}

interface Inbox<Change> {
  put(changes: readonly Change[]): void;
  take(): Promise<IteratorResult<Change>>;
  close(): void;
}

type Taker<Change> = (result: IteratorResult<Change>) => void;

const DONE = { value: undefined, done: true } as const;

/** Of a login that changes twice before it is taken, the last change is told. */
function createInbox<Change extends UserChange>(): Inbox<Change | UserChange> {
  const pending = new Map<string | undefined, Change | UserChange>();
  const takers: Array<Taker<Change | UserChange>> = [];
  let isClosed = false;
  const hand = () => {
    while (takers.length > 0 && pending.size > 0) takers.shift()?.(takeFirst(pending));
  };
  return {
    put(changes) {
      for (const change of changes) pending.set(change.login, change);
      if (pending.size > MOST_PENDING) {
        pending.clear();
        pending.set(undefined, { login: undefined });
      }
      hand();
    },
    take() {
      if (isClosed) return Promise.resolve(DONE);
      return new Promise((resolve) => {
        takers.push(resolve);
        hand();
      });
    },
    close() {
      isClosed = true;
      for (const taker of takers.splice(0)) taker(DONE);
    },
  };
}

function takeFirst<Change>(pending: Map<string | undefined, Change>): IteratorResult<Change> {
  for (const [login, change] of pending) {
    pending.delete(login);
    return { value: change, done: false };
  }
  return DONE;
}

/** Not a generator: one that waits for a change could not be left before the next one. */
function toIterator<Change>(inbox: Inbox<Change>, leave: () => void): AsyncIterableIterator<Change> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => inbox.take(),
    async return() {
      leave();
      return DONE;
    },
  };
}
