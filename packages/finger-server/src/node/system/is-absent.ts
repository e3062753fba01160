/**
 * Whether the system says that a file is not there, or not for us, or is none that can be read at once. Other errors say
 * nothing of the file: a process that is short of descriptors must not take a `.nofinger` for missing.
 */
export function isAbsent(error: unknown): boolean {
  return ABSENT.has((error as NodeJS.ErrnoException).code ?? "");
}

/** A stale one is of a network file system; one that is leased must be waited for. */
const ABSENT: ReadonlySet<string> = new Set([
  "ENOENT",
  "ENOTDIR",
  "EACCES",
  "EPERM",
  "ELOOP",
  "ENAMETOOLONG",
  "ENXIO",
  "ENODEV",
  "ESTALE",
  "EAGAIN",
]);
