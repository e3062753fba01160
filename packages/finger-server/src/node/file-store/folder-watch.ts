import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { createRerun } from "../../rerun.js";

/** Follows a folder, and keeps no process alive. */
export interface FolderWatch {
  stop(): void;
}

/**
 * Follows what happens in a folder, by the events of the system, and by a look at the folder now and then: some file
 * systems have no events, and some events are lost. The folder need not be there yet: until it is, the nearest one above it
 * that is there is followed.
 *
 * @param onName - Hears of a file that may have changed; `undefined` when it may be any.
 */
export function followFolder(
  path: string,
  pollInterval: number,
  onName: (name: string | undefined) => void,
): FolderWatch {
  let watcher: FSWatcher | undefined;
  /** Which folder it was at the last look; `undefined` when it may be another since. */
  let watched: string | undefined;
  let isStopped = false;
  let seen: string | undefined;
  /** Whether the system has told of the folder since the last look, and how many looks in a row found that it had. */
  let isTold = false;
  let explained = 0;

  const arm = (place: string) => {
    try {
      watcher = watch(place, { persistent: false }, (event, name) => hear(place, event, name));
      watcher.on("error", disarm);
    } catch {
      // It has gone, or the system is out of watches: it is looked at instead.
    }
  };
  const disarm = () => {
    watcher?.close();
    watcher = undefined;
    watched = undefined;
    isTold = false;
  };
  const hear = (place: string, event: string, name: string | null) => {
    if (place === path) {
      isTold = true;
      onName(name ?? undefined);
    }
    // By its own name the system tells of a folder that is moved or removed.
    const isGone = event === "rename" && name === basename(place);
    if (isGone) {
      disarm();
      seen = GONE;
    }
    if (isGone || place !== path) void look();
  };
  const look = createRerun(async () => {
    const { place, inode, changed } = await glance(path);
    if (isStopped) return;
    const there = `${place} ${inode}`;
    if (watched !== undefined && watched !== there) disarm();
    if (watcher === undefined) arm(place);
    // Whether it was still there when the watch began shows at another look.
    if (watched !== there) void look();
    watched = there;
    const state = place === path ? `${inode} ${changed}` : NOT_THERE;
    if (seen !== undefined && seen !== state && !isExplained()) onName(undefined);
    seen = state;
  });
  /**
   * A change that a look finds is most likely the one that the system has just told of, so it is not told again. But it may
   * be another, of which the system has said nothing: now and then it is told all the same.
   */
  const isExplained = () => {
    explained = isTold ? explained + 1 : 0;
    isTold = false;
    return explained % MOST_EXPLAINED !== 0;
  };

  arm(path);
  if (watcher === undefined) seen = NOT_THERE;
  void look();
  const timer = setInterval(() => void look(), pollInterval);
  timer.unref();
  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
      disarm();
    },
  };
}

interface Glance {
  /** The folder, or the nearest above it that is there. */
  readonly place: string;
  readonly inode: string;
  /** When something was put into it or taken away. */
  readonly changed: string;
}

/** What is seen where no folder is, and of one that may be another by now. */
const NOT_THERE = "";
const GONE = "gone";

/** After so many looks that found what was told already it is said all the same: a minute, when nobody asks for another. */
const MOST_EXPLAINED = 12;

async function glance(path: string): Promise<Glance> {
  try {
    const { dev, ino, mtimeNs } = await stat(path, { bigint: true });
    return { place: path, inode: `${dev}:${ino}`, changed: String(mtimeNs) };
  } catch {
    return dirname(path) === path ? { place: path, inode: "none", changed: "" } : glance(dirname(path));
  }
}
