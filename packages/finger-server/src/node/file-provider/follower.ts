import { dirname } from "node:path";
import type { Glance } from "./glance.js";
import { createPathWatchers } from "./path-watchers.js";
import { QUIET } from "./read-quietly.js";

/** Tells when a path may have changed. It keeps no process alive. */
export interface Follower {
  begin(): void;
  /** Watches what was seen at the path. */
  arm(seen: Glance): void;
  end(): void;
}

/** How a path is followed. */
export interface FollowSettings {
  readonly path: string;
  /** Asks the system for events, too. */
  readonly isWatched: boolean;
  /** In milliseconds. */
  readonly pollInterval: number;
}

/**
 * Follows a path by polling, and by the events of the system where it has them.
 *
 * @param onHint - Hears that something may have changed.
 */
export function createFollower({ path, isWatched, pollInterval }: FollowSettings, onHint: () => void): Follower {
  let poll: NodeJS.Timeout | undefined;
  let pending: NodeJS.Timeout | undefined;
  /** Events come in swarms; one look does for all of a moment. */
  const watchers = createPathWatchers(() => {
    pending ??= setTimeout(() => {
      pending = undefined;
      onHint();
    }, QUIET).unref();
  });
  return {
    begin() {
      poll ??= setInterval(onHint, pollInterval).unref();
    },
    arm({ kind }) {
      if (poll !== undefined && isWatched) watchers.arm(toWatched(path, kind));
    },
    end() {
      watchers.close();
      clearInterval(poll);
      clearTimeout(pending);
      poll = undefined;
      pending = undefined;
    },
  };
}

/**
 * Whatever replaces the path shows in its parent. A file is not watched itself: that would hold on to the old one, and on
 * some systems would wait for ever on a FIFO.
 */
function toWatched(path: string, kind: Glance["kind"]): readonly string[] {
  return kind === "directory" ? [dirname(path), path] : [dirname(path)];
}
