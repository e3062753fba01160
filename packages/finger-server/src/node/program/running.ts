/**
 * What runs at the moment, to be ended when this process exits: a process group of its own does not end with it, and no
 * Ctrl+C reaches it. Only a signal that kills this process without an exit leaves it running.
 */
const running = new Set<Ending>();

/** What can be ended at once. */
interface Ending {
  kill(): void;
}

/** Ends it when this process exits, unless it is removed before. */
export function addRunning(ending: Ending): void {
  if (running.size === 0) process.on("exit", killRunning);
  running.add(ending);
}

/** It has ended by itself. */
export function removeRunning(ending: Ending): void {
  running.delete(ending);
  if (running.size === 0) process.off("exit", killRunning);
}

function killRunning(): void {
  for (const ending of running) ending.kill();
}
