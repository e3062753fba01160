import { forgetFirst } from "./cooldown.js";

/** Notices who says the same again and again: another bot that answers this one. */
export interface Loops {
  /** Whether somebody is not to be answered now. */
  isLoop(who: string, text: string): boolean;
}

interface Speaker {
  /** Of late, and but the last ones. */
  readonly said: readonly Said[];
  /** Until when nothing is heard from there. */
  readonly deafUntil: number;
}

interface Said {
  readonly text: string;
  readonly at: number;
}

/** @param now - The time in milliseconds. @default the clock that only goes forward */
export function createLoops(now: () => number = () => performance.now()): Loops {
  const speakers = new Map<string, Speaker>();
  return {
    isLoop(who, text) {
      const at = now();
      const before = speakers.get(who);
      if (before !== undefined && at < before.deafUntil) return true;
      const recent = (before?.said ?? []).filter((one) => at - one.at < WHILE);
      const said = [...recent, { text, at }].slice(-MOST);
      const isLoop = said.filter((one) => one.text === text).length >= OFTEN;
      speakers.delete(who);
      speakers.set(who, isLoop ? { said: [], deafUntil: at + DEAF } : { said, deafUntil: 0 });
      if (speakers.size > SPEAKERS) forgetFirst(speakers);
      return isLoop;
    },
  };
}

/** Nobody asks the same as often as that in as short a time, and a bot that answers us does, also one that takes its time. */
const OFTEN = 5;
const WHILE = 60_000;
/** Some bots say two or three lines for each that they hear, and so the same in turn. */
const MOST = 15;
/** Who talks with us of late, of which each may have said much. */
const SPEAKERS = 1024;
const DEAF = 60_000;
