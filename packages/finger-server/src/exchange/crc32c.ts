/** The checksum CRC-32C of bytes (RFC 3720 12.1), as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = takeNibble(takeNibble(crc ^ byte));
  return ~crc >>> 0;
}

function takeNibble(crc: number): number {
  return (crc >>> 4) ^ (NIBBLES[crc & 15] as number);
}

/** The polynomial, its bits in the order in which a wire sends them. */
const CASTAGNOLI = 0x82f63b78;
/** What each half of a byte does. A table of whole bytes is faster, and not worth its kilobyte for a short header. */
const NIBBLES: readonly number[] = Array.from({ length: 16 }, (_, nibble) => {
  let crc = nibble;
  for (let bit = 0; bit < 4; bit++) crc = crc & 1 ? (crc >>> 1) ^ CASTAGNOLI : crc >>> 1;
  return crc;
});
