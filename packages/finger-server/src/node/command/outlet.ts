import type { ApplicationDescription } from "../application/description.js";
import type { Identity } from "../daemon/identity.js";
import { type LogFile, openLogFile } from "../daemon/log-file.js";
import { type AuditLog, createAuditLog } from "../log/audit-log.js";
import { createLog, type Log, toOnError } from "../log/log.js";
import { createDescribeLoss } from "../log/loss.js";
import type { CommandIO } from "./io.js";

/** Where a process tells what happens. */
export interface Outlet {
  readonly log: Log;
  readonly audit: AuditLog;
  readonly onError: (error: unknown) => void;
  /** Goes on in a new file, when another program has moved the old one away. */
  reopen(): void;
  /** Goes by another description; where it is told stays. */
  follow(description: ApplicationDescription): void;
  close(): void;
}

/**
 * Opens the log.
 *
 * @param identity - Who the process will be.
 * @throws `FingerError` `ERR_FINGER_PROCESS` when its file cannot be opened.
 */
export function openOutlet(
  { log: wanted }: ApplicationDescription,
  logfile: string | undefined,
  { err, isTerminal = false, ignoreTerminal }: CommandIO,
  identity?: Identity,
): Outlet {
  const isRead = logfile === undefined && isTerminal;
  const style = { format: wanted?.format ?? (isRead ? "human" : "json"), isTerminal: isRead } as const;
  const describeLoss = createDescribeLoss(style);
  const file = logfile === undefined ? undefined : openLogFile(logfile, { owner: identity, describeLoss });
  if (file !== undefined) ignoreTerminal?.();
  const look = { ...style, write: file?.write ?? err };
  const log = createLog({ level: wanted?.level, ...look });
  const audit = createAuditLog(look);
  return {
    log,
    audit,
    onError: toOnError(log),
    reopen: () => reopen(file, log, audit),
    follow: ({ log: another }) => {
      log.level = another?.level ?? "info";
    },
    close() {
      audit.flush();
      file?.close();
    },
  };
}

function reopen(file: LogFile | undefined, log: Log, audit: AuditLog): void {
  audit.flush();
  const fault = file?.reopen();
  if (fault !== undefined) log.error({ err: fault }, fault.message);
}
