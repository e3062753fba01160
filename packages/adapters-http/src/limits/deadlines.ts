/** Gives all that begins the same time. */
export interface Deadlines {
  /** How long that is, in milliseconds. */
  readonly ms: number;
  /**
   * @param onLate - Called when the time is over.
   * @returns What is to be called when it is done before.
   */
  begin(onLate: () => void): () => void;
}

/** What is under way, and when it began. */
interface Begun {
  readonly at: number;
  readonly onLate: () => void;
}

/** Makes deadlines of so many milliseconds; `Infinity` for none. */
export function createDeadlines(ms: number): Deadlines {
  return isNode() ? createShared(ms) : createSingle(ms);
}

/** In Workers a timer belongs to the request in which it was made, and is gone with that. */
function isNode(): boolean {
  const { userAgent = "" } = (globalThis as { readonly navigator?: { readonly userAgent?: string } }).navigator ?? {};
  return typeof process === "object" && process.release?.name === "node" && !userAgent.includes("Cloudflare");
}

function createSingle(ms: number): Deadlines {
  return {
    ms,
    begin(onLate) {
      if (ms > LONGEST_TIME) return () => {};
      const timer = setTimeout(onLate, ms);
      return () => clearTimeout(timer);
    },
  };
}

/**
 * As all have the same time, what began first is late first, and one timer is enough: one for each would cost more than most
 * lookups do.
 */
function createShared(ms: number): Deadlines {
  const begun = new Set<Begun>();
  let isArmed = false;

  const arm = (delay: number) => {
    isArmed = true;
    const timer = setTimeout(check, Math.ceil(delay));
    // It must keep no process alive; timers of other runtimes than Node's have no unref.
    if (typeof timer === "object") timer.unref();
  };
  const check = () => {
    isArmed = false;
    for (const one of begun) {
      const left = one.at + ms - performance.now();
      if (left > 0) {
        if (!isArmed) arm(left);
        return;
      }
      begun.delete(one);
      one.onLate();
    }
  };
  return {
    ms,
    begin(onLate) {
      if (ms > LONGEST_TIME) return () => {};
      const one = { at: performance.now(), onLate };
      begun.add(one);
      if (!isArmed) arm(ms);
      return () => begun.delete(one);
    },
  };
}

/** What a timer can be: 24 days. */
const LONGEST_TIME = 2 ** 31 - 1;
