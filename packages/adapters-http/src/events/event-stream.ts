/** The events of one reader (HTML, 9.2.6). Of one that does not keep up nothing is missed: what is told is only who has changed. */
export interface EventStream extends AsyncIterableIterator<string> {
  /** Whose changes it is to tell of; `undefined` for everybody's. */
  readonly login: string | undefined;
  /** Tells that a user, or anybody, has changed. */
  put(login: string | undefined, id: string): void;
  /** Shows the reader, and the proxies on the way, that it is still there. */
  beat(): void;
  end(): void;
}

/**
 * @param hello - What it begins with.
 * @param onLeave - Called once, when it is over.
 */
export function createEventStream(login: string | undefined, hello: string, onLeave: () => void): EventStream {
  /** The last event of each user that was not read yet, the latest last. */
  const pending = new Map<string | undefined, string>();
  let first = hello;
  let take: ((result: IteratorResult<string>) => void) | undefined;
  let isOver = false;

  const give = (result: IteratorResult<string>) => {
    const taker = take;
    take = undefined;
    taker?.(result);
  };
  const hand = () => {
    if (take === undefined || (pending.size === 0 && first === "")) return;
    const value = first + [...pending].map(([login, id]) => formatEvent(login, id)).join("");
    first = "";
    pending.clear();
    give({ value, done: false });
  };
  const end = () => {
    if (isOver) return;
    isOver = true;
    onLeave();
    give(DONE);
  };

  return {
    login,
    put(changed, id) {
      const isTooMuch = pending.size >= MOST_PENDING;
      if (isTooMuch) pending.clear();
      const key = isTooMuch ? undefined : changed;
      pending.delete(key);
      pending.set(key, id);
      hand();
    },
    beat: () => give({ value: ": still here\n\n", done: false }),
    end,
    next() {
      if (isOver) return Promise.resolve(DONE);
      return new Promise((resolve) => {
        take = resolve;
        hand();
      });
    },
    async return() {
      end();
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function formatEvent(login: string | undefined, id: string): string {
  return `id: ${id}\nevent: change\ndata: ${JSON.stringify({ login: login ?? null })}\n\n`;
}

const DONE = { value: undefined, done: true } as const;
/** Who has not heard of so many is told that it may be anybody. */
const MOST_PENDING = 100;
