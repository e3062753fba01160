/** Does work for one and the same once for all who want it at the same time: many who ask for one account look at its home once. */
export function createAtOnce<Key, T>(work: (key: Key) => Promise<T>): (key: Key) => Promise<T> {
  const running = new Map<Key, Promise<T>>();
  return (key) => {
    const found = running.get(key);
    if (found !== undefined) return found;
    const begun = work(key).finally(() => running.delete(key));
    running.set(key, begun);
    return begun;
  };
}
