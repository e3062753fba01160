import type { UserChange } from "../../provider.js";

/** Tells many subscribers who has changed. */
export interface ChangeFeed {
  publish(logins: readonly string[]): void;
  /** Yields each change that is published from now on, until `signal` is aborted. */
  subscribe(signal: AbortSignal): AsyncIterableIterator<UserChange>;
}

/** Somebody who does not keep up is told, instead of more logins than these, that anybody may have changed. */
const MOST_PENDING = 1000;

/** Makes a feed that nobody has subscribed to yet. */
export function createChangeFeed(): ChangeFeed {
  const inboxes = new Set<Inbox>();
  return {
    publish(logins) {
      for (const inbox of inboxes) inbox.put(logins);
    },
    subscribe(signal) {
      const inbox = createInbox();
      const leave = () => {
        signal.removeEventListener("abort", leave);
        inboxes.delete(inbox);
        inbox.close();
      };
      signal.addEventListener("abort", leave);
      if (signal.aborted) leave();
      else inboxes.add(inbox);
      return toIterator(inbox, leave);
    },
  };
}

interface Inbox {
  put(logins: readonly string[]): void;
  take(): Promise<IteratorResult<UserChange>>;
  close(): void;
}

type Taker = (result: IteratorResult<UserChange>) => void;

const DONE = { value: undefined, done: true } as const;

/** A login that changes twice before it is taken is told once. */
function createInbox(): Inbox {
  const pending = new Set<string | undefined>();
  const takers: Taker[] = [];
  let isClosed = false;
  const hand = () => {
    while (takers.length > 0 && pending.size > 0) takers.shift()?.(takeFirst(pending));
  };
  return {
    put(logins) {
      for (const login of logins) pending.add(login);
      if (pending.size > MOST_PENDING) {
        pending.clear();
        pending.add(undefined);
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

function takeFirst(pending: Set<string | undefined>): IteratorResult<UserChange> {
  const [login] = pending;
  pending.delete(login);
  return { value: { login }, done: false };
}

/** Not a generator: one that waits for a change could not be left before the next one. */
function toIterator(inbox: Inbox, leave: () => void): AsyncIterableIterator<UserChange> {
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
