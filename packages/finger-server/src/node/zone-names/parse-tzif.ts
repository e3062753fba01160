import { toSeconds } from "./to-seconds.js";

/** What a time zone is called with an offset, from one moment on. */
export interface ZonePeriod extends Partial<ZoneKind> {
  /** In seconds since 1970. */
  readonly since: number;
}

/** An offset that a time zone has, and its name. */
interface ZoneKind {
  /** Seconds to the east of UTC. */
  readonly offset: number;
  /** `undefined` when what stands there can be none. */
  readonly name: string | undefined;
}

/**
 * Reads the periods of a time zone, in their order, from a file of the tz database (TZif, RFC 9636): behind the last one come
 * those between which a rule goes to and fro from then on. There are none when it is no such file, or is torn. Never throws.
 */
export function parseTzif(bytes: Buffer): ZonePeriod[] {
  const narrow = findBlock(bytes, 0, 4);
  // Since version 2 another block is behind the first one, which is for readers of version 1 alone, and may be empty.
  const block = narrow && bytes[VERSION] !== 0 ? findBlock(bytes, narrow.end, 8) : narrow;
  if (block === undefined) return [];
  const kinds = Array.from({ length: block.kindCount }, (_, index) => readKind(bytes, block, index));
  const periods: ZonePeriod[] = [{ since: Number.NEGATIVE_INFINITY, ...kinds[0] }];
  for (let index = 0; index < block.timeCount; index++) {
    periods.push({ since: readTime(bytes, block, index), ...kinds[bytes[block.timeKinds + index] as number] });
  }
  const since = periods.at(-1)?.since as number;
  return [...periods, ...readRule(bytes, block).map((kind) => ({ since, ...kind }))];
}

/** Where the parts of a block begin, all of them within the file. */
interface Block {
  /** Bytes of a time. */
  readonly width: 4 | 8;
  readonly times: number;
  readonly timeCount: number;
  /** One byte for each time. */
  readonly timeKinds: number;
  readonly kinds: number;
  readonly kindCount: number;
  readonly names: number;
  readonly end: number;
}

function findBlock(bytes: Buffer, start: number, width: 4 | 8): Block | undefined {
  const times = start + HEADER;
  if (times > bytes.length || bytes.toString("latin1", start, start + 4) !== "TZif") return undefined;
  const count = (index: number) => bytes.readUInt32BE(start + COUNTS + index * 4);
  const [timeCount, kindCount] = [count(3), count(4)];
  const timeKinds = times + timeCount * width;
  const kinds = timeKinds + timeCount;
  const names = kinds + kindCount * KIND;
  // Leap seconds, and what they need who have rules of their own.
  const end = names + count(5) + count(2) * (width + 4) + count(1) + count(0);
  if (end > bytes.length) return undefined;
  return { width, times, timeCount, timeKinds, kinds, kindCount, names, end };
}

function readTime(bytes: Buffer, { times, width }: Block, index: number): number {
  const at = times + index * width;
  return width === 4 ? bytes.readInt32BE(at) : Number(bytes.readBigInt64BE(at));
}

/** The names stand together, each with a NUL behind it. */
function readKind(bytes: Buffer, { kinds, names }: Block, index: number): ZoneKind {
  const at = kinds + index * KIND;
  const name = names + (bytes[at + KIND - 1] as number);
  const [, text] = /^([\w+-]{3,16})\0/.exec(bytes.toString("latin1", name, name + 17)) ?? [];
  return { offset: bytes.readInt32BE(at), name: text };
}

/** The names in POSIX's `IST-1GMT0,…`, `<-03>3` or `EST5EDT,…`, which counts to the west. When they change, `Intl` knows. */
function readRule(bytes: Buffer, { end }: Block): ZoneKind[] {
  const [, standard, west = "", other, otherWest] = RULE.exec(bytes.toString("latin1", end, end + 100)) ?? [];
  const offset = 0 - toSeconds(west);
  const otherOffset = otherWest === undefined ? offset + 3600 : 0 - toSeconds(otherWest);
  const toKind = (offset: number, name?: string) => (name ? [{ offset, name: name.replace(/[<>]/g, "") }] : []);
  return [...toKind(offset, standard), ...toKind(otherOffset, other)];
}

const RULE = /^\n(<[\w+-]{3,16}>|[A-Za-z]{3,16})([+-]?[\d:]+)(?:(<[\w+-]{3,16}>|[A-Za-z]{3,16})([+-]?[\d:]+)?)?[,\n]/;

/** Bytes of a header, and where in it the version and the counts stand. */
const HEADER = 44;
const VERSION = 4;
const COUNTS = 20;
/** Bytes of an offset, a flag, and a place in the names. */
const KIND = 6;
