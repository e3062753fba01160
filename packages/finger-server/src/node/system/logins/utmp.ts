import { endianness } from "node:os";
import { toKnown } from "../to-known.js";
import { isPlain, readField, toTerminal, toTime } from "./field.js";
import type { Presence } from "./logins.js";

/** How glibc lays out `struct utmp` on one kind of machine. */
export interface UtmpLayout {
  /** Bytes of a record: 384 where times have 32 bits, as on x86-64, or else 400, as on aarch64. */
  readonly size: 384 | 400;
  readonly isLittleEndian: boolean;
}

/**
 * Reads who is logged in from the bytes of utmp(5), or who logged in from those of wtmp, in the order of the file. Records
 * that can be none are skipped, for such files get torn. Never throws.
 *
 * As finger(1) does, it takes the file at its word, and does not look whether the process lives.
 *
 * @param layout - How the records are laid out. @default as most of these bytes make sense
 */
export function parseUtmp(bytes: Uint8Array, layout: UtmpLayout = findUtmpLayout(bytes)): Presence[] {
  const records = toBuffer(bytes);
  const presences: Presence[] = [];
  for (let start = 0; start + layout.size <= records.length; start += layout.size) {
    if (readInt16(records, start, layout) !== USER_PROCESS) continue;
    const presence = toPresence(records, start, layout);
    if (presence !== undefined) presences.push(presence);
  }
  return presences;
}

/**
 * Finds the layout in which most records make sense; where that does not tell, one that the size of the file is a multiple
 * of, and then the one of this machine.
 *
 * @param bytes - The beginning of the file.
 * @param fileSize - How long the whole file is.
 */
export function findUtmpLayout(bytes: Uint8Array, fileSize: number = bytes.length): UtmpLayout {
  const records = toBuffer(bytes);
  const rated = LAYOUTS.map((layout) => ({ layout, sense: rate(records, layout), fits: fileSize % layout.size === 0 }));
  return rated.reduce((best, next) => {
    const isBetter = next.sense === best.sense ? next.fits && !best.fits : next.sense > best.sense;
    return isBetter ? next : best;
  }).layout;
}

function toPresence(records: Buffer, start: number, layout: UtmpLayout): Presence | undefined {
  const login = readField(records, start + USER, 32);
  const line = readField(records, start + LINE, 32);
  const since = toTime(readSeconds(records, start, layout));
  if (login === "" || !isPlain(login) || !isPlain(line) || since === undefined) return undefined;
  const tty = toTerminal(line);
  if (tty === undefined && line !== "") return undefined;
  return { login, tty, host: toKnown(readField(records, start + HOST, 256)), since };
}

/** How many of the first records make sense, less those that make none. */
function rate(records: Buffer, layout: UtmpLayout): number {
  const end = Math.min(records.length, RATED * layout.size);
  let sense = 0;
  for (let start = 0; start + layout.size <= end; start += layout.size) {
    const type = readInt16(records, start, layout);
    // Empty records are empty in all layouts.
    if (type === 0) continue;
    const isTimed = toTime(readSeconds(records, start, layout)) !== undefined;
    sense += type > 0 && type <= MOST_TYPE && isTimed ? 1 : -1;
  }
  return sense;
}

function readInt16(records: Buffer, at: number, { isLittleEndian }: UtmpLayout): number {
  return isLittleEndian ? records.readInt16LE(at) : records.readInt16BE(at);
}

/** 32 bits are read without a sign, as glibc has done since 2.40: so they last until 2106. */
function readSeconds(records: Buffer, start: number, { size, isLittleEndian }: UtmpLayout): number {
  if (size === 400) return readInt64(records, start + WIDE_TIME, isLittleEndian);
  return isLittleEndian ? records.readUInt32LE(start + TIME) : records.readUInt32BE(start + TIME);
}

/** A number of 64 bits; beyond those that a double can tell apart it is inexact. */
export function readInt64(bytes: Buffer, at: number, isLittleEndian: boolean): number {
  return Number(isLittleEndian ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at));
}

function toBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** Whether the numbers of this machine begin with their lowest byte. */
export const IS_LITTLE_ENDIAN: boolean = endianness() === "LE";
/** Whether glibc gives login times 64 bits here. */
export const IS_WIDE: boolean = ["arm64", "riscv64", "loong64"].includes(process.arch);

/** Those of this machine first. */
const LAYOUTS: readonly UtmpLayout[] = [IS_LITTLE_ENDIAN, !IS_LITTLE_ENDIAN].flatMap((isLittleEndian) =>
  (IS_WIDE ? ([400, 384] as const) : ([384, 400] as const)).map((size) => ({ size, isLittleEndian })),
);

/** Somebody who is logged in, in utmp(5). */
const USER_PROCESS = 7;
const MOST_TYPE = 9;
/** Where the fields of a record are. */
const LINE = 8;
const USER = 44;
const HOST = 76;
const TIME = 340;
const WIDE_TIME = 344;
/** As many records tell which layout it is. */
const RATED = 64;
