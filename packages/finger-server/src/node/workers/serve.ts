/** Which of the workers this is. */
export interface WorkerPlace {
  /** From 1 to `count`; who takes the place of another has its number. */
  readonly number: number;
  readonly count: number;
}

/**
 * Serves in one worker: resolves, once everything listens, to what is disposed of when it is time to end, which lets the
 * answers under way finish.
 */
export type Serve = (place: WorkerPlace) => Promise<AsyncDisposable>;
