/**
 * Whether the system says that a file is not there, or not for us. Other errors say nothing of the file: neither a process
 * that is short of descriptors nor a server that has lost the file (ESTALE) must have a `.nofinger` taken for missing.
 */
export function isAbsent(error: unknown): boolean {
  return ABSENT.has((error as NodeJS.ErrnoException).code ?? "");
}

/** A home that is closed to us, or whose path leads nowhere, has nothing for us. */
const ABSENT: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP", "ENAMETOOLONG"]);
