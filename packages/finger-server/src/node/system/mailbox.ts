import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { FingerError, type FingerMail } from "finger-protocol";
import { toSystemReason } from "../system-reason.js";
import { DISK_PATIENCE, DISK_TURNS, type DiskTurns } from "./disk-turns.js";
import { isAbsent } from "./is-absent.js";
import { isFileName } from "./is-file-name.js";

/**
 * When mail came and was read last, by the times of the mailbox, which is not opened; `null` when it is empty or not there,
 * `undefined` when nobody knows: a link may lead to anybody's, and a folder of mails has other times.
 *
 * @throws `FingerError` `ERR_FINGER_TIMEOUT` when the disk hangs, `ERR_FINGER_PROVIDER` when it fails.
 */
export async function readMailbox(
  login: string,
  folder = "/var/mail",
  turns: DiskTurns = DISK_TURNS,
): Promise<FingerMail | null | undefined> {
  // Names of accounts come from others, such as LDAP.
  if (!isFileName(login)) return undefined;
  try {
    const stats = await turns.take(folder, DISK_PATIENCE, () => lstat(join(folder, login)));
    if (!stats.isFile()) return undefined;
    return stats.size === 0 ? null : { receivedAt: stats.mtime, readAt: stats.atime };
  } catch (error) {
    if (FingerError.is(error)) throw error;
    if (NO_MAIL.has((error as NodeJS.ErrnoException).code)) return null;
    if (isAbsent(error)) return undefined;
    const message = `Cannot look at the mailboxes in ${folder}: ${toSystemReason(error)}.`;
    throw new FingerError("ERR_FINGER_PROVIDER", message, { cause: error });
  }
}

const NO_MAIL: ReadonlySet<string | undefined> = new Set(["ENOENT", "ENOTDIR"]);
