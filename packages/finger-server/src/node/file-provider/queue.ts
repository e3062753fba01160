/** Does one piece of work after the other. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a queue with nothing in it. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    // Who gave the work hears of its failure; the next piece does not.
    last = done.catch(() => undefined);
    return done;
  };
}
