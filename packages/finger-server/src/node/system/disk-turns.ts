import { FingerError } from "finger-protocol";
import { nobodyWaits } from "../../nobody-waits.js";
import { createTurns } from "../../turns.js";
import { createTurnstile } from "../../turnstile.js";
import { within } from "../../within.js";

/**
 * Looks at disks that may hang, as those do whose server is down, or is a user's own program (FUSE). What hangs holds a
 * thread of the process until the system lets it go; nobody waits that long.
 */
export interface DiskTurns {
  /**
   * Does one piece of work after the other at a place, and only at some places at a time.
   *
   * @param place - What hangs as one: a home, or a folder.
   * @param ms - How long is waited, for the turn as well.
   * @param work - Does one thing at a time; its signal is aborted when nobody waits any more.
   * @throws `FingerError` `ERR_FINGER_TIMEOUT` when the place hangs, at once when it is known to, or too many others do.
   */
  take<T>(place: string, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/**
 * Makes turns that nobody has taken.
 *
 * @param room - At how many places work is done at a time, and may hang.
 */
export function createDiskTurns(room: number): DiskTurns {
  const turnstile = createTurnstile(room, MOST_WAITING, () => crowded());
  const takeTurn = createTurns();
  const hanging = new Set<string>();

  async function enter<T>(place: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const leave = await turnstile.enter(signal);
    const onLate = () => void hanging.add(place);
    signal.addEventListener("abort", onLate, { once: true });
    try {
      if (signal.aborted) throw nobodyWaits(signal);
      return await work(signal);
    } finally {
      signal.removeEventListener("abort", onLate);
      hanging.delete(place);
      leave();
    }
  }

  return {
    async take(place, ms, work) {
      if (hanging.has(place)) throw hangs(place);
      if (hanging.size >= room) throw crowded();
      /** Told apart from a place that was never looked at. */
      let hasBegun = false;
      let isLate = false;
      const begin = (signal: AbortSignal) => {
        signal.addEventListener("abort", () => (isLate = true), { once: true });
        const workNow = () => {
          hasBegun = true;
          return work(signal);
        };
        return takeTurn(place, () => enter(place, signal, workNow));
      };
      try {
        return await within(ms, undefined, begin);
      } catch (error) {
        if (!isLate) throw error;
        throw hasBegun || hanging.has(place) ? hangs(place) : crowded();
      }
    },
  };
}

/** The same each time, so that the operator is told once. */
function hangs(place: string): FingerError {
  const what = `The file system of ${place} does not answer`;
  return new FingerError("ERR_FINGER_TIMEOUT", `${what}; it is left alone until it does.`);
}

function crowded(): FingerError {
  const what = "The file systems of too many homes do not answer";
  return new FingerError("ERR_FINGER_TIMEOUT", `${what}; no other home is looked at until they do.`);
}

const MOST_WAITING = 1024;

/** The threads of this process, as libuv counts them: four, if nobody says otherwise. */
const THREADS = Number.parseInt(process.env["UV_THREADPOOL_SIZE"] ?? "4", 10) || 1;

/** Those of this process: half of its threads may be caught by a disk, and half are left for all else. */
export const DISK_TURNS: DiskTurns = createDiskTurns(Math.max(1, THREADS >> 1));

/** How long a disk is waited for, in milliseconds, if nobody says otherwise. */
export const DISK_PATIENCE = 2_000;
