/** Whether a process group has a process. It still may when its first one has ended. */
export function hasMembers(pid: number): boolean {
  return signalGroup(pid, 0);
}

/**
 * Sends a signal to all of a process group.
 *
 * @param pid - The number of the group, which is that of its first process.
 * @returns Whether there is anybody in it.
 */
export function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    // Nobody is there; or nobody that we may signal: a program with rights of its own, or, on macOS, the dead.
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH" || code === "EPERM") return code === "EPERM";
    throw error;
  }
}
