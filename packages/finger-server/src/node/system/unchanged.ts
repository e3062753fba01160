/**
 * Makes what looks again only when something has changed, or after a while: a clock that ticks slowly may hide a change.
 *
 * @param now - Milliseconds of a clock that does not go back.
 * @returns What takes the version that there is now, and how to look at it.
 */
export function createUnchanged<T>(now: () => number): (version: string, look: () => Promise<T>) => Promise<T> {
  let last: { readonly version: string; readonly value: T; readonly at: number } | undefined;
  return async (version, look) => {
    const at = now();
    if (last?.version === version && at - last.at < LONGEST) return last.value;
    const value = await look();
    last = { version, value, at };
    return value;
  };
}

const LONGEST = 10_000;
