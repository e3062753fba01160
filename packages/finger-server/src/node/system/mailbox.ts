import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { FingerMail } from "finger-protocol";
import type { DiskTurns } from "./disk-turns.js";
import { isFileName } from "./is-file-name.js";
import { lookAt } from "./look-at.js";

/**
 * When mail came and was read last, by the times of the mailbox, which is not opened; `null` when it is empty or not there,
 * `undefined` when nobody knows: a link may lead to anybody's, and a folder of mails has other times.
 *
 * @throws `FingerError` `ERR_FINGER_TIMEOUT` when the disk hangs, `ERR_FINGER_PROVIDER` when it fails.
 */
export async function readMailbox(
  login: string,
  folder = "/var/mail",
  turns?: DiskTurns,
): Promise<FingerMail | null | undefined> {
  // Names of accounts come from others, such as LDAP.
  if (!isFileName(login)) return undefined;
  const stats = await lookAt(folder, () => lookAtMailbox(join(folder, login)), { turns });
  if (stats === null) return null;
  if (!stats?.isFile()) return undefined;
  return stats.size === 0 ? null : { receivedAt: stats.mtime, readAt: stats.atime };
}

/** `null` when it is not there, which is not the same as not for us. */
async function lookAtMailbox(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (NO_MAIL.has((error as NodeJS.ErrnoException).code)) return null;
    throw error;
  }
}

const NO_MAIL: ReadonlySet<string | undefined> = new Set(["ENOENT", "ENOTDIR"]);
