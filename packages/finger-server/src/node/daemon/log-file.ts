import { closeSync, constants, fchownSync, fstatSync, openSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { FingerError } from "finger-protocol";
import { createDescribeLoss, type DescribeLoss } from "../log/loss.js";
import { toCode, toProcessError, toReason } from "./process-error.js";

/** A file to which a log is written, line by line. */
export interface LogFile {
  /** Appends whole lines, at once. Never throws: what cannot be written is counted, and told of when it works again. */
  write(text: string): void;
  /** Opens the file anew, after another program moved it away. The old one stays in use when that fails. */
  reopen(): FingerError | undefined;
  /** What is written after that is lost. */
  close(): void;
}

export interface LogFileOptions {
  /** Whose the file is when root has to make it: who this process will be, and has to reopen it. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** Makes the line that is written in place of those that were lost. @default one of a log in JSON */
  readonly describeLoss?: DescribeLoss | undefined;
}

/**
 * Opens a log file, and makes it unless it is there.
 *
 * @throws `FingerError` `ERR_FINGER_PROCESS` when it cannot be opened.
 */
export function openLogFile(path: string, options: LogFileOptions = {}): LogFile {
  const place = resolve(path);
  const log: Log = { fd: open(place, options), lost: 0, reason: "", isCut: false, ...options };
  return {
    write: (text) => append(log, text),
    reopen: () => reopen(log, place),
    close: () => replace(log, undefined),
  };
}

/** A log, and what could not be written to it. */
interface Log extends LogFileOptions {
  fd: number | undefined;
  lost: number;
  reason: string;
  /** The last line has no end, for there was no room for it. */
  isCut: boolean;
}

function append(log: Log, text: string): void {
  if (log.lost > 0 && put(log, describe(log)) === 0) log.lost = 0;
  log.lost += log.lost > 0 ? countLines(Buffer.from(text)) : put(log, text);
}

function describe({ lost, reason, isCut, describeLoss = createDescribeLoss({ format: "json" }) }: Log): string {
  return `${isCut ? "\n" : ""}${describeLoss(lost, reason)}`;
}

/** Writes what can be written, and gives the number of lines that cannot. */
function put(log: Log, text: string): number {
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    while (log.fd !== undefined && written < bytes.length) written += writeSync(log.fd, bytes, written);
  } catch (error) {
    log.reason = toReason(error);
  }
  if (written > 0) log.isCut = bytes[written - 1] !== LINE_FEED;
  return countLines(bytes.subarray(written));
}

function countLines(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => count + Number(byte === LINE_FEED), 0);
}

function reopen(log: Log, path: string): FingerError | undefined {
  try {
    replace(log, open(path, log));
    return undefined;
  } catch (error) {
    return error as FingerError;
  }
}

function replace(log: Log, fd: number | undefined): void {
  if (log.fd !== undefined) closeSync(log.fd);
  log.fd = fd;
}

function open(path: string, { owner }: LogFileOptions): number {
  try {
    return make(path, owner) ?? openSafely(path);
  } catch (cause) {
    if (FingerError.is(cause)) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw toProcessError(
      `The log file ${path} cannot be opened: ${toReason(cause)}. ${REMEDIES[code ?? ""] ?? "Choose another path."}`,
      cause,
    );
  }
}

/** Makes the file, for its owner and a group that may read it; `undefined` when there is one. */
function make(path: string, owner: LogFileOptions["owner"]): number | undefined {
  try {
    const fd = openSync(path, FLAGS | constants.O_CREAT | constants.O_EXCL, 0o640);
    give(fd, owner);
    return fd;
  } catch (error) {
    if (toCode(error) === "EEXIST") return undefined;
    throw error;
  }
}

/** A descriptor of what cannot be given away is closed: nobody would know of it. */
function give(fd: number, owner: LogFileOptions["owner"]): void {
  if (owner === undefined || process.getuid?.() !== 0) return;
  try {
    fchownSync(fd, owner.uid, owner.gid);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** A link in a folder of somebody else could have root write to any file. */
function openSafely(path: string): number {
  const isRoot = process.getuid?.() === 0;
  const fd = openSync(path, FLAGS | (isRoot ? (constants.O_NOFOLLOW ?? 0) : 0));
  const file = fstatSync(fd);
  if (!isRoot || !file.isFile() || file.nlink === 1) return fd;
  closeSync(fd);
  throw toProcessError(`The log file ${path} has other names as well, so root does not write to it. Remove it.`);
}

/** To open a FIFO, or to write to one, would wait for who reads it. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | (constants.O_NONBLOCK ?? 0);
const LINE_FEED = 10;
const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: "Make it, or choose another path.",
  ELOOP: "Root follows none, for others could set it: give the path that it leads to.",
};
