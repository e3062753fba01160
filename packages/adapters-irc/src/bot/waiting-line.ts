/** Work that is done in turn: of who has much of it, not all at a time, and what others have between. */
export interface WaitingLine {
  /** Puts work behind what the same one has there; gives whether there was room. It must not reject. */
  join(who: string, work: Work): boolean;
  /** Sends those home who wait, and lets nobody in any more; resolves when what was begun is done. */
  close(): Promise<void>;
}

type Work = () => Promise<void>;

/**
 * @param atOnce - How much is done at a time, and half of it for one.
 * @param most - How much may wait, and a tenth of it for one.
 */
export function createWaitingLine(atOnce: number, most: number): WaitingLine {
  /** Whose turn is next stands first. */
  const waiting = new Map<string, Work[]>();
  /** For whom how much is done. */
  const served = new Map<string, number>();
  const [half, tenth] = [Math.ceil(atOnce / 2), Math.ceil(most / 10)];
  let [running, count] = [0, 0];
  let isClosed = false;
  const leavers: Array<() => void> = [];

  const isNext = (who: string) => running < atOnce && (served.get(who) ?? 0) < half;
  const hasRoom = (who: string) => isNext(who) || (count < most && (waiting.get(who)?.length ?? 0) < tenth);
  const serve = (who: string, by: 1 | -1) => {
    running += by;
    const now = (served.get(who) ?? 0) + by;
    if (now > 0) served.set(who, now);
    else served.delete(who);
  };
  const begin = (who: string, works: Work[]) => {
    const [work, ...others] = works;
    waiting.delete(who);
    if (others.length > 0) waiting.set(who, others);
    if (work === undefined) return;
    count--;
    serve(who, 1);
    void work().finally(() => {
      serve(who, -1);
      proceed();
    });
  };
  const proceed = () => {
    // Who has more is put behind the others, and so comes again after them.
    for (const [who, works] of waiting) {
      if (running >= atOnce) break;
      if (isNext(who)) begin(who, works);
    }
    if (isClosed && running === 0) for (const leave of leavers.splice(0)) leave();
  };

  return {
    join(who, work) {
      if (isClosed || !hasRoom(who)) return false;
      waiting.set(who, [...(waiting.get(who) ?? []), work]);
      count++;
      proceed();
      return true;
    },
    close() {
      isClosed = true;
      waiting.clear();
      return new Promise((resolve) => {
        leavers.push(resolve);
        proceed();
      });
    },
  };
}
