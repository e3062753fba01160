/** What the system says, by the codes of its errors. */
export type Reasons = Readonly<Record<string, string>>;

/**
 * Why the system refused something, for a sentence.
 *
 * @param own - What some codes mean in particular where it was refused.
 */
export function toSystemReason(error: unknown, own: Reasons = {}): string {
  const { code = "", message = String(error) } = Object(error) as Partial<NodeJS.ErrnoException>;
  return own[code] ?? REASONS[code] ?? message;
}

const REASONS: Reasons = {
  EACCES: "the system does not allow it",
  EPERM: "the system does not allow it",
  EISDIR: "it is a folder",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EIO: "the disk fails",
};
