import { type FSWatcher, watch } from "node:fs";

/** Watches of the file system, which keep no process alive. */
export interface PathWatchers {
  /** Watches these paths, and no longer those of before. */
  arm(paths: readonly string[]): void;
  close(): void;
}

/**
 * Watches directories. Each event is a hint and no more: some come twice, some never, and many are of other files.
 *
 * @param onHint - Hears that something may have changed.
 */
export function createPathWatchers(onHint: () => void): PathWatchers {
  let watchers: readonly FSWatcher[] = [];
  const close = () => {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  };
  return {
    arm(paths) {
      const armed = paths.flatMap((path) => watchOne(path, onHint) ?? []);
      close();
      watchers = armed;
    },
    close,
  };
}

/**
 * A path that cannot be watched is left to the poll: there may be nothing yet, or the system is out of watches, or the
 * file system has none.
 */
function watchOne(path: string, onHint: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(path, { persistent: false }, onHint);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
