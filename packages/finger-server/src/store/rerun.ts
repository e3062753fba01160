/** Does some work; when it is asked for again while it is done, it is done once more behind that. */
export type Rerun = () => Promise<void>;

/** Joins those who ask for the same work: each gets what began after asking, or was about to. */
export function createRerun(work: () => Promise<void>): Rerun {
  let running: Promise<void> | undefined;
  let isStale = false;
  const run = async () => {
    try {
      while (isStale) {
        isStale = false;
        await work();
      }
    } finally {
      isStale = false;
      running = undefined;
    }
  };
  return () => {
    isStale = true;
    running ??= run();
    return running;
  };
}
