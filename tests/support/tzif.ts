/** A file of the tz database, as a test makes it up. */
export interface MadeUpZone {
  /** @default 2 */
  readonly version?: 1 | 2;
  readonly kinds: ReadonlyArray<readonly [offset: number, name: string]>;
  /** Which of the kinds there is from a second since 1970 on. */
  readonly times?: ReadonlyArray<readonly [since: number, kind: number]>;
  /** What POSIX writes in `TZ`. */
  readonly rule?: string;
}

/** Writes a file of the tz database (RFC 9636), with a leap second and flags that nobody needs. */
export function toTzif({ version = 2, kinds, times = [], rule = "" }: MadeUpZone): Buffer {
  const block = (width: 4 | 8) => {
    const names = Buffer.from(kinds.map(([, name]) => `${name}\0`).join(""), "latin1");
    const head = Buffer.alloc(44);
    head.write(version === 1 ? "TZif" : `TZif${version}`, "latin1");
    const counts = [kinds.length, kinds.length, 1, times.length, kinds.length, names.length];
    counts.forEach((count, index) => {
      head.writeUInt32BE(count, 20 + index * 4);
    });
    const moments = times.map(([since]) => {
      const bytes = Buffer.alloc(width);
      if (width === 4) bytes.writeInt32BE(since);
      else bytes.writeBigInt64BE(BigInt(since));
      return bytes;
    });
    let place = 0;
    const details = kinds.map(([offset, name]) => {
      const bytes = Buffer.alloc(6);
      bytes.writeInt32BE(offset);
      bytes.writeUInt8(place, 5);
      place += name.length + 1;
      return bytes;
    });
    const indexes = Buffer.from(times.map(([, kind]) => kind));
    const flags = Buffer.alloc(2 * kinds.length);
    return Buffer.concat([head, ...moments, indexes, ...details, names, Buffer.alloc(width + 4), flags]);
  };
  return version === 1 ? block(4) : Buffer.concat([block(4), block(8), Buffer.from(`\n${rule}\n`)]);
}
