/** As many files are looked at or open at once; the other work of the process needs some, too. */
const BATCH = 32;

/** Does the work for each item, some at a time, and resolves to the results in order. */
export async function inBatches<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  room: number = BATCH,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += room) {
    results.push(...(await Promise.all(items.slice(start, start + room).map(work))));
  }
  return results;
}
