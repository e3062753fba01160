/**
 * What runs: a port, a file that is followed, a bot. It is made first, which does nothing, and then started.
 *
 * They may be called again when they are through. What cannot be stopped in order tells why by rejecting, and is
 * stopped all the same.
 */
export interface Service {
  /** What its group finds it by, and what messages call it. */
  readonly name: string;
  /**
   * Does what takes a privilege, such as opening a port below 1024: for all services of an application before any of them is
   * started, and before the privileges are dropped. What comes meanwhile waits for `start`. @default nothing does
   */
  prepare?(signal?: AbortSignal): Promise<void>;
  /**
   * Resolves when it runs. What has failed to start leaves nothing behind; its `stop` is called only when it was prepared, or when
   * the signal was aborted meanwhile.
   *
   * @param signal - Aborted when nobody waits for it any more.
   */
  start(signal?: AbortSignal): Promise<void>;
  /**
   * Resolves when nothing of it runs any more; what is under way is let finish.
   *
   * @param signal - Aborted when it has to end at once.
   */
  stop(signal?: AbortSignal): Promise<void>;
}
