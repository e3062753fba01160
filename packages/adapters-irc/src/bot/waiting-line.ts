/** Work that is done in turn. */
export interface WaitingLine {
  /** Puts work at the end; gives whether there was room. It must not reject. */
  join(work: () => Promise<void>): boolean;
  /** Sends those home who wait, and lets nobody in any more; resolves when what was begun is done. */
  close(): Promise<void>;
}

/**
 * @param atOnce - How much is done at a time.
 * @param most - How many may wait.
 */
export function createWaitingLine(atOnce: number, most: number): WaitingLine {
  const waiting: Array<() => Promise<void>> = [];
  let running = 0;
  let isClosed = false;
  const leavers: Array<() => void> = [];

  const proceed = () => {
    while (running < atOnce) {
      const work = waiting.shift();
      if (work === undefined) break;
      running++;
      void work().finally(() => {
        running--;
        proceed();
      });
    }
    if (isClosed && running === 0) for (const leave of leavers.splice(0)) leave();
  };

  return {
    join(work) {
      if (isClosed || (running >= atOnce && waiting.length >= most)) return false;
      waiting.push(work);
      proceed();
      return true;
    },
    close() {
      isClosed = true;
      waiting.length = 0;
      return new Promise((resolve) => {
        leavers.push(resolve);
        proceed();
      });
    },
  };
}
