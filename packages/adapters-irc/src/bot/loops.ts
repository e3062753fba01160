import { forgetFirst, REMEMBERED } from "./cooldown.js";

/** Notices who says the same again and again: another bot that answers this one. */
export interface Loops {
  /** Whether somebody is not to be answered now. */
  isLoop(who: string, text: string): boolean;
}

interface Said {
  readonly text: string;
  /** How often, of late. */
  readonly count: number;
  readonly since: number;
  /** Until when nothing is heard from there. */
  readonly deafUntil: number;
}

/** @param now - The time in milliseconds. @default the clock that only goes forward */
export function createLoops(now: () => number = () => performance.now()): Loops {
  const last = new Map<string, Said>();
  return {
    isLoop(who, text) {
      const at = now();
      const before = last.get(who);
      if (before !== undefined && at < before.deafUntil) return true;
      const isAgain = before !== undefined && before.text === text && at - before.since < WHILE;
      const count = isAgain ? before.count + 1 : 1;
      const isLoop = count >= OFTEN;
      last.delete(who);
      last.set(who, { text, count, since: isAgain ? before.since : at, deafUntil: isLoop ? at + DEAF : 0 });
      if (last.size > REMEMBERED) forgetFirst(last);
      return isLoop;
    },
  };
}

/** Nobody asks the same as often as that in as short a time, and a bot that answers us does: we say a line in 2 s. */
const OFTEN = 5;
const WHILE = 20_000;
const DEAF = 60_000;
