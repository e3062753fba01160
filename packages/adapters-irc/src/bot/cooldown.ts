/** So many of something a minute for each of those who ask; a third of them may come in one burst. */
export interface Cooldown {
  /** Takes one; gives whether there was one left. */
  pay(who: string): boolean;
}

/** What one has left, as of `at`, in milliseconds. */
interface Account {
  left: number;
  at: number;
}

/**
 * Makes a budget that nobody has touched. Those who came last are remembered, so that no number of them makes it grow.
 *
 * @param rate - How many there are a minute; `Infinity` for no bound.
 * @param burst - How many may come at once. @default a third of them
 * @param now - The time in milliseconds. @default the clock that only goes forward
 */
export function createCooldown(
  rate: number,
  burst: number = Math.max(1, Math.ceil(rate / 3)),
  now: () => number = () => performance.now(),
): Cooldown {
  const accounts = new Map<string, Account>();
  return {
    pay(who) {
      if (rate === Number.POSITIVE_INFINITY) return true;
      const at = now();
      const before = accounts.get(who) ?? { left: burst, at };
      const left = Math.min(burst, before.left + ((at - before.at) * rate) / 60_000);
      const isPaid = left >= 1;
      // Who was here last is at the end.
      accounts.delete(who);
      accounts.set(who, { left: isPaid ? left - 1 : left, at });
      if (accounts.size > REMEMBERED) forgetFirst(accounts);
      return isPaid;
    },
  };
}

/** Forgets what was put in first. */
export function forgetFirst(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}

/** As many as a large network has people who ask within a minute. */
const REMEMBERED = 4096;
