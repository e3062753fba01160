/** Begins to watch, until the signal is aborted. */
export type Watch<T> = (signal: AbortSignal) => AsyncIterable<T>;

/** What one source has come to: a value or its end, or an error. */
type Arrival<T> = { readonly source: AsyncIterator<T> } & (
  | { readonly result: IteratorResult<T> }
  | { readonly error: unknown }
);

/**
 * Yields what several sources yield, as it comes. It ends when all have ended or `outer` is aborted, and fails when one
 * fails; the others are then aborted and closed. It holds one value of each source at most: who reads slowly slows them.
 */
export async function* joinChanges<T>(watches: ReadonlyArray<Watch<T>>, outer: AbortSignal): AsyncGenerator<T, void> {
  if (outer.aborted) return;
  const controller = new AbortController();
  const sources: Array<AsyncIterator<T>> = [];
  const arrivals = createArrivals<T>();
  const onAbort = () => {
    controller.abort(outer.reason);
    arrivals.wake();
  };
  outer.addEventListener("abort", onAbort, { once: true });
  try {
    for (const watch of watches) {
      const source = watch(controller.signal)[Symbol.asyncIterator]();
      sources.push(source);
      arrivals.ask(source);
    }
    for (let open = sources.length; open > 0 && !outer.aborted; ) {
      const arrival = await arrivals.next();
      if (arrival === undefined || outer.aborted) return;
      if ("error" in arrival) throw arrival.error;
      if (arrival.result.done) open--;
      else {
        yield arrival.result.value;
        arrivals.ask(arrival.source);
      }
    }
  } finally {
    outer.removeEventListener("abort", onAbort);
    controller.abort();
    // Not awaited: a source that does not heed its signal must not keep its reader. What it says now is too late.
    void Promise.allSettled(sources.map(async (source) => source.return?.()));
  }
}

/** Where what comes from the sources waits to be read. */
interface Arrivals<T> {
  /** Asks a source for its next value. */
  ask(source: AsyncIterator<T>): void;
  /** Resolves to what has come, or to `undefined` when it was woken before. */
  next(): Promise<Arrival<T> | undefined>;
  wake(): void;
}

/**
 * A queue that each source has one place in. A race of promises would do as well, but leave a handler on the promise of a
 * slow source for each value of a fast one.
 */
function createArrivals<T>(): Arrivals<T> {
  const queue: Array<Arrival<T>> = [];
  let wake = () => {};
  const arrive = (arrival: Arrival<T>) => {
    queue.push(arrival);
    wake();
  };
  return {
    ask(source) {
      const asked = (async () => source.next())();
      void asked.then(
        (result) => arrive({ source, result }),
        (error) => arrive({ source, error }),
      );
    },
    async next() {
      if (queue.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return queue.shift();
    },
    wake: () => wake(),
  };
}
