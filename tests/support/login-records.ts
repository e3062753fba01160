/** A record of utmp(5) before it is bytes; the time is in seconds since 1970. */
export interface UtmpRecord {
  readonly type?: number | undefined;
  readonly login?: string | Buffer | undefined;
  readonly tty?: string | undefined;
  readonly host?: string | undefined;
  readonly at?: number | undefined;
}

/** How its numbers are written: with 64 bits where times have them. */
export interface Layout {
  readonly size: 384 | 400;
  readonly isLittleEndian: boolean;
}

export const X86: Layout = { size: 384, isLittleEndian: true };
export const ARM: Layout = { size: 400, isLittleEndian: true };

/** `struct utmp` of glibc; without a word, of somebody who is logged in. */
export function toUtmp(
  { type = 7, login = "alice", tty = "pts/1", host = "", at = 1_700_000_000 }: UtmpRecord,
  { size, isLittleEndian }: Layout = X86,
): Buffer {
  const record = Buffer.alloc(size);
  const view = new DataView(record.buffer, record.byteOffset);
  view.setInt16(0, type, isLittleEndian);
  view.setInt32(4, 1, isLittleEndian);
  record.write(tty, 8, 32);
  record.set(Buffer.from(login).subarray(0, 32), 44);
  record.write(host, 76, 256);
  if (size === 384) view.setUint32(340, at, isLittleEndian);
  else view.setBigInt64(344, BigInt(at), isLittleEndian);
  return record;
}

/** `struct lastlog` of glibc on x86-64 or, with 296 bytes, on aarch64. */
export function toLastlog(at: number, tty: string, host: string, size: 292 | 296 = 292): Buffer {
  const record = Buffer.alloc(size);
  if (size === 292) record.writeUInt32LE(at, 0);
  else record.writeBigInt64LE(BigInt(at), 0);
  record.write(tty, size - 288, 32);
  record.write(host, size - 256, 256);
  return record;
}
