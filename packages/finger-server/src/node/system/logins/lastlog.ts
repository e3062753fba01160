import type { FingerLogin } from "finger-protocol";
import type { PlaceTrouble } from "../../../trouble.js";
import { readPart } from "../../read-part.js";
import { withFile } from "../../regular-file.js";
import { createKept } from "../kept.js";
import { toKnown } from "../to-known.js";
import { createUnchanged } from "../unchanged.js";
import { isPlain, readField, toTerminal, toTime } from "./field.js";
import { IS_LITTLE_ENDIAN, IS_WIDE, readInt64 } from "./utmp.js";

/** The last logins by the numbers of users, lastlog(8). */
export interface Lastlog {
  /** How long the file is; `undefined` when there is none. */
  size(): Promise<number | undefined>;
  /** The last login of a user; `null` when there never was one, `undefined` when that cannot be read. */
  of(uid: number): Promise<FingerLogin | null | undefined>;
}

/** How a record is laid out: 292 bytes where times have 32 bits, as on x86-64, or else 296, as on aarch64. */
export interface LastlogLayout {
  readonly size: 292 | 296;
  readonly isLittleEndian: boolean;
}

/**
 * Makes what reads the file. With one high number it is sparse and seems to be of terabytes, so never more of it is read
 * than some records around the one that is asked for; those are kept until the file changes.
 */
export function createLastlog(
  path: string,
  now: () => number,
  told: PlaceTrouble,
  toldOfRecords: PlaceTrouble,
): Lastlog {
  const whenChanged = createUnchanged<Snapshot | undefined>(now);
  const look = async () => {
    const state = await withFile(path, async (_file, found) => found);
    return whenChanged(state?.version ?? "none", async () => state && { size: state.size, blocks: new Map() });
  };
  const snapshot = createKept<Snapshot | undefined>(look, undefined, { fresh: 100, stale: 0, now }, told);
  return {
    size: async () => (await snapshot())?.size,
    async of(uid) {
      const seen = await snapshot();
      if (seen === undefined || !Number.isSafeInteger(uid) || uid < 0) return undefined;
      try {
        const record = await readRecord(path, seen, uid);
        toldOfRecords.end();
        return record;
      } catch (error) {
        toldOfRecords.begin(error);
        return undefined;
      }
    },
  };
}

/** Reads one record; `null` when there was no login. Never throws. */
export function parseLastlog(bytes: Buffer, { size, isLittleEndian }: LastlogLayout): FingerLogin | null {
  if (bytes.length < size) return null;
  const since = toTime(readSeconds(bytes, size, isLittleEndian));
  if (since === undefined) return null;
  const start = size - HOST_ROOM - LINE_ROOM;
  const [line, host] = [readField(bytes, start, LINE_ROOM), readField(bytes, start + LINE_ROOM, HOST_ROOM)];
  return { since, tty: toTerminal(line), host: isPlain(host) ? toKnown(host) : undefined };
}

/** Each record is written whole, so the size of the file tells; a file of which it does not is taken for one of this machine. */
export function findLastlogLayout(fileSize: number): LastlogLayout {
  const fits = ([292, 296] as const).filter((size) => fileSize % size === 0);
  const size = fits.length === 1 ? (fits[0] as 292 | 296) : IS_WIDE ? 296 : 292;
  return { size, isLittleEndian: IS_LITTLE_ENDIAN };
}

/** The file as it was once, with the blocks of it that were asked for. */
interface Snapshot {
  readonly size: number;
  readonly blocks: Map<number, Promise<Buffer>>;
}

async function readRecord(path: string, { size, blocks }: Snapshot, uid: number): Promise<FingerLogin | null> {
  const layout = findLastlogLayout(size);
  if (uid * layout.size >= size) return null;
  const index = Math.floor(uid / BLOCK);
  let block = blocks.get(index);
  if (block === undefined) {
    if (blocks.size >= MOST_BLOCKS) blocks.clear();
    block = readBlock(path, index * BLOCK * layout.size, BLOCK * layout.size);
    blocks.set(index, block);
  }
  const bytes = await block.catch((error: unknown) => {
    blocks.delete(index);
    throw error;
  });
  const start = (uid % BLOCK) * layout.size;
  return parseLastlog(bytes.subarray(start, start + layout.size), layout);
}

async function readBlock(path: string, start: number, length: number): Promise<Buffer> {
  return (await withFile(path, (file) => readPart(file, start, start + length))) ?? Buffer.alloc(0);
}

function readSeconds(bytes: Buffer, size: number, isLittleEndian: boolean): number {
  if (size === 296) return readInt64(bytes, 0, isLittleEndian);
  return isLittleEndian ? bytes.readUInt32LE(0) : bytes.readUInt32BE(0);
}

const LINE_ROOM = 32;
const HOST_ROOM = 256;
/** Records that are read together: numbers of users lie close to each other. */
const BLOCK = 64;
const MOST_BLOCKS = 256;
