/** Does some work; when it is asked for again while it is done, it is done once more behind that. */
export type Rerun = () => Promise<void>;

/** Joins those who ask for the same work: each gets what began after asking, or was about to. */
export function createRerun(work: () => Promise<void>): Rerun {
  let running: Promise<void> | undefined;
  let isStale = false;
  /** Who asked meanwhile is not answered with the failure of what began before. */
  const attempt = async () => {
    try {
      await work();
    } catch (error) {
      if (!isStale) throw error;
    }
  };
  const run = async () => {
    try {
      while (isStale) {
        isStale = false;
        await attempt();
      }
    } finally {
      running = undefined;
    }
  };
  return () => {
    isStale = true;
    running ??= run();
    return running;
  };
}
